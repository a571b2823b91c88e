package io.lanying.load.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one notification to very many did to single pushes and to memory.
 *
 * @param before single pushes alone
 * @param during single pushes while the audience was asked
 * @param singles accepted alone, and from then to the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AudienceRun(int devices, BenchRun before, BenchRun during, Crowd.Outcome outcome, HeapLeft heap, int[] singles) {

    /**
     * MiB left by collections.
     *
     * @param alone by a full one before the single pushes were measured
     * @param before by a full one before the audience
     * @param highest the most that any left while the audience was asked
     * @param after by a full one at the end
     */
    record HeapLeft(long alone, long before, long highest, long after) {}

    /** Whether nothing was lost and every device was counted once. */
    boolean correct() {
        return during.load().correct()
                && outcome.count("targeted") == devices
                && outcome.count("pending") == devices
                && outcome.count("unknown") + outcome.count("refused") + outcome.count("notTargeted") == 0;
    }

    double ratio() {
        return during.deliverMillis(99) / before.deliverMillis(99);
    }

    /** Of the p99 without the stalls of the machine. */
    double typicalRatio() {
        return during.load().typicalDeliverMillis(99) / before.load().typicalDeliverMillis(99);
    }

    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (double percentile : new double[] {50, 95, 99, 99.9}) {
            String name = "end to end p%s, ms".formatted(percentile == 99.9 ? "99.9" : (int) percentile);
            figures.put("single pushes alone, " + name, before.deliverMillis(percentile));
            figures.put("single pushes during the audience, " + name, during.deliverMillis(percentile));
        }
        figures.put("p99 during / alone", ratio());
        figures.put(
                "single pushes alone, p99 of the median 5 s, ms", before.load().typicalDeliverMillis(99));
        figures.put(
                "single pushes during the audience, p99 of the median 5 s, ms",
                during.load().typicalDeliverMillis(99));
        figures.put("p99 of the median 5 s, during / alone", typicalRatio());
        figures.put("single pushes/s alone", before.load().receivedPerSecond());
        figures.put("single pushes/s during the audience", during.load().receivedPerSecond());
        figures.put("audience, s", outcome.took().toMillis() / 1e3);
        figures.put(
                "audience, devices/s",
                devices * 1e3 / Math.max(1, outcome.took().toMillis()));
        figures.put("server and database, cores alone", before.cores());
        figures.put("server and database, cores during", during.cores());
        figures.put("heap after a full collection, before single pushes alone, MiB", (double) heap.alone());
        figures.put("heap after a full collection, before the audience, MiB", (double) heap.before());
        figures.put("heap after any collection, highest during, MiB", (double) heap.highest());
        figures.put("heap after a full collection, at the end, MiB", (double) heap.after());
        figures.put("heap, more for each single push alone, bytes", growth(heap.before() - heap.alone(), singles[0]));
        figures.put(
                "heap, more for each single push beside the audience, bytes",
                growth(heap.after() - heap.before(), singles[1]));
        figures.put("server resident memory at the end, MiB", during.serverBytes() / 1048576.0);
        figures.put("counts: targeted", (double) outcome.count("targeted"));
        figures.put("counts: pending", (double) outcome.count("pending"));
        figures.put("refused (429, 503)", (double) during.load().refused());
        figures.put("lost, repeated, out of order", (double)
                (during.load().lost() + during.load().repeated() + during.load().outOfOrder()));
        return figures;
    }

    /** The heap grows by what is remembered of each single push; the question is whether an audience adds to that. */
    private static double growth(long mebibytes, int pushes) {
        return mebibytes * 1048576.0 / Math.max(1, pushes);
    }
}
