package io.lanying.http.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.wire.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON bodies of items of conversations (api.md §3). */
final class MessageBody {

    private static final JsonFactory JSON = new JsonFactory();

    private MessageBody() {}

    /** Which message it is: all there is to say of a recall, or of a position that was read. Ids hold nothing that JSON escapes. */
    static byte[] place(MessageRef ref) {
        return ("{\"conversationId\":\"" + ref.conversationId() + "\",\"messageSeq\":" + ref.messageSeq()
                        + ",\"messageId\":\"" + ref.messageId() + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** How far the device's person's messages have come. */
    static byte[] receipt(String conversationId, Receipt receipt) {
        return ("{\"conversationId\":\"" + conversationId + "\",\"messageSeq\":" + receipt.messageSeq()
                        + ",\"messageId\":\"" + MessageRef.messageId(conversationId, receipt.messageSeq())
                        + "\",\"deliveredSeq\":" + receipt.deliveredSeq() + ",\"readSeq\":" + receipt.readSeq()
                        + ",\"members\":" + receipt.members() + ",\"delivered\":" + receipt.delivered()
                        + ",\"read\":" + receipt.read() + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A message, or its edit, with its content, which is JSON in UTF-8. */
    static byte[] of(MessageRef ref, StoredMessage message, byte[] content) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(content.length + 256)) {
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("conversationId", ref.conversationId());
                json.writeNumberField("messageSeq", ref.messageSeq());
                json.writeStringField("messageId", ref.messageId());
                json.writeStringField("senderId", message.senderId());
                json.writeStringField("type", message.type().wireName());
                json.writeFieldName("content");
                json.writeRawValue(new String(content, StandardCharsets.UTF_8));
                json.writeStringField("sentAt", FrameCodec.time(message.sentAt()));
                writeRest(json, message);
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeRest(JsonGenerator json, StoredMessage message) throws IOException {
        if (message.editedAt().isPresent()) {
            json.writeStringField("editedAt", FrameCodec.time(message.editedAt().get()));
        }
        if (!message.mentions().isEmpty()) {
            json.writeFieldName("mentions");
            json.writeStartArray();
            for (String mention : message.mentions()) {
                json.writeString(mention);
            }
            json.writeEndArray();
        }
        if (message.replyTo().isPresent()) {
            json.writeStringField("replyTo", message.replyTo().get());
        }
    }
}
