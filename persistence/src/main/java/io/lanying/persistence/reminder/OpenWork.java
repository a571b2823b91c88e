package io.lanying.persistence.reminder;

import java.time.Duration;
import java.time.Instant;

/**
 * What the cluster has still to do, by its reminders: each is an entity that has something open.
 *
 * @param entities how many, counted to {@link #COUNTED} at most
 * @param due of these, how many should have been looked at already, counted likewise
 * @param late how long the first of them has been due; zero if none is
 */
public record OpenWork(int entities, int due, Duration late) {

    /** Counting goes on to here and no further, since an operator who looks must not slow the database down. */
    public static final int COUNTED = 100_000;

    static OpenWork of(int entities, int due, long firstDueMillis, Instant now) {
        return new OpenWork(
                entities, due, due == 0 ? Duration.ZERO : Duration.between(Instant.ofEpochMilli(firstDueMillis), now));
    }
}
