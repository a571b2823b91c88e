package io.lanying.http.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.conversation.ContentRules;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.StrictJson;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.MessageType;
import java.util.Optional;
import java.util.Set;

/** What a hook said. */
sealed interface HookAnswer {

    /** The message may be as it is. */
    record Allow() implements HookAnswer {}

    /** It may be with this content, as JSON, in one way of writing it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Replace(byte[] content) implements HookAnswer {}

    /** Not as it is, but what is to be there instead cannot be a content of its type. */
    record BadReplacement() implements HookAnswer {}

    /** It may not be. */
    record Refuse(Optional<String> reason) implements HookAnswer {}

    int MAX_BYTES = StrictJson.MAX_BYTES;

    TextRule VERDICT = new TextRule(Set.of("allow", "replace", "refuse")::contains, "allow, replace or refuse");
    TextRule REASON = new TextRule(
            TextRule.matching("[^\\p{C}]{1,200}").test().and(text -> !text.isBlank()), "1 to 200 printable characters");

    /** Empty if the body is no answer: what it means is anybody's guess. */
    static Optional<HookAnswer> read(byte[] body, MessageType type) {
        return StrictJson.parse(body).fold(document -> read(document, type), problem -> Optional.empty());
    }

    private static Optional<HookAnswer> read(JsonNode document, MessageType type) {
        var errors = new FieldErrors();
        var fields = Fields.root(document, errors);
        String verdict = fields.requiredText("verdict", VERDICT);
        var answer =
                switch (verdict) {
                    case "replace" -> replacement(document, fields, type);
                    case "refuse" -> new Refuse(fields.text("reason", REASON));
                    default -> new Allow();
                };
        fields.end();
        return errors.isEmpty() ? Optional.of(answer) : Optional.empty();
    }

    private static HookAnswer replacement(JsonNode document, Fields fields, MessageType type) {
        fields.any("content");
        var errors = new FieldErrors();
        ContentRules.check(type, Fields.root(document, errors).requiredObject("content"), errors);
        if (!errors.isEmpty()) {
            return new BadReplacement();
        }
        byte[] content = CanonicalJson.bytes(document.path("content"));
        return content.length <= ConversationLimits.MAX_CONTENT_BYTES ? new Replace(content) : new BadReplacement();
    }
}
