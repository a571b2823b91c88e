package io.lanying.channels.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.api.client.json.gson.GsonFactory;
import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.device.Priority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Turns a message into FCM's, or says why FCM would not take it before it is sent.
 *
 * <p>FCM carries a message to Android, to iOS through APNs and to browsers, and only FCM knows which one a token is. So the life
 * time, the urgency, the badge and the sound are written in the words of all three.
 */
final class FcmMessages {

    /** The item's id, in {@code data}, so that the app can drop what it has already had. */
    static final String ID_KEY = "lanyingId";

    /** FCM's limit, by keys and values (Google: "FCM messages", payload limit). */
    static final int MAX_BYTES = 4096;

    private static final Duration LONGEST_LIFE = Duration.ofDays(28);
    private static final int MAX_APNS_COLLAPSE_BYTES = 64;
    private static final String TRANSACTIONAL = "transactional";
    private static final String MARKETING = "marketing";

    /** Reserved by FCM (reference of {@code Message.data}), and the one that is ours. */
    private static final Pattern RESERVED =
            Pattern.compile("from|gcm|gcm\\..*|google.*|message_type|collapse_key|notification|" + ID_KEY);

    private static final JsonMapper JSON = new JsonMapper();

    private FcmMessages() {}

    /**
     * A message ready to send, or the answer that it gets instead.
     *
     * @param make which fields it has, not what they hold: messages of one make are right or wrong together
     */
    record Built(Optional<Message> message, String make, Optional<VendorAnswer> refusal) {

        static Built refused(VendorAnswer answer) {
            return new Built(Optional.empty(), "", Optional.of(answer));
        }
    }

    static Built build(VendorMessage message, Instant now) {
        if (message.token().isBlank()) {
            return Built.refused(FcmLocal.TOKEN.answer());
        }
        if (message.data().keySet().stream()
                .anyMatch(key -> RESERVED.matcher(key).matches())) {
            return Built.refused(FcmLocal.DATA_KEY.answer());
        }
        FcmDraft draft = draft(message, now);
        FcmBlock block = new FcmBlock();
        JsonNode given = message.block().map(JsonNode.class::cast).orElseGet(MissingNode::getInstance);
        block.read(given, "", FcmKeys.TOP, draft);
        if (block.problem().isPresent()) {
            return Built.refused(block.problem().get());
        }
        Message built;
        try {
            built = draft.build();
        } catch (IllegalArgumentException e) {
            // The client found a contradiction between fields that are right one by one.
            return Built.refused(FcmLocal.BLOCK.answer());
        }
        JsonNode wire = wire(built);
        if (bytes(wire) > MAX_BYTES) {
            return Built.refused(FcmLocal.TOO_LARGE.answer());
        }
        return new Built(Optional.of(built), make(wire), Optional.empty());
    }

    /** A message to nobody: FCM can only answer that the token is not one. */
    static Message probe() {
        return addressed(Message.builder(), "lanying/probe").build();
    }

    private static FcmDraft draft(VendorMessage message, Instant now) {
        long ttlSeconds =
                Math.max(0, Math.min(Duration.between(now, message.expiresAt()).toSeconds(), LONGEST_LIFE.toSeconds()));
        FcmDraft draft = new FcmDraft(ttlSeconds * 1000);
        addressed(draft.message, message.token()).putAllData(message.data()).putData(ID_KEY, message.itemId());
        boolean isUrgent = isUrgent(message);
        draft.android
                .setTtl(draft.ttlMillis)
                .setPriority(isUrgent ? AndroidConfig.Priority.HIGH : AndroidConfig.Priority.NORMAL);
        message.collapseKey().ifPresent(draft.android::setCollapseKey);
        boolean isShown = message.title().isPresent() || message.body().isPresent();
        if (isShown) {
            show(message, draft);
        }
        apple(message, draft, isShown, isUrgent);
        draft.webpushHeaders.put("TTL", String.valueOf(ttlSeconds));
        draft.webpushHeaders.put("Urgency", isUrgent ? "high" : "normal");
        return draft;
    }

    @SuppressWarnings("deprecation")
    private static Message.Builder addressed(Message.Builder builder, String token) {
        // The client prefers installation ids since 9.10; devices register tokens.
        return builder.setToken(token);
    }

    /** High wakes a sleeping device; Google lowers it for apps that use it for what nobody looks at. */
    private static boolean isUrgent(VendorMessage message) {
        if (message.silent() || message.category().equals(MARKETING) || message.priority() == Priority.LOW) {
            return false;
        }
        return message.priority() == Priority.HIGH || message.category().equals(TRANSACTIONAL);
    }

    private static void show(VendorMessage message, FcmDraft draft) {
        Notification.Builder shown = Notification.builder();
        message.title().ifPresent(shown::setTitle);
        message.body().ifPresent(shown::setBody);
        message.imageUrl().ifPresent(shown::setImage);
        draft.message.setNotification(shown.build());
        AndroidNotification.Builder android = draft.shownNotification();
        message.clickAction().ifPresent(android::setClickAction);
        message.badge().ifPresent(android::setNotificationCount);
        // What replaces a waiting message also replaces a shown one.
        message.collapseKey().ifPresent(android::setTag);
        if (message.silent()) {
            android.setPriority(AndroidNotification.Priority.LOW).setDefaultSound(false);
        } else {
            message.sound().ifPresent(android::setSound);
            if (message.priority() == Priority.LOW) {
                android.setPriority(AndroidNotification.Priority.LOW);
            }
        }
    }

    private static void apple(VendorMessage message, FcmDraft draft, boolean isShown, boolean isUrgent) {
        draft.apnsHeaders.put(
                "apns-expiration", String.valueOf(message.expiresAt().getEpochSecond()));
        draft.apnsHeaders.put("apns-priority", isShown && isUrgent ? "10" : "5");
        message.collapseKey()
                .filter(key -> key.getBytes(StandardCharsets.UTF_8).length <= MAX_APNS_COLLAPSE_BYTES)
                .ifPresent(key -> draft.apnsHeaders.put("apns-collapse-id", key));
        message.badge().ifPresent(badge -> draft.aps.put("badge", badge));
        if (!isShown) {
            draft.aps.put("content-available", 1);
        } else if (message.silent()) {
            draft.aps.put("interruption-level", "passive");
        } else {
            message.sound().ifPresent(sound -> draft.aps.put("sound", sound));
        }
    }

    private static JsonNode wire(Message message) {
        try {
            return JSON.readTree(GsonFactory.getDefaultInstance().toByteArray(message));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    private static int bytes(JsonNode wire) {
        return count(wire.path("data"))
                + count(wire.path("notification"))
                + count(wire.path("android").path("notification"));
    }

    private static int count(JsonNode node) {
        int bytes = node.isValueNode() ? node.asText().getBytes(StandardCharsets.UTF_8).length : 0;
        for (var field : node.properties()) {
            bytes += field.getKey().getBytes(StandardCharsets.UTF_8).length + count(field.getValue());
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                bytes += count(element);
            }
        }
        return bytes;
    }

    private static String make(JsonNode wire) {
        Set<String> names = new TreeSet<>();
        names("", wire, names);
        return String.join(" ", names);
    }

    private static void names(String at, JsonNode node, Set<String> to) {
        // Names below data and payload are the caller's own: any will do.
        if (at.equals(".data") || at.equals(".apns.payload") || at.equals(".webpush.notification")) {
            to.add(at);
            return;
        }
        node.properties().forEach(field -> {
            to.add(at + "." + field.getKey());
            names(at + "." + field.getKey(), field.getValue(), to);
        });
    }
}
