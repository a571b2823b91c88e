package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is reported of several runs, in one or several parts: of each figure the median, with the lowest and the highest. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String title;
    private final List<String> circumstances;
    private final Map<String, Map<String, double[]>> parts = new LinkedHashMap<>();

    Report(String title, List<String> circumstances) {
        this.title = title;
        this.circumstances = List.copyOf(circumstances);
    }

    /**
     * A part.
     *
     * @param runs the figures of each run, the same in all
     */
    Report part(String name, List<Map<String, Double>> runs) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        runs.get(0)
                .keySet()
                .forEach(figure -> figures.put(
                        figure,
                        runs.stream()
                                .mapToDouble(run -> run.getOrDefault(figure, Double.NaN))
                                .toArray()));
        parts.put(name, figures);
        return this;
    }

    /** A table for {@code docs/performance.md}. */
    String markdown() {
        StringBuilder text = new StringBuilder("### " + title + "\n\n");
        circumstances.forEach(line -> text.append("- ").append(line).append('\n'));
        parts.forEach((name, figures) -> {
            text.append("\n| %s | median | lowest | highest |\n|---|---|---|---|\n".formatted(name));
            figures.forEach((figure, runs) -> {
                double[] sorted = sorted(runs);
                text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                figure, number(median(sorted)), number(sorted[0]), number(sorted[sorted.length - 1])));
            });
        });
        return text.toString();
    }

    /** The same with every run. */
    ObjectNode json() {
        ObjectNode root = JSON.createObjectNode().put("title", title);
        circumstances.forEach(root.putArray("circumstances")::add);
        parts.forEach((name, figures) -> {
            ObjectNode part = root.putObject(name);
            figures.forEach((figure, runs) -> {
                ObjectNode node = part.putObject(figure).put("median", median(sorted(runs)));
                Arrays.stream(runs).forEach(node.putArray("runs")::add);
            });
        });
        return root;
    }

    private static double[] sorted(double[] runs) {
        double[] sorted = runs.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String number(double value) {
        boolean whole = Math.abs(value) >= 100 || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
