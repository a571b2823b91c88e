package io.lanying.protocol.journal;

import io.lanying.protocol.Persisted;
import java.time.Instant;

/**
 * An entity's state after its first {@code eventSeq} events.
 *
 * @param at the time of the last of them
 * @param state the snapshot record of the entity's kind
 */
public record StateAsOf(long eventSeq, Instant at, Persisted state) {}
