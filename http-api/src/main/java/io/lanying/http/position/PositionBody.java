package io.lanying.http.position;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;

/** What callers say of positions. */
public final class PositionBody {

    /** Beyond any number that a message can have. */
    private static final long MAX_SEQ = 999_999_999_999_999_999L;

    private static final String MESSAGE_SEQ = "messageSeq";

    /** Up to where somebody has read a conversation. */
    public record OfConversation(String conversationId, long messageSeq) {}

    private PositionBody() {}

    /** Of {@code PUT /v1/conversations/{conversationId}/read-positions/{userId}}. */
    public static Checked<Long> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        long messageSeq = fields.requiredInteger(MESSAGE_SEQ, 0, MAX_SEQ);
        fields.end();
        return errors.orElse(() -> messageSeq);
    }

    /** Of {@code POST /v1/device/read-positions}. */
    public static Checked<OfConversation> readOwn(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        String conversationId = fields.requiredText("conversationId", TextRule.ID);
        long messageSeq = fields.requiredInteger(MESSAGE_SEQ, 0, MAX_SEQ);
        fields.end();
        return errors.orElse(() -> new OfConversation(conversationId, messageSeq));
    }
}
