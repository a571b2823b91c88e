package io.lanying.actors.conversation;

import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.StoredMessage;
import java.time.Instant;
import java.util.Optional;

/** Messages as others see them: of one that is not to be read any more, no content. */
final class Stored {

    private Stored() {}

    /** @param state as it is now, not as it was when the reading began */
    static StoredMessage of(String conversationId, Found found, ConversationState state) {
        var posted = found.posted();
        var recalledAt = recalledAt(posted.messageSeq(), state);
        return new StoredMessage(
                posted.messageSeq(),
                found.edit().map(MessageEdited::version).orElse(1),
                posted.senderId(),
                posted.type(),
                recalledAt.isPresent() ? Optional.empty() : Optional.of(found.content()),
                found.edit().map(MessageEdited::mentions).orElse(posted.mentions()),
                posted.replyToSeq().map(seq -> MessageRef.messageId(conversationId, seq)),
                posted.at(),
                found.edit().map(MessageEdited::at),
                recalledAt);
    }

    static StoredMessage of(String conversationId, MessagePosted posted, ConversationState state) {
        return of(conversationId, new Found(posted, Optional.empty()), state);
    }

    /** Messages of the time before the conversation was deleted count as recalled. */
    private static Optional<Instant> recalledAt(long messageSeq, ConversationState state) {
        return state.log()
                .change(messageSeq)
                .recalledAt()
                .or(() -> state.head()
                        .filter(head -> messageSeq <= head.startSeq())
                        .map(head -> head.createdAt()))
                .or(() -> state.head().isEmpty() ? Optional.of(state.at()) : Optional.empty());
    }
}
