package io.lanying.load.cluster;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long things took. Thread-safe. */
final class Latencies {

    private static final int DIGITS = 3;

    private final Histogram micros = new Histogram(DIGITS);

    synchronized void add(long nanos) {
        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    /** What so many of a hundred were done within. */
    synchronized long micros(int ofHundred) {
        return micros.getValueAtPercentile(ofHundred);
    }

    /** The same in milliseconds. */
    long millis(int ofHundred) {
        return TimeUnit.MICROSECONDS.toMillis(micros(ofHundred));
    }

    synchronized long count() {
        return micros.getTotalCount();
    }
}
