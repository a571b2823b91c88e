package io.lanying.actors.notification;

import java.time.Duration;

/**
 * How many devices a node asks at once for its audiences: as many as wait for nothing. When answers take longer than the
 * quickest lately did, something else needs the node, and there are fewer; down to less than one, which is one with a pause
 * after it. The delay-based rule of LEDBAT (RFC 6817, section 2.4.2), which gives way to all other work. Mutable, for one thread
 * at a time.
 */
final class AskWindow {

    /** One device, and three times as long nobody. */
    static final double LEAST = 0.25;

    /** The quickest answer is believed so long at least, at most twice as long: what a node can do changes. */
    static final Duration BASE_KEPT = Duration.ofMinutes(5);

    private static final int FILTERED = 4;

    private final double most;
    private final long patienceNanos;
    private final long[] latest = new long[FILTERED];
    private int answers;
    private double window = 1;
    private long base = Long.MAX_VALUE;
    private long baseBefore = Long.MAX_VALUE;
    private long baseSince;

    /**
     * @param most what it does not grow beyond, at least 1
     * @param patience how much longer than the quickest an answer may take before it counts as waiting; or as long again as the
     *     quickest, if that is more, because what takes long varies more
     */
    AskWindow(int most, Duration patience) {
        this.most = most;
        this.patienceNanos = patience.toNanos();
    }

    /** How many may be asked at once. */
    int size() {
        return Math.max(1, (int) window);
    }

    /** How long nobody is asked after an answer that took so long. */
    long pauseNanos(long took) {
        return window >= 1 ? 0 : (long) (took * (1 / window - 1));
    }

    /** An answer came, or did not: the one who asked has waited so long. */
    void answered(long now, long took) {
        if (base == Long.MAX_VALUE || now - baseSince > BASE_KEPT.toNanos()) {
            baseBefore = base;
            base = took;
            baseSince = now;
        }
        base = Math.min(base, took);
        latest[answers++ % FILTERED] = took;
        long quickest = Math.min(base, baseBefore);
        double target = Math.max(patienceNanos, quickest);
        double room = Math.max(-1, (target - (quickestOfLatest() - quickest)) / target);
        window = Math.min(most, Math.max(LEAST, window + room * Math.min(1, window) / Math.max(1, window)));
    }

    /** One answer that was late by itself, as in a collector's pause, tells nothing. */
    private long quickestOfLatest() {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(answers, FILTERED); i++) {
            quickest = Math.min(quickest, latest[i]);
        }
        return quickest;
    }
}
