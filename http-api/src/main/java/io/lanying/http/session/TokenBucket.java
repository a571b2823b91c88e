package io.lanying.http.session;

import java.time.Duration;

/** Lets a burst through and then a rate. Not thread-safe; times are of {@link System#nanoTime}. */
final class TokenBucket {

    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final double perSecond;
    private final double burst;
    private double tokens;
    private long at;

    TokenBucket(double perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    /** Whether one more may pass now. */
    boolean take(long now) {
        tokens = Math.min(burst, tokens + (now - at) * perSecond / NANOS_PER_SECOND);
        at = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Lets one more pass later: it was asked for. */
    void give() {
        tokens = Math.min(burst, tokens + 1);
    }
}
