package io.lanying.channels.actor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.channel.VendorRequest.ShownMessage;
import io.lanying.protocol.conversation.MessageType;
import java.util.Optional;

/**
 * What a push vendor shows of a message in a conversation, as the body of a push: the conversation's name as title, the text or a
 * sign for what it is, and the ids by which the app finds the message. Signs, because the person's language is not known here.
 */
final class MessagePreview {

    /** More than any phone shows, far below what vendors take. */
    private static final int MAX_TEXT = 200;

    private static final String MESSAGE = "💬";

    private MessagePreview() {}

    /**
     * @param name the conversation's, or the sender's
     * @param wish what the sender's service wants shown instead
     */
    static ObjectNode of(ShownMessage message, Optional<String> name, JsonNode content, Optional<ObjectNode> wish) {
        ObjectNode push = JsonNodeFactory.instance.objectNode();
        text(wish, "title").or(() -> name).ifPresent(title -> push.put("title", title));
        push.put("body", body(message, content, wish));
        text(wish, "collapseKey").ifPresent(key -> push.put("collapseKey", key));
        push.putObject("data")
                .put("conversationId", message.ref().conversationId())
                .put("messageSeq", message.ref().messageSeq())
                .put("messageId", message.ref().messageId());
        return push.put("sound", "default");
    }

    private static String body(ShownMessage message, JsonNode content, Optional<ObjectNode> wish) {
        if (!message.preview()) {
            return MESSAGE;
        }
        boolean hidden =
                wish.filter(shown -> !shown.path("preview").asBoolean(true)).isPresent();
        return text(wish, "body").orElseGet(() -> hidden ? MESSAGE : preview(message.type(), content));
    }

    private static Optional<String> text(Optional<ObjectNode> wish, String field) {
        return wish.map(shown -> shown.path(field)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    private static String preview(MessageType type, JsonNode content) {
        return switch (type) {
            case TEXT -> {
                String text = content.path("text").asText("");
                yield text.isBlank() ? MESSAGE : shortened(text);
            }
            case IMAGE -> "📷";
            case AUDIO -> "🎤";
            case VIDEO -> "🎬";
            case FILE -> "📎";
            case LOCATION -> "📍";
            case COMMAND, CUSTOM -> MESSAGE;
        };
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= MAX_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT - 1)) + "…";
    }
}
