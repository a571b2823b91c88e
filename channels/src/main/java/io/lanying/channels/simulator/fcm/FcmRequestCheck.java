package io.lanying.channels.simulator.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanying.channels.simulator.fcm.FcmErrors.Violation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What FCM looks at in a send request before it looks for the device. */
final class FcmRequestCheck {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BYTES = 4096;
    private static final BigDecimal LONGEST_TTL_SECONDS = BigDecimal.valueOf(28L * 24 * 3600);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_:-]{1,4096}");
    private static final Pattern RESERVED = Pattern.compile("from|gcm|message_type|google.*|gcm\\..*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9-_.~%]{1,50}");

    private FcmRequestCheck() {}

    /** The request as JSON, and the refusal if it is not one for FCM. */
    record Checked(JsonNode request, Optional<FcmReaction> refusal) {

        String token() {
            return request.path("message").path("token").asText();
        }

        boolean isDryRun() {
            return request.path("validate_only").asBoolean();
        }
    }

    static Checked check(String body) {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return refused(JSON.missingNode(), "Invalid JSON payload received.");
        }
        if (!request.isObject()) {
            return refused(request, "Invalid JSON payload received.");
        }
        List<Violation> violations = FcmSchema.violations(request);
        if (!violations.isEmpty()) {
            return new Checked(request, Optional.of(FcmReaction.status(400, FcmErrors.badRequest(violations))));
        }
        Optional<FcmReaction> target = target(request.path("message"));
        if (target.isPresent()) {
            return new Checked(request, target);
        }
        return new Checked(
                request,
                sense(request.path("message")).map(problem -> FcmReaction.status(400, FcmErrors.invalid(problem))));
    }

    private static Checked refused(JsonNode request, String message) {
        return new Checked(
                request, Optional.of(FcmReaction.status(400, FcmErrors.plain(400, "INVALID_ARGUMENT", message))));
    }

    private static Optional<FcmReaction> target(JsonNode message) {
        List<String> targets = Stream.of("token", "topic", "condition", "fid")
                .filter(message::has)
                .toList();
        if (targets.isEmpty()) {
            return Optional.of(FcmReaction.status(400, FcmErrors.invalid("Recipient of the message is not set.")));
        }
        if (targets.size() > 1) {
            String description = "Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set '"
                    + targets.get(1) + "'";
            Violation violation = new Violation("message." + targets.get(1), description);
            return Optional.of(FcmReaction.status(400, FcmErrors.badRequest(List.of(violation))));
        }
        return Optional.empty();
    }

    private static Optional<String> sense(JsonNode message) {
        JsonNode android = message.path("android");
        for (var entry : message.path("data").properties()) {
            if (RESERVED.matcher(entry.getKey()).matches()) {
                return Optional.of("Invalid data payload key: " + entry.getKey());
            }
        }
        if (android.has("ttl") && !isTtl(android.path("ttl").asText())) {
            return Optional.of("Invalid value for android.ttl");
        }
        if (android.path("notification").path("notification_count").asInt() < 0) {
            return Optional.of("Invalid value for android.notification.notification_count");
        }
        String label = message.path("fcm_options").path("analytics_label").asText("x");
        if (!LABEL.matcher(label).matches()) {
            return Optional.of("Invalid value for fcm_options.analytics_label");
        }
        if (bytes(message.path("data")) + bytes(message.path("notification")) + bytes(android.path("notification"))
                > MAX_BYTES) {
            return Optional.of("Android message is too big");
        }
        if (message.has("token")
                && !TOKEN.matcher(message.path("token").asText()).matches()) {
            return Optional.of("The registration token is not a valid FCM registration token");
        }
        return Optional.empty();
    }

    private static boolean isTtl(String duration) {
        BigDecimal seconds = new BigDecimal(duration.substring(0, duration.length() - 1));
        return seconds.signum() >= 0 && seconds.compareTo(LONGEST_TTL_SECONDS) <= 0;
    }

    private static int bytes(JsonNode node) {
        int bytes = node.isValueNode() ? node.asText().getBytes(StandardCharsets.UTF_8).length : 0;
        for (var entry : node.properties()) {
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length + bytes(entry.getValue());
        }
        for (JsonNode element : node.isArray() ? node : JSON.createArrayNode()) {
            bytes += bytes(element);
        }
        return bytes;
    }
}
