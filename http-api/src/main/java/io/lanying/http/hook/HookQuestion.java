package io.lanying.http.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Secrets;
import io.lanying.http.json.Json;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message, or an edit of one, that a hook is asked about.
 *
 * @param messageSeq of the message that is edited; absent: a new one
 * @param clientMessageId of a new message
 * @param fingerprint of all that is posted, under the sender's key
 * @param content as JSON
 * @param push what a vendor is to show instead
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HookQuestion(
        String tenant,
        String conversationId,
        Optional<Long> messageSeq,
        String senderId,
        Optional<String> clientMessageId,
        String fingerprint,
        MessageType type,
        byte[] content,
        List<String> mentions,
        Optional<Long> replyToSeq,
        boolean silent,
        Optional<JsonNode> push) {

    @Override
    public String toString() {
        return "HookQuestion[" + conversationId + ", " + type + ", " + content.length + " bytes]";
    }

    /** The same about an edit. */
    public HookQuestion ofEdit(long edited) {
        return new HookQuestion(
                tenant,
                conversationId,
                Optional.of(edited),
                senderId,
                Optional.empty(),
                fingerprint,
                type,
                content,
                mentions,
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The same for every question about the same message with the same content, so that the other side knows a repeat. */
    String id() {
        return "msg_"
                + Secrets.base32(Secrets.sha256(String.join(
                        "\0",
                        tenant,
                        conversationId,
                        messageSeq.map(String::valueOf).orElse(""),
                        senderId,
                        clientMessageId.orElse(""),
                        fingerprint)));
    }

    private record Envelope(String type, Instant timestamp, Data data) {}

    private record Data(
            String tenantId,
            String conversationId,
            Optional<String> messageId,
            String senderId,
            Optional<String> clientMessageId,
            String type,
            JsonNode content,
            List<String> mentions,
            Optional<String> replyTo,
            Optional<Boolean> silent,
            Optional<JsonNode> push) {}

    /** The body of the request. */
    byte[] json(Instant now) {
        boolean edit = messageSeq.isPresent();
        return Json.bytes(new Envelope(
                edit ? "message.edit" : "message.post",
                now,
                new Data(
                        tenant,
                        conversationId,
                        messageSeq.map(seq -> MessageRef.messageId(conversationId, seq)),
                        senderId,
                        clientMessageId,
                        type.wireName(),
                        contentAsJson(),
                        mentions,
                        replyToSeq.map(seq -> MessageRef.messageId(conversationId, seq)),
                        edit ? Optional.empty() : Optional.of(silent),
                        push)));
    }

    private JsonNode contentAsJson() {
        try {
            return Json.ours(content);
        } catch (IOException e) {
            throw new IllegalStateException("a checked content is JSON", e);
        }
    }
}
