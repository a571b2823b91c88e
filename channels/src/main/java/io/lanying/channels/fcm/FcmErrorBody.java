package io.lanying.channels.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What Google's error body says, as far as it is understood; anything else is "none". Only names of a fixed form are taken over,
 * because they become codes in journals; the vendor's prose is looked at and dropped.
 *
 * @param status the {@code google.rpc} status, such as {@code NOT_FOUND}; for the token endpoint empty
 * @param errorCode the {@code errorCode} of the {@code FcmError} detail; for the token endpoint OAuth's {@code error}
 * @param namesToken the text says that the registration token is not valid
 * @param namesSize the text says that the message is too big
 * @param namesDevice a {@code QuotaFailure} detail says that it is the device's quota
 */
record FcmErrorBody(String status, String errorCode, boolean namesToken, boolean namesSize, boolean namesDevice) {

    static final FcmErrorBody NONE = new FcmErrorBody("", "", false, false, false);

    private static final String FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private static final String QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,48}");
    private static final Pattern TOKEN = Pattern.compile("registration token is not a valid");
    private static final Pattern SIZE =
            Pattern.compile("too (big|large|long)|(exceeds?|over|maximum)[a-z ]{0,40} size|size limit");
    private static final Pattern DEVICE = Pattern.compile("device|registration");

    private static final JsonMapper JSON = new JsonMapper();

    /** Reads the body of a send's answer. */
    static FcmErrorBody ofSend(String body) {
        JsonNode error = read(body).path("error");
        StringBuilder prose = new StringBuilder(error.path("message").asText());
        StringBuilder quotas = new StringBuilder();
        String errorCode = "";
        for (JsonNode detail : error.path("details")) {
            String type = detail.path("@type").asText();
            if (type.equals(FCM_ERROR)) {
                errorCode = name(detail.path("errorCode"));
            } else if (type.equals(QUOTA_FAILURE)) {
                detail.path("violations").forEach(violation -> words(violation, "subject", "description", quotas));
            } else {
                detail.path("fieldViolations").forEach(field -> words(field, "description", "description", prose));
            }
        }
        String said = prose.toString().toLowerCase(Locale.ROOT);
        return new FcmErrorBody(
                name(error.path("status")),
                errorCode,
                TOKEN.matcher(said).find(),
                SIZE.matcher(said).find(),
                DEVICE.matcher(quotas.toString().toLowerCase(Locale.ROOT)).find());
    }

    /** Reads the body of the token endpoint's answer (RFC 6749 §5.2). */
    static FcmErrorBody ofToken(String body) {
        return new FcmErrorBody("", name(read(body).path("error")), false, false, false);
    }

    private static JsonNode read(String body) {
        try {
            JsonNode root = JSON.readTree(body);
            return root == null ? JSON.missingNode() : root;
        } catch (JsonProcessingException e) {
            // Not JSON: a proxy's page, or nothing at all. The status alone speaks then.
            return JSON.missingNode();
        }
    }

    private static String name(JsonNode node) {
        return node.isTextual() && NAME.matcher(node.textValue()).matches() ? node.textValue() : "";
    }

    private static void words(JsonNode node, String first, String second, StringBuilder to) {
        to.append(' ').append(node.path(first).asText());
        if (!second.equals(first)) {
            to.append(' ').append(node.path(second).asText());
        }
    }
}
