package io.lanying.channels.actor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Stops a channel from running against a vendor that does not answer: after so many failures in a row it opens, then lets
 * one attempt through after a growing delay, and closes with the first answer that is the vendor's. Mutable, for one thread.
 */
final class Breaker {

    /**
     * The numbers of a breaker.
     *
     * @param failures in a row that open it
     * @param minDelay before the first attempt that tries it
     * @param maxDelay what the delay, doubled by every failed try, does not grow beyond
     */
    record Limits(int failures, Duration minDelay, Duration maxDelay) {}

    private static final int MAX_DOUBLINGS = 30;

    private final Limits limits;
    private Optional<Instant> openUntil = Optional.empty();
    private boolean trying;
    private int inARow;
    private int reopened;

    Breaker(Limits limits) {
        this.limits = limits;
    }

    /** Whether an attempt may start now. */
    boolean allows(Instant now) {
        return openUntil.isEmpty() || (!trying && !now.isBefore(openUntil.get()));
    }

    /** An attempt starts; says whether it is the one that tries an open breaker. */
    boolean started() {
        trying = openUntil.isPresent();
        return trying;
    }

    /** The vendor answered something. */
    void succeeded() {
        openUntil = Optional.empty();
        trying = false;
        inARow = 0;
        reopened = 0;
    }

    /** No answer of the vendor, or that it is out of order. */
    void failed(boolean wasTry, Instant now) {
        if (openUntil.isPresent()) {
            if (wasTry) {
                reopened++;
                open(now);
            }
            return; // an attempt from before it opened says nothing new
        }
        inARow++;
        if (inARow >= limits.failures()) {
            open(now);
        }
    }

    /** An attempt ended without reaching the vendor: another one may try. */
    void released(boolean wasTry) {
        trying = trying && !wasTry;
    }

    boolean isOpen() {
        return openUntil.isPresent();
    }

    /** When an attempt may try it; empty if it is closed, or one is trying. */
    Optional<Instant> triesAt() {
        return trying ? Optional.empty() : openUntil;
    }

    private void open(Instant now) {
        Duration delay = limits.minDelay().multipliedBy(1L << Math.min(reopened, MAX_DOUBLINGS));
        openUntil = Optional.of(now.plus(RetryPolicy.least(delay, limits.maxDelay())));
        trying = false;
    }
}
