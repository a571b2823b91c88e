package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** What is reported of several runs: the median, with the lowest and the highest. */
final class Figures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, ToDoubleFunction<BenchRun>> ROWS = rows();

    private Figures() {}

    private static Map<String, ToDoubleFunction<BenchRun>> rows() {
        Map<String, ToDoubleFunction<BenchRun>> rows = new LinkedHashMap<>();
        rows.put("accepted pushes/s", run -> run.load().acceptedPerSecond());
        rows.put("received pushes/s", run -> run.load().receivedPerSecond());
        for (double percentile : new double[] {50, 95, 99}) {
            String name = "p" + (int) percentile + ", ms";
            rows.put("accept " + name, run -> millis(run.load().acceptNanos(), percentile));
            rows.put("end to end " + name, run -> millis(run.load().deliverNanos(), percentile));
        }
        rows.put("server CPU per push, µs", BenchRun::serverMicrosPerPush);
        rows.put("database CPU per push, µs", BenchRun::databaseMicrosPerPush);
        rows.put("server and database CPU per push, µs", BenchRun::cpuMicrosPerPush);
        rows.put("server, cores", run -> run.serverCpu() / run.load().seconds());
        rows.put("database, cores", run -> run.databaseCpu() / run.load().seconds());
        rows.put("load generator, cores", run -> run.loadCpu() / run.load().seconds());
        rows.put("server resident memory, MiB", run -> run.serverBytes() / 1048576.0);
        rows.put("refused (429, 503)", run -> run.load().refused());
        rows.put("lost", run -> run.load().lost());
        rows.put("repeated", run -> run.load().repeated());
        rows.put("out of order", run -> run.load().outOfOrder());
        return rows;
    }

    private static double millis(Histogram histogram, double percentile) {
        return LoadResult.millis(histogram, percentile);
    }

    /** A table for {@code docs/performance.md}. */
    static String markdown(String title, List<String> circumstances, List<BenchRun> runs) {
        StringBuilder text = new StringBuilder("### " + title + "\n\n");
        circumstances.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("\n| figure | median | lowest | highest |\n|---|---|---|---|\n");
        ROWS.forEach((name, value) -> {
            double[] sorted = sorted(runs, value);
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(name, number(median(sorted)), number(sorted[0]), number(sorted[sorted.length - 1])));
        });
        return text.toString();
    }

    /** The same with every run. */
    static ObjectNode json(String title, List<String> circumstances, List<BenchRun> runs) {
        ObjectNode root = JSON.createObjectNode().put("title", title);
        ArrayNode lines = root.putArray("circumstances");
        circumstances.forEach(lines::add);
        ObjectNode figures = root.putObject("figures");
        ROWS.forEach((name, value) -> {
            ObjectNode figure = figures.putObject(name).put("median", median(sorted(runs, value)));
            ArrayNode all = figure.putArray("runs");
            runs.forEach(run -> all.add(value.applyAsDouble(run)));
        });
        return root;
    }

    /** One run in a line. */
    static String line(BenchRun run) {
        LoadResult load = run.load();
        return String.format(
                Locale.ROOT,
                "%.0f accepted/s, %.0f received/s, end to end p50 %.1f p95 %.1f p99 %.1f ms, %.0f µs CPU a push, %s",
                load.acceptedPerSecond(),
                load.receivedPerSecond(),
                millis(load.deliverNanos(), 50),
                millis(load.deliverNanos(), 95),
                millis(load.deliverNanos(), 99),
                run.cpuMicrosPerPush(),
                load.correct() ? "nothing lost or repeated" : "FAULTY: " + load.faults());
    }

    private static double[] sorted(List<BenchRun> runs, ToDoubleFunction<BenchRun> value) {
        double[] sorted = runs.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 || value == Math.rint(value) ? "%.0f" : "%.1f", value);
    }
}
