package io.lanying.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One run of a benchmark whose figures have nothing in common with others'. Figures are told in the order they came. */
final class SideRun {

    private final String machineLoad =
            Files.readString(Path.of("/proc/loadavg")).replaceAll(" .*\\s*", "");
    private final Map<String, Double> figures = new LinkedHashMap<>();

    /** Begins now. */
    SideRun() throws IOException {}

    /** Tells it at once, too. */
    void put(String name, double value) {
        figures.put(name, value);
        System.out.printf(Locale.ROOT, "bench:   %s: %.2f%n", name, value);
    }

    double get(String name) {
        return figures.getOrDefault(name, Double.NaN);
    }

    /** Reports all of them. */
    static void report(RunOptions options, String title, List<String> circumstances, String store, List<SideRun> runs)
            throws IOException {
        options.report(
                title,
                circumstances,
                store,
                runs.stream().map(run -> run.machineLoad).toList(),
                Map.of("figure", runs.stream().map(run -> run.figures).toList()));
    }
}
