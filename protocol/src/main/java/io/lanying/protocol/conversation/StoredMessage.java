package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message as of one of its versions.
 *
 * @param content absent once the message was recalled
 * @param mentions users, or {@code *} for everybody
 * @param replyTo the id of the message that is answered
 */
public record StoredMessage(
        long messageSeq,
        int version,
        String senderId,
        MessageType type,
        Optional<SealedContent> content,
        List<String> mentions,
        Optional<String> replyTo,
        Instant sentAt,
        Optional<Instant> editedAt,
        Optional<Instant> recalledAt)
        implements Remoted {

    public StoredMessage {
        mentions = mentions == null ? List.of() : List.copyOf(mentions);
    }
}
