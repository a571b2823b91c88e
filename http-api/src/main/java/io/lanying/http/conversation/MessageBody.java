package io.lanying.http.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.http.error.Problem;
import io.lanying.http.hook.HookQuestion;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.sealing.Sealer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A message as a caller writes it, checked; also what an edit carries.
 *
 * @param clientMessageId empty for an edit
 * @param content as JSON, one way of writing it
 * @param push what a vendor is to show instead
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MessageBody(
        String senderId,
        String clientMessageId,
        MessageType type,
        byte[] content,
        List<String> mentions,
        Optional<Long> replyToSeq,
        boolean silent,
        Optional<JsonNode> push) {

    private static final TextRule TYPE = Wishes.oneOf(
            Arrays.stream(MessageType.values()).map(MessageType::wireName).toArray(String[]::new));
    private static final TextRule PUSH_BODY =
            new TextRule(TextRule.atMost(500).test().and(text -> !text.isBlank()), "a text of 1 to 500 characters");
    private static final TextRule MENTION =
            new TextRule(TextRule.ID.test().or("*"::equals), "a user id, or * for everybody");

    @Override
    public String toString() {
        return "MessageBody[" + type + ", " + content.length + " bytes]";
    }

    static Checked<MessageBody> post(String conversationId, JsonNode document) {
        return read(conversationId, document, true);
    }

    /** Without the sender's own id, reply and silence, which stay as they were. */
    static Checked<MessageBody> edit(String conversationId, JsonNode document) {
        return read(conversationId, document, false);
    }

    private static Checked<MessageBody> read(String conversationId, JsonNode document, boolean posting) {
        var errors = new FieldErrors();
        var fields = Fields.root(document, errors);
        var senderId = fields.requiredText("senderId", TextRule.ID);
        var ownId = posting ? fields.requiredText("clientMessageId", TextRule.ID) : "";
        var type = fields.requiredText("type", TYPE);
        var content = fields.requiredObject("content");
        if (!type.isEmpty()) {
            ContentRules.check(MessageType.of(type), content, errors);
        }
        var mentions = fields.texts("mentions", MENTION, ConversationLimits.MAX_MENTIONS);
        var answered = posting ? answered(fields, conversationId) : Optional.<Long>empty();
        boolean silent = posting && fields.flag("silent").orElse(false);
        var push = posting ? fields.object("push") : Optional.<Fields>empty();
        push.ifPresent(MessageBody::checkPush);
        fields.end();
        return errors.orElse(() -> new MessageBody(
                        senderId,
                        ownId,
                        MessageType.of(type),
                        CanonicalJson.bytes(document.path("content")),
                        mentions.stream().distinct().toList(),
                        answered,
                        silent,
                        push.map(wanted -> document.path("push"))))
                .then(MessageBody::bounded);
    }

    private static void checkPush(Fields push) {
        push.text("title", TextRule.NAME);
        push.text("body", PUSH_BODY);
        push.flag("preview");
        push.text("collapseKey", TextRule.ID);
        push.end();
    }

    private static Optional<Long> answered(Fields fields, String conversationId) {
        return fields.text("replyTo", TextRule.ANY).flatMap(id -> {
            var seq = MessageRef.seqOf(conversationId, id);
            if (seq.isEmpty()) {
                fields.error("replyTo", "format", "must be the id of a message of this conversation");
                return Optional.empty();
            }
            return Optional.of(seq.getAsLong());
        });
    }

    private static Checked<MessageBody> bounded(MessageBody body) {
        return body.content.length <= ConversationLimits.MAX_CONTENT_BYTES
                ? Checked.ok(body)
                : Checked.refused(Problem.of(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "a content is at most " + ConversationLimits.MAX_CONTENT_BYTES + " bytes of JSON"));
    }

    /** What the tenant's hook may be asked about it, as of a new message. */
    HookQuestion asked(String tenant, String conversationId, JsonNode document, Sealer sender) {
        return new HookQuestion(
                tenant,
                conversationId,
                Optional.empty(),
                senderId,
                Optional.of(clientMessageId),
                sender.fingerprint(identity(document.path("content"))),
                type,
                content,
                mentions,
                replyToSeq,
                silent,
                push);
    }

    /** All that makes the message what it is, in one way of writing it. */
    byte[] identity(JsonNode contentAsJson) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("type", type.wireName());
        all.set("content", contentAsJson);
        var mentioned = all.putArray("mentions");
        mentions.forEach(mentioned::add);
        replyToSeq.ifPresent(seq -> all.put("replyTo", seq));
        all.put("silent", silent);
        push.ifPresent(shown -> all.set("push", shown));
        return CanonicalJson.bytes(all);
    }
}
