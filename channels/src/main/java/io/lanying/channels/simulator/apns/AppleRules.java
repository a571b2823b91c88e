package io.lanying.channels.simulator.apns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Apple asks of a request besides its credential
 * (developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns). Written from Apple's pages, and
 * from nothing of the adapter, so that a misreading has to happen twice to go unnoticed.
 */
final class AppleRules {

    private static final String DEVICE = "/3/device/";
    private static final String BROADCAST = "/4/broadcasts/apps/";
    private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{2})+");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+=*");
    private static final Set<String> PRIORITIES = Set.of("", "1", "5", "10");
    private static final int MAX_COLLAPSE_BYTES = 64;

    /** The end of the topic by push type. */
    private static final Map<String, String> TOPIC_ENDS = Map.of(
            "alert", "",
            "background", "",
            "voip", ".voip",
            "complication", ".complication",
            "fileprovider", ".pushkit.fileprovider",
            "location", ".location-query",
            "liveactivity", ".push-type.liveactivity",
            "pushtotalk", ".voip-ptt",
            "mdm", "");

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private AppleRules() {}

    /** The refusal, if it breaks a rule. */
    static Optional<ApnsReaction> refusal(String method, String path, Map<String, String> headers, byte[] payload) {
        boolean isBroadcast = path.startsWith(BROADCAST);
        if (!isBroadcast && !path.startsWith(DEVICE)) {
            return refused(404, "BadPath");
        }
        if (!method.equals("POST")) {
            return refused(405, "MethodNotAllowed");
        }
        return common(headers)
                .or(() -> isBroadcast ? broadcast(headers) : device(path.substring(DEVICE.length()), headers))
                .or(() -> payload(headers, payload));
    }

    private static Optional<ApnsReaction> common(Map<String, String> headers) {
        if (headers.getOrDefault("apns-collapse-id", "").getBytes(StandardCharsets.UTF_8).length > MAX_COLLAPSE_BYTES) {
            return refused(400, "BadCollapseId");
        }
        if (!NUMBER.matcher(headers.getOrDefault("apns-expiration", "0")).matches()) {
            return refused(400, "BadExpirationDate");
        }
        if (headers.containsKey("apns-id")
                && !UUID.matcher(headers.get("apns-id")).matches()) {
            return refused(400, "BadMessageId");
        }
        if (!PRIORITIES.contains(headers.getOrDefault("apns-priority", ""))) {
            return refused(400, "BadPriority");
        }
        return TOPIC_ENDS.containsKey(pushType(headers)) ? Optional.empty() : refused(400, "InvalidPushType");
    }

    private static Optional<ApnsReaction> device(String token, Map<String, String> headers) {
        if (token.isEmpty()) {
            return refused(400, "MissingDeviceToken");
        }
        if (!HEX.matcher(token).matches()) {
            return refused(400, "BadDeviceToken");
        }
        String topic = headers.getOrDefault("apns-topic", "");
        if (topic.isEmpty()) {
            return refused(400, "MissingTopic");
        }
        return topic.endsWith(TOPIC_ENDS.getOrDefault(pushType(headers), ""))
                ? Optional.empty()
                : refused(400, "BadTopic");
    }

    private static Optional<ApnsReaction> broadcast(Map<String, String> headers) {
        String channel = headers.getOrDefault("apns-channel-id", "");
        if (channel.isEmpty()) {
            return refused(400, "MissingChannelId");
        }
        return BASE64.matcher(channel).matches() ? Optional.empty() : refused(400, "BadChannelId");
    }

    private static Optional<ApnsReaction> payload(Map<String, String> headers, byte[] payload) {
        if (payload.length == 0) {
            return refused(400, "PayloadEmpty");
        }
        int most = pushType(headers).equals("voip") ? 5 * 1024 : 4 * 1024;
        if (payload.length > most) {
            return refused(413, "PayloadTooLarge");
        }
        try {
            JsonNode aps =
                    JSON.readTree(new String(payload, StandardCharsets.UTF_8)).path("aps");
            boolean onlyWakes =
                    aps.has("content-available") && !aps.has("alert") && !aps.has("badge") && !aps.has("sound");
            boolean isUrgent = headers.getOrDefault("apns-priority", "10").equals("10");
            return onlyWakes && isUrgent ? refused(400, "BadPriority") : Optional.empty();
        } catch (JsonProcessingException e) {
            // Apple's pages name no reason for it.
            return refused(400, "PayloadEmpty");
        }
    }

    private static String pushType(Map<String, String> headers) {
        return headers.getOrDefault("apns-push-type", "alert");
    }

    private static Optional<ApnsReaction> refused(int status, String reason) {
        return Optional.of(ApnsReaction.reject(status, reason));
    }
}
