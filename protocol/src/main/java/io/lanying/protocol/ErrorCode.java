package io.lanying.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Every refusal the API can give: a stable text, the HTTP status it becomes, and whether the same call may be repeated.
 *
 * <p>Retryable means: the same request with the same idempotency key may succeed later, unchanged.
 */
public enum ErrorCode {
    MALFORMED_JSON("malformedJson", 400, false),
    INVALID_REQUEST("invalidRequest", 400, false),
    IDEMPOTENCY_KEY_MISSING("idempotencyKeyMissing", 400, false),
    UNAUTHORIZED("unauthorized", 401, false),
    ORIGIN_NOT_ALLOWED("originNotAllowed", 403, false),
    NOT_PERMITTED("notPermitted", 403, false),
    /** The tenant's message hook does not want this message. */
    MESSAGE_REFUSED("messageRefused", 403, false),
    NOT_FOUND("notFound", 404, false),
    METHOD_NOT_ALLOWED("methodNotAllowed", 405, false),
    NOT_ACCEPTABLE("notAcceptable", 406, false),
    TENANT_EXISTS("tenantExists", 409, false),
    CONVERSATION_EXISTS("conversationExists", 409, false),
    CONVERSATION_ARCHIVED("conversationArchived", 409, false),
    SECRET_ALREADY_SHOWN("secretAlreadyShown", 409, false),
    LIMIT_REACHED("limitReached", 409, false),
    STREAM_CHANGED("streamChanged", 409, false),
    REPLACED("replaced", 409, false),
    ATTACHMENT_NOT_READY("attachmentNotReady", 409, false),
    OFFSET_MISMATCH("offsetMismatch", 409, false),
    PAYLOAD_TOO_LARGE("payloadTooLarge", 413, false),
    UNSUPPORTED_MEDIA_TYPE("unsupportedMediaType", 415, false),
    RANGE_NOT_SATISFIABLE("rangeNotSatisfiable", 416, false),
    OTHER_REGION("otherRegion", 421, false),
    IDEMPOTENCY_KEY_REUSED("idempotencyKeyReused", 422, false),
    AUDIENCE_NOT_SUPPORTED("audienceNotSupported", 422, false),
    NOT_SUPPORTED("notSupported", 422, false),
    INVALID_CREDENTIAL("invalidCredential", 422, false),
    UNKNOWN_ROLE("unknownRole", 422, false),
    UNKNOWN_VERSION("unknownVersion", 422, false),
    NOTHING_TO_REDELIVER("nothingToRedeliver", 422, false),
    NOT_A_MEMBER("notAMember", 422, false),
    MESSAGE_RECALLED("messageRecalled", 422, false),
    CONTENT_MISMATCH("contentMismatch", 422, false),
    TOO_LATE("tooLate", 422, false),
    ACK_ABOVE_SENT("ackAboveSent", 422, false),
    TOO_MANY_REQUESTS("tooManyRequests", 429, true),
    QUOTA_EXCEEDED("quotaExceeded", 429, true),
    INTERNAL("internal", 500, false),
    UNAVAILABLE("unavailable", 503, true);

    private final String wireName;
    private final int status;
    private final boolean retryable;

    ErrorCode(String wireName, int status, boolean retryable) {
        this.wireName = wireName;
        this.status = status;
        this.retryable = retryable;
    }

    /** The stable text in {@code problem+json} and in journals. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The HTTP status of an answer with this code. */
    public int status() {
        return status;
    }

    /** Whether repeating the same call, with the same key, may help. */
    public boolean retryable() {
        return retryable;
    }

    /** The code with this wire name. */
    @JsonCreator
    public static ErrorCode of(String wireName) {
        for (ErrorCode code : values()) {
            if (code.wireName.equals(wireName)) {
                return code;
            }
        }
        throw new IllegalArgumentException("not an error code: " + wireName);
    }
}
