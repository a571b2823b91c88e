package io.lanying.protocol.conversation;

import io.lanying.protocol.EntityId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where whoever has a reference comes to the message. Thread-safe. */
public interface MessageSource {

    /**
     * These messages of a conversation: {@code Messages}, which are the first of those asked for, in their order, at least one;
     * or {@code Refused(NOT_FOUND)} if there is no such conversation. A stage that fails, within a second, means: not now, ask
     * again later.
     *
     * @param refs of this conversation, at least one; of more than 200 the first are read
     */
    CompletionStage<ConversationReply> read(EntityId conversation, List<MessageRef> refs);
}
