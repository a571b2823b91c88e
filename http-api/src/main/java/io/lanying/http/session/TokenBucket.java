package io.lanying.http.session;

import java.time.Duration;

/**
 * Lets a burst through and then a rate, and besides as many as were paid for. Not thread-safe; times are of
 * {@link System#nanoTime}.
 *
 * <p>What was paid for is an account of its own, because it comes long before it is used: all items of a window are sent
 * before the first is acknowledged.
 */
final class TokenBucket {

    /** More than a device sends before it waits for acknowledgements: its window, and a thousand ranges of ended items. */
    static final int MAX_PAID = 2_048;

    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final double perSecond;
    private final double burst;
    private double tokens;
    private int paid;
    private long at;

    TokenBucket(double perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    /** Whether one more may pass now. */
    boolean take(long now) {
        if (paid > 0) {
            paid--;
            return true;
        }
        tokens = Math.min(burst, tokens + (now - at) * perSecond / NANOS_PER_SECOND);
        at = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** So many more may pass, whenever they come: they were asked for. */
    void pay(int more) {
        paid = Math.min(MAX_PAID, paid + more);
    }
}
