package io.lanying.protocol.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;
import java.util.List;
import java.util.Optional;

/** What a conversation answers, after the journal has it. */
public sealed interface ConversationReply extends Remoted {

    /**
     * Messages with their contents.
     *
     * @param name the conversation's, sealed under the tenant's key as field {@code name} of the conversation's id; absent: none
     * @param preview whether a push vendor may show contents
     */
    record Messages(Optional<Sealed> name, boolean preview, List<StoredMessage> messages) implements ConversationReply {

        public Messages {
            messages = messages == null ? List.of() : List.copyOf(messages);
        }
    }

    /** Refused; nothing changed. */
    record Refused(ErrorCode code, String detail) implements ConversationReply {}
}
