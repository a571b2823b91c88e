package io.lanying.channels.apns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.adapter.VendorMessage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the app gets: {@code aps} for the system, and beside it the caller's data and the item's id
 * (developer.apple.com/documentation/usernotifications/generating-a-remote-notification). One use, by one thread.
 */
final class ApnsPayload {

    /** The item's id, so that the app can drop what it has already had on another path. */
    static final String ID = "lanyingId";

    static final String IMAGE_URL = "lanyingImageUrl";
    static final String CLICK_ACTION = "lanyingClickAction";

    /** Names a caller's data cannot have. */
    static final Set<String> RESERVED = Set.of("aps", ID, IMAGE_URL, CLICK_ACTION);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final VendorMessage message;
    private final ApnsBlock block;
    private final ObjectNode root = JSON.objectNode();
    private final ObjectNode aps = root.putObject("aps");

    ApnsPayload(VendorMessage message, ApnsBlock block) {
        this.message = message;
        this.block = block;
    }

    /** A payload and the kind of push it is. */
    record Built(ObjectNode root, ApnsPushType pushType) {

        /** Whether it only wakes the app: Apple then refuses priority 10. */
        boolean isContentAvailableOnly() {
            JsonNode aps = root.path("aps");
            return aps.has("content-available") && !aps.has("alert") && !aps.has("badge") && !aps.has("sound");
        }
    }

    /** Builds it. What is wrong with the block is in the block's problem afterwards. */
    Built build() {
        Optional<ApnsPushType> wanted = block.pushType();
        if (wanted.equals(Optional.of(ApnsPushType.BACKGROUND))) {
            aps.put("content-available", 1);
        } else {
            alert();
            sound();
            message.badge().ifPresent(badge -> aps.put("badge", badge));
        }
        rest();
        liveActivity();
        boolean shows = aps.has("alert") || aps.has("badge") || aps.has("sound");
        ApnsPushType type = wanted.orElse(shows ? ApnsPushType.ALERT : ApnsPushType.BACKGROUND);
        if (type == ApnsPushType.BACKGROUND) {
            aps.put("content-available", 1);
        }
        beside();
        return new Built(root, type);
    }

    private void alert() {
        ObjectNode alert = JSON.objectNode();
        message.title().ifPresent(title -> alert.put("title", title));
        block.text("subtitle").ifPresent(subtitle -> alert.put("subtitle", subtitle));
        message.body().ifPresent(body -> alert.put("body", body));
        if (!alert.isEmpty()) {
            aps.set("alert", alert);
        }
    }

    private void sound() {
        Optional<JsonNode> sound = block.sound().or(() -> message.sound().map(JSON::textNode));
        if (!message.silent()) {
            sound.ifPresent(value -> aps.set("sound", value));
        }
    }

    private void rest() {
        if (block.flag("contentAvailable").orElse(false)) {
            aps.put("content-available", 1);
        }
        if (block.flag("mutableContent").orElse(message.imageUrl().isPresent())) {
            aps.put("mutable-content", 1);
        }
        block.text("category").ifPresent(category -> aps.put("category", category));
        block.text("threadId").ifPresent(thread -> aps.put("thread-id", thread));
        Optional<String> level = block.interruptionLevel();
        if (message.silent()) {
            aps.put("interruption-level", "passive");
        } else {
            level.ifPresent(value -> aps.put("interruption-level", value));
        }
        block.relevanceScore().ifPresent(score -> aps.put("relevance-score", score));
        block.text("targetContentId").ifPresent(id -> aps.put("target-content-id", id));
    }

    private void liveActivity() {
        block.liveActivity().ifPresent(activity -> {
            copy(activity, "event", "event");
            copy(activity, "timestamp", "timestamp");
            copy(activity, "contentState", "content-state");
            copy(activity, "staleDate", "stale-date");
            copy(activity, "dismissalDate", "dismissal-date");
            copy(activity, "attributesType", "attributes-type");
            copy(activity, "attributes", "attributes");
        });
    }

    private void copy(ObjectNode from, String field, String name) {
        Optional.ofNullable(from.get(field)).ifPresent(value -> aps.set(name, value));
    }

    private void beside() {
        for (Map.Entry<String, String> entry : message.data().entrySet()) {
            root.put(entry.getKey(), entry.getValue());
        }
        root.put(ID, message.itemId());
        message.imageUrl().ifPresent(url -> root.put(IMAGE_URL, url));
        message.clickAction().ifPresent(action -> root.put(CLICK_ACTION, action));
    }
}
