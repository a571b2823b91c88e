package io.lanying.http.attachment;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.ErrorCode;
import java.util.Map;
import java.util.Optional;

/** What a caller announces of an upload, checked. */
record AttachmentBody(String uploaderId, String name, String contentType, long bytes, String sha256) {

    /** A file's name alone: nobody who saves it under that name leaves the folder. */
    private static final TextRule FILE_NAME = new TextRule(
            TextRule.NAME.test().and(name -> name.indexOf('/') < 0 && name.indexOf('\\') < 0 && !name.startsWith(".")),
            TextRule.NAME.description() + " without slashes, not beginning with a dot");

    private static final TextRule SHA256 = TextRule.matching("[0-9a-f]{64}");

    /**
     * @param uploader who uploads, if that is not for the document to say
     * @param types how many bytes each may have
     */
    static Checked<AttachmentBody> read(JsonNode document, Optional<String> uploader, Map<String, Long> types) {
        var errors = new FieldErrors();
        var fields = Fields.root(document, errors);
        String uploaderId = uploader.orElseGet(() -> fields.requiredText("uploaderId", TextRule.ID));
        String name = fields.requiredText("name", FILE_NAME);
        String type = fields.requiredText(
                "contentType",
                new TextRule(
                        types::containsKey, "a media type that is allowed here, in lower case, without parameters"));
        long bytes = fields.requiredInteger("size", 1, Long.MAX_VALUE);
        String sha256 = fields.requiredText("sha256", SHA256);
        fields.end();
        return errors.orElse(() -> new AttachmentBody(uploaderId, name, type, bytes, sha256))
                .then(body -> body.bytes <= types.getOrDefault(type, 0L)
                        ? Checked.ok(body)
                        : Checked.refused(Problem.of(
                                ErrorCode.PAYLOAD_TOO_LARGE,
                                "a content of type " + type + " is at most " + types.get(type) + " bytes")));
    }

    @Override
    public String toString() {
        return "AttachmentBody[" + contentType + ", " + bytes + " bytes]";
    }
}
