package io.lanying.load.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One run's figures.
 *
 * @param cpu while the devices caught up
 * @param sentPerSecond how quickly the items were accepted before; 0: none
 * @param refusedSends pushes that were not accepted, and are not waited for
 */
record BacklogRun(CatchUp.Result result, Meters.Cpu cpu, double sentPerSecond, int refusedSends, String machineLoad) {

    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        if (result.items() > 0) {
            figures.put("caught up, items/s", result.itemsPerSecond());
            figures.put("until the last item is acknowledged, s", result.seconds());
        }
        figures.put("until the last device is welcomed, s", result.welcomedSeconds());
        figures.put("devices welcomed/s", result.devices() / result.welcomedSeconds());
        percentiles(figures, "hello to welcome", result.helloNanos());
        percentiles(figures, "connecting to welcome", result.connectNanos());
        figures.put("connections refused, and come again", (double) result.refused());
        figures.put("server CPU per device, µs", perDevice(cpu.server()));
        figures.put("database CPU per device, µs", perDevice(cpu.database()));
        if (result.items() > 0) {
            figures.put("server and database CPU per item, µs", (cpu.server() + cpu.database()) * 1e6 / result.items());
        }
        figures.put("server, cores", cpu.server() / result.seconds());
        figures.put("database, cores", cpu.database() / result.seconds());
        figures.put("load generator, cores", cpu.load() / result.seconds());
        if (result.items() > 0) {
            figures.put("items waiting", (double) result.items());
            figures.put("before: pushes to devices that are away, accepted/s", sentPerSecond);
            figures.put("before: pushes refused (429, 503)", (double) refusedSends);
        }
        figures.put("not welcomed", (double) result.unwelcomed());
        figures.put("lost", (double) result.lost());
        figures.put("repeated", (double) result.repeated() + result.invented());
        figures.put("out of order", (double) result.outOfOrder() + result.gone());
        figures.put("received and not acknowledged", (double) result.unacknowledged());
        return figures;
    }

    private double perDevice(double seconds) {
        return seconds * 1e6 / result.devices();
    }

    private static void percentiles(Map<String, Double> figures, String name, Histogram nanos) {
        for (int percentile : new int[] {50, 99}) {
            figures.put(name + " p" + percentile + ", ms", LoadResult.millis(nanos, percentile));
        }
    }

    /** In a line. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%d items in %.2f s: %.0f items/s; all welcomed after %.2f s, hello to welcome p50 %.0f p99 %.0f ms,"
                        + " %d refused; %s",
                result.items(),
                result.seconds(),
                result.itemsPerSecond(),
                result.welcomedSeconds(),
                LoadResult.millis(result.helloNanos(), 50),
                LoadResult.millis(result.helloNanos(), 99),
                result.refused(),
                result.correct() ? "nothing lost, repeated or out of order" : "FAULTY: " + result.faults());
    }
}
