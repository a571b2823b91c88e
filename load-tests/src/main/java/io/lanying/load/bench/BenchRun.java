package io.lanying.load.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One run's figures.
 *
 * @param cpu in the measured time
 * @param serverBytes resident memory of the server after the run
 */
record BenchRun(LoadResult load, Meters.Cpu cpu, long serverBytes, String machineLoad) {

    /** Microseconds of server and database CPU for each accepted push. */
    double cpuMicrosPerPush() {
        return micros(cpu.server() + cpu.database());
    }

    /** Server and database. */
    double cores() {
        return (cpu.server() + cpu.database()) / load.seconds();
    }

    private double micros(double seconds) {
        return seconds * 1e6 / Math.max(1, load.acceptedMeasured());
    }

    double deliverMillis(double percentile) {
        return LoadResult.millis(load.deliverNanos(), percentile);
    }

    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("accepted pushes/s", load.acceptedPerSecond());
        figures.put("received pushes/s", load.receivedPerSecond());
        for (int percentile : new int[] {50, 95, 99}) {
            figures.put("accept p" + percentile + ", ms", LoadResult.millis(load.acceptNanos(), percentile));
            figures.put("end to end p" + percentile + ", ms", deliverMillis(percentile));
        }
        figures.put("server CPU per push, µs", micros(cpu.server()));
        figures.put("database CPU per push, µs", micros(cpu.database()));
        figures.put("server and database CPU per push, µs", cpuMicrosPerPush());
        figures.put("server, cores", cpu.server() / load.seconds());
        figures.put("database, cores", cpu.database() / load.seconds());
        figures.put("load generator, cores", cpu.load() / load.seconds());
        figures.put("server resident memory, MiB", serverBytes / 1048576.0);
        figures.put("refused (429, 503)", (double) load.refused());
        figures.put("lost", (double) load.lost());
        figures.put("repeated", (double) load.repeated());
        figures.put("out of order", (double) load.outOfOrder());
        return figures;
    }

    /** In a line. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%.0f accepted/s, %.0f received/s, end to end p50 %.1f p95 %.1f p99 %.1f ms, %.0f µs CPU a push, %s",
                load.acceptedPerSecond(),
                load.receivedPerSecond(),
                deliverMillis(50),
                deliverMillis(95),
                deliverMillis(99),
                cpuMicrosPerPush(),
                load.correct() ? "nothing lost or repeated" : "FAULTY: " + load.faults());
    }
}
