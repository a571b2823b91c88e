package io.lanying.load.bench;

import java.time.Duration;

/**
 * What one run does.
 *
 * @param connections how many sends may be on their way at once
 * @param ratePerSecond sends a second whatever the answers do, each charged from when it was due; 0: closed loop, the next
 *     send follows an answer
 * @param most sends; when all are answered it is over, before its time
 */
record LoadPlan(int connections, double ratePerSecond, Duration warmUp, Duration measured, Duration drain, int most) {

    /** As many as fit into the time. */
    LoadPlan(int connections, double ratePerSecond, Duration warmUp, Duration measured, Duration drain) {
        this(connections, ratePerSecond, warmUp, measured, drain, Integer.MAX_VALUE);
    }

    /** So many sends to devices that are not connected: over when all are answered, at the latest in ten minutes. */
    static LoadPlan toAway(int connections, double ratePerSecond, int sends) {
        return new LoadPlan(
                connections, ratePerSecond, Duration.ZERO, Duration.ofMinutes(10), Duration.ofSeconds(20), sends);
    }

    boolean openLoop() {
        return ratePerSecond > 0;
    }

    String describe() {
        return openLoop()
                ? "open loop, %.0f sends/s over up to %d connections".formatted(ratePerSecond, connections)
                : "closed loop, %d sends outstanding".formatted(connections);
    }
}
