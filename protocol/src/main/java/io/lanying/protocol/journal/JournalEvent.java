package io.lanying.protocol.journal;

import io.lanying.protocol.Persisted;

/**
 * One event as it was written.
 *
 * @param eventSeq its number in the entity's journal, from 1, without gaps
 */
public record JournalEvent(long eventSeq, Persisted event) {}
