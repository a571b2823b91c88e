package io.lanying.channels.actor;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast a channel may send: as fast as {@code maxRate} until the vendor throttles it, then half as fast as it was, then
 * slowly faster again (additive increase, multiplicative decrease). Mutable, for one thread.
 */
final class Pace {

    /**
     * The numbers of a pace.
     *
     * @param maxRate attempts a second that it starts with and comes back to
     * @param minRate what throttling does not go below
     * @param recovery attempts a second that are regained each second
     * @param pause how long nothing is sent after throttling if the vendor does not say
     * @param maxPause the longest that a vendor's wish stops the channel
     */
    record Limits(double maxRate, double minRate, double recovery, Duration pause, Duration maxPause) {}

    /** Throttled answers of one burst, already under way when the first came, halve the rate once. */
    static final Duration ONE_BURST = Duration.ofSeconds(1);

    private static final Duration OBSERVED = Duration.ofSeconds(1);
    private static final double BURST_SECONDS = 0.1;
    private static final double NANOS = 1e9;
    private static final double ENOUGH = 1 - 1e-6; // what rounding may have cost a whole permit

    private final Limits limits;
    private final SlidingCount sent = new SlidingCount(OBSERVED, 10);
    private double rate;
    private double permits;
    private Instant updated;
    private Instant pausedUntil;
    private Instant halvedAt;

    Pace(Limits limits, Instant now) {
        this.limits = limits;
        this.rate = limits.maxRate();
        this.permits = burst();
        this.updated = now;
        this.pausedUntil = now;
        this.halvedAt = now.minus(ONE_BURST);
    }

    /** Whether an attempt may start now. */
    boolean allows(Instant now) {
        refill(now);
        return permits >= ENOUGH && !now.isBefore(pausedUntil);
    }

    /** An attempt starts. */
    void started(Instant now) {
        refill(now);
        permits -= 1;
        sent.add(now);
    }

    /** The vendor finds the whole app too fast. */
    void throttled(Instant now, Duration asked) {
        refill(now);
        if (!now.isBefore(halvedAt.plus(ONE_BURST))) {
            double was = Math.min(rate, Math.max((double) sent.count(now), 1));
            rate = Math.max(limits.minRate(), was / 2);
            permits = Math.min(permits, burst());
            halvedAt = now;
        }
        Duration wish = asked.isZero() || asked.isNegative() ? limits.pause() : asked;
        Instant until = now.plus(RetryPolicy.least(wish, limits.maxPause()));
        pausedUntil = until.isAfter(pausedUntil) ? until : pausedUntil;
    }

    /** The moment at which {@link #allows} will say yes if nothing starts before. */
    Instant opensAt(Instant now) {
        refill(now);
        long wait = permits >= ENOUGH ? 0 : (long) Math.ceil((1 - permits) / rate * NANOS);
        Instant refilled = now.plusNanos(wait);
        return refilled.isAfter(pausedUntil) ? refilled : pausedUntil;
    }

    /** Attempts a second, at present. */
    double rate() {
        return rate;
    }

    private double burst() {
        return Math.max(1, rate * BURST_SECONDS);
    }

    private void refill(Instant now) {
        if (!now.isAfter(updated)) {
            return;
        }
        double seconds = Duration.between(updated, now).toNanos() / NANOS;
        Instant recovers = updated.isAfter(pausedUntil) ? updated : pausedUntil;
        if (now.isAfter(recovers)) {
            double recovering = Duration.between(recovers, now).toNanos() / NANOS;
            rate = Math.min(limits.maxRate(), rate + limits.recovery() * recovering);
        }
        permits = Math.min(burst(), permits + seconds * rate);
        updated = now;
    }
}
