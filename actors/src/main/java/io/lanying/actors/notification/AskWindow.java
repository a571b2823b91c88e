package io.lanying.actors.notification;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many devices a node asks at once for its audiences: so many that answers take at most a quarter longer than they do when
 * hardly any are asked, since what waits here also waits elsewhere. Down to less than one, which is one with a pause after it.
 * The delay-based rule of LEDBAT (RFC 6817, section 2.4.2), with the periodic slowdown of LEDBAT++
 * (draft-irtf-iccrg-ledbat-plus-plus, section 4.4) to learn what an answer takes without us. Mutable, for one thread at a time.
 */
final class AskWindow {

    /** One device, and three times as long nobody. */
    static final double LEAST = 0.25;

    /** What an answer takes without us is believed so long: what else a node does changes. */
    static final Duration BASE_KEPT = Duration.ofSeconds(5);

    /** Answers of a slowdown; the second quickest of them is the base, as the quickest of {@link #FILTERED} is what is compared. */
    static final int PROBES = 8;

    private static final int FILTERED = 4;

    private final double most;
    private final long patienceNanos;
    private final long[] latest = new long[FILTERED];
    private final long[] probes = new long[PROBES];
    private int answers;
    private double window = 1;
    private boolean probing = true;
    private int probed;
    /** When the slowdown, or what goes on after it, began. */
    private long since;

    private long base;

    /**
     * @param most what it does not grow beyond, at least 1
     * @param patience how much longer an answer may take before it counts as waiting, where a quarter of what it takes is less
     */
    AskWindow(int most, Duration patience) {
        this.most = most;
        this.patienceNanos = patience.toNanos();
    }

    /** How many may be asked at once. */
    int size() {
        return Math.max(1, (int) current());
    }

    /** How long nobody is asked after an answer that took so long. */
    long pauseNanos(long took) {
        return current() >= 1 ? 0 : (long) (took * (1 / current() - 1));
    }

    private double current() {
        return probing ? LEAST : window;
    }

    /** An answer came, or did not: the one who asked has waited so long. */
    void answered(long now, long took) {
        if (answers == 0) {
            since = now - took;
        }
        latest[answers++ % FILTERED] = took;
        if (probing) {
            probed(now, took);
        } else if (now - since > BASE_KEPT.toNanos()) {
            probing = true;
            probed = 0;
            since = now;
        } else {
            double target = Math.max(patienceNanos, base / 4);
            double room = Math.max(-1, (target - (quickestOfLatest() - base)) / target);
            window = Math.min(most, Math.max(LEAST, window + room * Math.min(1, window) / Math.max(1, window)));
        }
    }

    private void probed(long now, long took) {
        boolean askedBefore = now - took - since < 0;
        if (askedBefore) {
            return;
        }
        probes[probed++] = took;
        if (probed == PROBES) {
            Arrays.sort(probes);
            base = probes[1];
            probing = false;
            since = now;
        }
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
