package io.lanying.load.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What one run showed.
 *
 * @param seconds the measured time
 * @param acceptedMeasured answered 202 within the measured time
 * @param receivedMeasured arrived within the measured time
 * @param outOfOrder numbers that did not follow the one before
 * @param deliverNanosByWindow the same as {@code deliverNanos}, of those sent in each whole {@value LoadLoop#WINDOW_SECONDS} s
 */
record LoadResult(
        double seconds,
        int acceptedMeasured,
        int receivedMeasured,
        int started,
        int accepted,
        int refused,
        int unanswered,
        int lost,
        int repeated,
        int invented,
        int outOfOrder,
        int gone,
        Histogram acceptNanos,
        Histogram deliverNanos,
        List<Histogram> deliverNanosByWindow) {

    double acceptedPerSecond() {
        return acceptedMeasured / seconds;
    }

    double receivedPerSecond() {
        return receivedMeasured / seconds;
    }

    /** Whether nothing was lost, repeated, invented, unanswered or out of order. */
    boolean correct() {
        return lost == 0 && repeated == 0 && invented == 0 && outOfOrder == 0 && unanswered == 0 && gone == 0;
    }

    String faults() {
        return "lost %d, repeated %d, invented %d, out of order %d, gone %d, unanswered %d"
                .formatted(lost, repeated, invented, outOfOrder, gone, unanswered);
    }

    /** A percentile of each window, in order: where in the run something happened. */
    String deliverMillisByWindow(double percentile) {
        return deliverNanosByWindow.stream()
                .map(window -> String.format(Locale.ROOT, "%.0f", millis(window, percentile)))
                .collect(Collectors.joining(" "));
    }

    /** A percentile as it is in most windows: a few stalls of the disk or of the machine do not make it. */
    double typicalDeliverMillis(double percentile) {
        double[] all = deliverNanosByWindow.stream()
                .mapToDouble(window -> millis(window, percentile))
                .sorted()
                .toArray();
        return all.length == 0 ? Double.NaN : all[all.length / 2];
    }

    static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
