package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * How far a member's messages in a conversation have come. The others are its members but for the owner, as far as they were there
 * when a message was posted.
 *
 * <p>Of two about the same owner, {@link #and} says what is known by both: within one set of members every number only grows.
 *
 * @param membersAt the conversation's event that last changed who is in it; what was counted after a later one takes its place
 * @param messageSeq the owner's newest message but for commands
 * @param deliveredSeq up to which message all others have what is for them; at most {@code messageSeq}
 * @param readSeq up to which message all others have read what is for them; at most {@code deliveredSeq}
 * @param members how many others {@code messageSeq} is for
 * @param delivered how many of them have it
 * @param read how many of them have read it
 */
public record Receipt(
        long membersAt, long messageSeq, long deliveredSeq, long readSeq, int members, int delivered, int read)
        implements Persisted, Remoted {

    /** What both say together; the same as either of them if the other says nothing new. */
    public Receipt and(Receipt other) {
        if (membersAt != other.membersAt) {
            return membersAt > other.membersAt ? this : other;
        }
        var newer = messageSeq >= other.messageSeq ? this : other;
        boolean same = messageSeq == other.messageSeq;
        return new Receipt(
                membersAt,
                newer.messageSeq,
                Math.max(deliveredSeq, other.deliveredSeq),
                Math.max(readSeq, other.readSeq),
                newer.members,
                same ? Math.max(delivered, other.delivered) : newer.delivered,
                same ? Math.max(read, other.read) : newer.read);
    }

    /** Whether both say the same, whenever it was counted. */
    public boolean saysTheSameAs(Receipt other) {
        return messageSeq == other.messageSeq
                && deliveredSeq == other.deliveredSeq
                && readSeq == other.readSeq
                && members == other.members
                && delivered == other.delivered
                && read == other.read;
    }

    /** The id of the item that says it, the same on every path; no two receipts of a conversation and owner share one. */
    public String itemId(String conversationId) {
        return MessageRef.messageId(conversationId, messageSeq) + ".r" + membersAt + "."
                + (deliveredSeq + readSeq + delivered + read);
    }
}
