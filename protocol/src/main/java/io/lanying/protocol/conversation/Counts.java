package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * How many messages of a conversation are unread for one member.
 *
 * @param unread as of the conversation's message {@code asOfSeq}
 * @param muted whether the member has switched its pushes off: it does not count on the app's icon
 */
public record Counts(long unread, long asOfSeq, boolean muted) implements Persisted, Remoted {

    /**
     * What both say together: of reading and recalls each count may not know what the other does, and both only make it smaller.
     *
     * @param newer of what is not a number, this one's counts
     */
    public Counts and(Counts newer) {
        long asOf = Math.max(asOfSeq, newer.asOfSeq);
        return new Counts(Math.min(unread + asOf - asOfSeq, newer.unread + asOf - newer.asOfSeq), asOf, newer.muted);
    }
}
