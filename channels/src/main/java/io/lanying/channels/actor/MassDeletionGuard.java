package io.lanying.channels.actor;

import java.time.Duration;
import java.time.Instant;

/**
 * Keeps a wrong credential, environment or project, under which every token looks invalid, from unbinding every device
 * (facts/channels.md §13.2). Mutable, for one thread.
 *
 * <p>What goes through: of the first {@code minResults - 1} results within a window all may be invalid tokens that are
 * believed; from then on no more than {@code maxShare} of the window's results are. The result that goes over the share is the
 * first that is not believed. From then on none is, until {@code minResults} further results in a row of observations, however
 * long they take, hold no more than {@code maxShare} of invalid ones. So one wrong credential costs at most
 * {@code max(minResults - 1, maxShare × results of a window)} bindings on each node, and a channel that has fewer results in
 * a window than {@code minResults} is not guarded.
 */
final class MassDeletionGuard {

    /**
     * The numbers of a guard.
     *
     * @param minResults below this many results within the window nothing is concluded
     * @param maxShare of invalid tokens among the results, above 0, at most 1
     */
    record Limits(int minResults, double maxShare, Duration window) {}

    private static final int SLICES = 60;

    private final Limits limits;
    private SlidingCount results;
    private SlidingCount invalid;
    private boolean suspicious;
    private int resultsSince;
    private int invalidSince;

    MassDeletionGuard(Limits limits) {
        this.limits = limits;
        this.results = new SlidingCount(limits.window(), SLICES);
        this.invalid = new SlidingCount(limits.window(), SLICES);
    }

    /**
     * The vendor judged a token.
     *
     * @return whether this result is the one that gives alarm
     */
    boolean record(boolean isInvalid, Instant now) {
        if (suspicious) {
            return recordSuspicious(isInvalid);
        }
        results.add(now);
        if (isInvalid) {
            invalid.add(now);
        }
        long seen = results.count(now);
        if (isInvalid && seen >= limits.minResults() && invalid.count(now) > limits.maxShare() * seen) {
            suspicious = true;
            resultsSince = 0;
            invalidSince = 0;
            return true;
        }
        return false;
    }

    /** The channel goes on after a pause: what was still under way when it stopped is not held against it. */
    void resume() {
        resultsSince = 0;
        invalidSince = 0;
    }

    /** Whether the vendor's word that a token is invalid is not to be believed. */
    boolean isSuspicious() {
        return suspicious;
    }

    private boolean recordSuspicious(boolean isInvalid) {
        resultsSince++;
        invalidSince += isInvalid ? 1 : 0;
        if (resultsSince < limits.minResults()) {
            return false;
        }
        boolean again = invalidSince > limits.maxShare() * resultsSince;
        resultsSince = 0;
        invalidSince = 0;
        if (!again) {
            suspicious = false;
            results = new SlidingCount(limits.window(), SLICES);
            invalid = new SlidingCount(limits.window(), SLICES);
        }
        return again;
    }
}
