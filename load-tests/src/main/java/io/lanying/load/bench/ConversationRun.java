package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one run showed: a conversation of each size, quiet and busy. */
record ConversationRun(List<Size> sizes, String machineLoad) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A conversation of one size.
     *
     * @param quiet one message on its way at a time
     * @param busy as many as were asked for
     * @param cpu in the busy time
     * @param journal what the busy time left in the journal
     */
    record Size(int members, TalkLoop.Result quiet, TalkLoop.Result busy, Meters.Cpu cpu, JournalSize.Growth journal) {

        boolean correct() {
            return quiet.correct() && busy.correct();
        }

        double messagesPerSecond() {
            return busy.messages() / busy.seconds();
        }

        private Map<String, Double> figures() {
            double deliveries = Math.max(1.0, (double) busy.messages() * members);
            Map<String, Double> figures = new LinkedHashMap<>();
            percentiles(figures, "one at a time, answer", quiet.answerNanos());
            percentiles(figures, "one at a time, to the last", quiet.lastNanos());
            figures.put("busy, messages/s", messagesPerSecond());
            figures.put("busy, deliveries/s", deliveries / busy.seconds());
            percentiles(figures, "busy, to the last", busy.lastNanos());
            figures.put("server CPU per delivery, µs", cpu.server() * 1e6 / deliveries);
            figures.put("database CPU per delivery, µs", cpu.database() * 1e6 / deliveries);
            figures.put("server, cores", cpu.server() / busy.seconds());
            figures.put("database, cores", cpu.database() / busy.seconds());
            figures.put("load generator, cores", cpu.load() / busy.seconds());
            figures.put("journal rows per message and recipient", journal.rows() / deliveries);
            figures.put("journal bytes per message and recipient", journal.bytes() / deliveries);
            figures.put("messages, one at a time and busy", (double) quiet.messages() + busy.messages());
            figures.put("refused (429, 503)", (double) quiet.refused() + busy.refused());
            figures.put("lost", (double) quiet.lost() + busy.lost());
            figures.put("repeated", (double) quiet.repeated() + busy.repeated());
            figures.put("out of order", (double) quiet.outOfOrder() + busy.outOfOrder());
            return figures;
        }

        private static void percentiles(Map<String, Double> figures, String name, Histogram nanos) {
            for (int percentile : new int[] {50, 95, 99}) {
                figures.put(name + " p" + percentile + ", ms", LoadResult.millis(nanos, percentile));
            }
        }

        /** In a line. */
        String line() {
            return String.format(
                    Locale.ROOT,
                    "%d members: to the last p50 %.1f p99 %.1f ms; busy %.0f messages/s, %.0f deliveries/s, %s",
                    members,
                    LoadResult.millis(quiet.lastNanos(), 50),
                    LoadResult.millis(quiet.lastNanos(), 99),
                    messagesPerSecond(),
                    messagesPerSecond() * members,
                    correct() ? "nothing lost or repeated" : "FAULTY: " + quiet + busy);
        }
    }

    ConversationRun {
        sizes = List.copyOf(sizes);
    }

    boolean correct() {
        return sizes.stream().allMatch(Size::correct);
    }

    /** The values of each figure of each size over the runs, sorted. */
    private static Map<Integer, Map<String, List<Double>>> values(List<ConversationRun> runs) {
        Map<Integer, Map<String, List<Double>>> values = new LinkedHashMap<>();
        for (ConversationRun run : runs) {
            for (Size size : run.sizes()) {
                Map<String, List<Double>> ofSize =
                        values.computeIfAbsent(size.members(), members -> new LinkedHashMap<>());
                size.figures().forEach((name, value) -> ofSize.computeIfAbsent(name, each -> new ArrayList<>())
                        .add(value));
            }
        }
        return values;
    }

    /** A table for {@code docs/performance.md}. */
    static String markdown(String title, List<String> circumstances, List<ConversationRun> runs) {
        StringBuilder text = new StringBuilder("### " + title + "\n\n");
        circumstances.forEach(line -> text.append("- ").append(line).append('\n'));
        values(runs).forEach((members, figures) -> {
            text.append("\n| %d members | median | lowest | highest |\n|---|---|---|---|\n".formatted(members));
            figures.forEach((name, values) -> {
                double[] sorted = sorted(values);
                text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                name,
                                number(Figures.median(sorted)),
                                number(sorted[0]),
                                number(sorted[sorted.length - 1])));
            });
        });
        return text.toString();
    }

    /** The same with every run. */
    static ObjectNode json(String title, List<String> circumstances, List<ConversationRun> runs) {
        ObjectNode root = JSON.createObjectNode().put("title", title);
        ArrayNode lines = root.putArray("circumstances");
        circumstances.forEach(lines::add);
        ObjectNode sizes = root.putObject("members");
        values(runs).forEach((members, figures) -> {
            ObjectNode ofSize = sizes.putObject(members.toString());
            figures.forEach((name, values) -> {
                ObjectNode figure = ofSize.putObject(name).put("median", Figures.median(sorted(values)));
                ArrayNode all = figure.putArray("runs");
                values.forEach(all::add);
            });
        });
        return root;
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static String number(double value) {
        boolean whole = value >= 100 || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
