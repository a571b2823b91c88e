package io.lanying.load.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one run showed: a conversation of each size, quiet and busy. */
record ConversationRun(List<Size> sizes, String machineLoad) {

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

    /** The figures of each run, by size. */
    static Map<String, List<Map<String, Double>>> parts(List<ConversationRun> runs) {
        Map<String, List<Map<String, Double>>> parts = new LinkedHashMap<>();
        for (ConversationRun run : runs) {
            for (Size size : run.sizes()) {
                parts.computeIfAbsent(size.members() + " members", members -> new ArrayList<>())
                        .add(size.figures());
            }
        }
        return parts;
    }
}
