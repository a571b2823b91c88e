package io.lanying.load.bench;

import java.time.Duration;

/**
 * What one run does.
 *
 * @param connections how many sends may be on their way at once
 * @param ratePerSecond sends a second whatever the answers do, each charged from when it was due; 0: closed loop, the next
 *     send follows an answer
 */
record LoadPlan(int connections, double ratePerSecond, Duration warmUp, Duration measured, Duration drain) {

    boolean openLoop() {
        return ratePerSecond > 0;
    }

    String describe() {
        return openLoop()
                ? "open loop, %.0f sends/s over up to %d connections".formatted(ratePerSecond, connections)
                : "closed loop, %d sends outstanding".formatted(connections);
    }
}
