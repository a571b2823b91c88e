package io.lanying.protocol.position;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import java.util.List;

/** What can be asked of a conversation's companion. No reply means unknown: ask again, it is harmless. */
public sealed interface PositionsCommand {

    /**
     * Keep these positions of different members. Answered with {@code PositionsAre} of those members once they are in the
     * journal, or {@code Refused}.
     *
     * @param receipts what different members are to be told of their own messages
     */
    record Keep(
            String conversationId,
            List<PositionChange> changes,
            List<ReceiptChange> receipts,
            ActorRef<PositionsReply> replyTo)
            implements PositionsCommand, Remoted {

        public Keep {
            changes = changes == null ? List.of() : List.copyOf(changes);
            receipts = receipts == null ? List.of() : List.copyOf(receipts);
        }

        /** Nobody is to be told of its own messages. */
        public Keep(String conversationId, List<PositionChange> changes, ActorRef<PositionsReply> replyTo) {
            this(conversationId, changes, List.of(), replyTo);
        }
    }

    /** Answered with {@code PositionsAre} of all members. */
    record Get(ActorRef<PositionsReply> replyTo) implements PositionsCommand, Remoted {}

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements PositionsCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends PositionsCommand {}
}
