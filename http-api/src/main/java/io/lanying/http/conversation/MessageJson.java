package io.lanying.http.conversation;

import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message as the API shows it.
 *
 * @param content absent once recalled; {@code {"erased":true}} once the sender was erased
 */
record MessageJson(
        String messageId,
        long messageSeq,
        String senderId,
        String type,
        Optional<Object> content,
        List<String> mentions,
        Optional<String> replyTo,
        int version,
        Instant sentAt,
        Optional<Instant> editedAt,
        Optional<Instant> recalledAt) {

    static MessageJson of(String conversationId, StoredMessage message, Optional<Object> content) {
        return new MessageJson(
                MessageRef.messageId(conversationId, message.messageSeq()),
                message.messageSeq(),
                message.senderId(),
                message.type().wireName(),
                content,
                message.mentions(),
                message.replyTo(),
                message.version(),
                message.sentAt(),
                message.editedAt(),
                message.recalledAt());
    }

    /** The answer to a post. */
    record Sent(String messageId, long messageSeq, Instant sentAt) {}

    /** The answer to an edit. */
    record Edited(String messageId, long messageSeq, int version, Instant editedAt) {}

    /** @param more whether there are others that were asked for and did not fit */
    record History(List<MessageJson> items, boolean more, long lastSeq) {}
}
