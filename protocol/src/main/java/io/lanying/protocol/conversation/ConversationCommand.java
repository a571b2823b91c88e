package io.lanying.protocol.conversation;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import java.util.List;

/**
 * What can be asked of a conversation. Every reply comes after what it says is in the journal; no reply means unknown: ask
 * again with the same ids.
 */
public sealed interface ConversationCommand {

    /**
     * Read messages in the versions that a device's items hold, for delivery. Answered with {@code Messages}, as many of them,
     * in order, as fit one answer, at least one; {@code Refused(NOT_FOUND)} if there is no such conversation.
     *
     * @param refs of this conversation, at most 200
     */
    record ReadVersions(List<MessageRef> refs, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public ReadVersions {
            refs = refs == null ? List.of() : List.copyOf(refs);
        }
    }

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements ConversationCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends ConversationCommand {}
}
