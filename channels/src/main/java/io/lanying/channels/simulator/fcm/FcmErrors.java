package io.lanying.channels.simulator.fcm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Google's error bodies. */
final class FcmErrors {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TYPE = "type.googleapis.com/";

    private FcmErrors() {}

    /** One field that is wrong, as {@code google.rpc.BadRequest} says it. */
    record Violation(String field, String description) {}

    static String plain(int code, String status, String message) {
        return error(code, status, message).toString();
    }

    static String fcm(int code, String status, String errorCode, String message) {
        ObjectNode error = error(code, status, message);
        fcmDetail(details(error), errorCode);
        return error.toString();
    }

    static String invalid(String message) {
        return fcm(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", message);
    }

    static String badRequest(List<Violation> violations) {
        ObjectNode error = error(400, "INVALID_ARGUMENT", violations.get(0).description());
        ObjectNode detail = details(error).addObject().put("@type", TYPE + "google.rpc.BadRequest");
        ArrayNode fields = detail.putArray("fieldViolations");
        violations.forEach(one -> fields.addObject().put("field", one.field()).put("description", one.description()));
        return error.toString();
    }

    static String quota(String subject) {
        ObjectNode error = error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.");
        ArrayNode details = details(error);
        fcmDetail(details, "QUOTA_EXCEEDED");
        details.addObject()
                .put("@type", TYPE + "google.rpc.QuotaFailure")
                .putArray("violations")
                .addObject()
                .put("subject", subject)
                .put("description", "Message rate exceeded");
        return error.toString();
    }

    static String oauth(String error, String description) {
        return JSON.createObjectNode()
                .put("error", error)
                .put("error_description", description)
                .toString();
    }

    private static ObjectNode error(int code, String status, String message) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error").put("code", code).put("message", message).put("status", status);
        return root;
    }

    private static ArrayNode details(ObjectNode root) {
        return root.withObject("/error").putArray("details");
    }

    private static void fcmDetail(ArrayNode details, String errorCode) {
        details.addObject()
                .put("@type", TYPE + "google.firebase.fcm.v1.FcmError")
                .put("errorCode", errorCode);
    }
}
