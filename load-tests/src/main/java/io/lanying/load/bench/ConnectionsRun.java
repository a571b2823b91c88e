package io.lanying.load.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One run's figures.
 *
 * @param before nobody is connected, nothing but what runs always is in memory
 * @param connected all are
 * @param closed none is any more, and all devices are passivated
 * @param known more devices were registered, and are passivated
 * @param connectSeconds until all were connected
 */
record ConnectionsRun(
        int connections,
        int devices,
        Memory before,
        Memory connected,
        Memory closed,
        Memory known,
        double connectSeconds,
        int refused,
        String machineLoad) {

    private static final double MEBIBYTE = 1024 * 1024;

    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        each(figures, "a connection", before, connected, connections);
        each(figures, "a known device that is away", closed, known, devices);
        figures.put(
                "what stays after all connections closed (live heap + outside the heap), MiB",
                (closed.needed() - before.needed()) / MEBIBYTE);
        all(figures, "before", before);
        all(figures, "connected", connected);
        all(figures, "closed", closed);
        all(figures, "known", known);
        figures.put("all connected after, s", connectSeconds);
        figures.put("connections refused, and come again", (double) refused);
        return figures;
    }

    private static void each(Map<String, Double> figures, String what, Memory from, Memory to, int count) {
        double divisor = Math.max(1, count);
        figures.put(what + ", live heap + outside the heap, bytes", (to.needed() - from.needed()) / divisor);
        figures.put(what + ", live heap (after full collections), bytes", (to.live() - from.live()) / divisor);
        figures.put(
                what + ", outside the heap (RSS without the heap's), bytes", (to.outside() - from.outside()) / divisor);
        figures.put(what + ", of that in direct buffers, bytes", (to.direct() - from.direct()) / divisor);
        figures.put(what + ", RSS with the heap's free room, bytes", (to.resident() - from.resident()) / divisor);
    }

    private static void all(Map<String, Double> figures, String when, Memory memory) {
        figures.put(when + ": RSS, MiB", memory.resident() / MEBIBYTE);
        figures.put(when + ": live heap, MiB", memory.live() / MEBIBYTE);
        figures.put(when + ": outside the heap, MiB", memory.outside() / MEBIBYTE);
    }

    /** In a line. */
    String line() {
        return String.format(
                Locale.ROOT,
                "a connection %.1f KB (live heap and outside of it), of RSS %.1f KB; a known device that is away %.0f bytes",
                (connected.needed() - before.needed()) / 1e3 / connections,
                (connected.resident() - before.resident()) / 1e3 / connections,
                (known.needed() - closed.needed()) / (double) Math.max(1, devices));
    }
}
