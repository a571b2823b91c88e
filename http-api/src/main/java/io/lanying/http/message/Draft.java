package io.lanying.http.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.http.conversation.ContentRules;
import io.lanying.http.error.Problem;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.Json;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A message as an app has written it, checked.
 *
 * @param content an object as JSON, in one way of writing it
 * @param replyTo the number of the message it answers
 * @param identity all that makes the message what it is, in one way of writing it
 */
public record Draft(
        String conversationId,
        String clientMessageId,
        MessageType type,
        String content,
        List<String> mentions,
        Optional<Long> replyTo,
        String identity) {

    private static final TextRule MENTION = TextRule.matching("\\*|[A-Za-z0-9._~-]{1,64}");
    private static final TextRule MESSAGE_ID = TextRule.matching("[A-Za-z0-9._~-]{1,128}");
    private static final TextRule TYPE = TextRule.matching(
            Arrays.stream(MessageType.values()).map(MessageType::wireName).collect(Collectors.joining("|")));

    /** Of a document with the fields of {@code POST /v1/device/messages}. */
    public static Checked<Draft> read(JsonNode document) {
        var errors = new FieldErrors();
        var fields = Fields.root(document, errors);
        String conversationId = fields.requiredText("conversationId", TextRule.ID);
        String clientMessageId = fields.requiredText("clientMessageId", TextRule.ID);
        String type = fields.requiredText("type", TYPE);
        var content = fields.requiredObject("content");
        if (!type.isEmpty()) {
            ContentRules.check(MessageType.of(type), content, errors);
        }
        var mentions = fields.texts("mentions", MENTION, ConversationLimits.MAX_MENTIONS).stream()
                .distinct()
                .toList();
        var replyTo = replyTo(fields, conversationId);
        fields.end();
        return errors.orElse(() -> new Draft(
                        conversationId,
                        clientMessageId,
                        MessageType.of(type),
                        text(document.path("content")),
                        mentions,
                        replyTo,
                        identity(document, mentions, replyTo)))
                .then(Draft::bounded);
    }

    /** As of a message that a service posts: so a repeat is known whichever way it comes. */
    private static String identity(JsonNode document, List<String> mentions, Optional<Long> replyTo) {
        var all = JsonNodeFactory.instance.objectNode();
        all.set("type", document.path("type"));
        all.set("content", document.path("content"));
        var mentioned = all.putArray("mentions");
        mentions.forEach(mentioned::add);
        replyTo.ifPresent(seq -> all.put("replyTo", seq));
        all.put("silent", false);
        return text(all);
    }

    /** What was checked to be an object. */
    JsonNode contentAsJson() {
        try {
            return Json.ours(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("a draft's content is JSON", e);
        }
    }

    private static String text(JsonNode document) {
        return new String(CanonicalJson.bytes(document), StandardCharsets.UTF_8);
    }

    private static Checked<Draft> bounded(Draft draft) {
        return draft.content.getBytes(StandardCharsets.UTF_8).length <= ConversationLimits.MAX_CONTENT_BYTES
                ? Checked.ok(draft)
                : Checked.refused(Problem.of(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "a content is at most " + ConversationLimits.MAX_CONTENT_BYTES + " bytes of JSON"));
    }

    private static Optional<Long> replyTo(Fields fields, String conversationId) {
        var id = fields.text("replyTo", MESSAGE_ID);
        var seq = id.map(text -> MessageRef.seqOf(conversationId, text));
        if (seq.isPresent() && seq.get().isEmpty()) {
            fields.error("replyTo", "format", "must be the id of a message of this conversation");
        }
        return seq.flatMap(found -> found.isPresent() ? Optional.of(found.getAsLong()) : Optional.empty());
    }
}
