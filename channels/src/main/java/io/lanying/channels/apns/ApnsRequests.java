package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.DeliveryPriority;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.device.Priority;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes requests of messages, or says why Apple need not be asked. Thread-safe; the same message gives the same request. */
final class ApnsRequests {

    /** Apple stores a notification for 30 days at most. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private static final int MAX_COLLAPSE_BYTES = 64;

    /** Apple does not promise a length; the tokens of today have 64 to about 200 digits. */
    private static final Pattern TOKEN = Pattern.compile("[0-9A-Fa-f]{2,1024}");

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9.-]{1,200}");

    /** What goes into a header as it is: anything else would be changed on the way. */
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String defaultTopic;
    private final Clock clock;

    ApnsRequests(String defaultTopic, Clock clock) {
        this.defaultTopic = defaultTopic;
        this.clock = clock;
    }

    /**
     * A request, or why there is none.
     *
     * @param refusal the answer if there is no request
     */
    record Prepared(Optional<ApnsNotification> request, VendorAnswer refusal) {

        private static final VendorAnswer NONE = VendorAnswer.of(ResultClass.ACCEPTED, "");

        private static Prepared ready(ApnsNotification request) {
            return new Prepared(Optional.of(request), NONE);
        }

        private static Prepared refused(VendorAnswer answer) {
            return new Prepared(Optional.empty(), answer);
        }

        /** What is made of the one or of the other. */
        <T> T either(Function<ApnsNotification, T> ifReady, Function<VendorAnswer, T> ifRefused) {
            return request.map(ifReady).orElseGet(() -> ifRefused.apply(refusal));
        }
    }

    /** Makes the request. */
    Prepared prepare(VendorMessage message) {
        String topic = message.topic().orElse(defaultTopic);
        Instant now = clock.instant();
        if (!TOKEN.matcher(message.token()).matches()) {
            return Prepared.refused(ApnsLocal.BAD_TOKEN.answer());
        }
        if (!TOPIC.matcher(topic).matches()) {
            return Prepared.refused(ApnsLocal.BAD_TOPIC.answer());
        }
        if (!message.expiresAt().isAfter(now)) {
            return Prepared.refused(ApnsLocal.EXPIRED.answer());
        }
        if (!Collections.disjoint(message.data().keySet(), ApnsPayload.RESERVED)) {
            return Prepared.refused(ApnsLocal.FORBIDDEN_DATA_KEY.answer());
        }
        return fill(message, topic, now);
    }

    private Prepared fill(VendorMessage message, String topic, Instant now) {
        ApnsBlock block = new ApnsBlock(message.block().orElseGet(JsonNodeFactory.instance::objectNode));
        ApnsPayload.Built built = new ApnsPayload(message, block).build();
        Optional<String> collapseKey = block.text("collapseId").or(message::collapseKey);
        if (block.hasUnknownKey()) {
            return Prepared.refused(ApnsLocal.UNKNOWN_KEY.answer());
        }
        if (block.problem().isPresent()) {
            return Prepared.refused(ApnsLocal.BAD_BLOCK.answer(block.problem().get()));
        }
        String payload;
        try {
            payload = JSON.writeValueAsString(built.root());
        } catch (JsonProcessingException e) {
            return Prepared.refused(ApnsLocal.UNBUILDABLE.answer());
        }
        if (payload.getBytes(StandardCharsets.UTF_8).length > built.pushType().maxBytes()) {
            return Prepared.refused(ApnsLocal.TOO_LARGE.answer());
        }
        return Prepared.ready(new ApnsNotification(
                message.token(),
                built.pushType().topic(topic),
                payload,
                earlier(message.expiresAt(), now.plus(LONGEST_LIFE)),
                priority(message, built),
                built.pushType(),
                collapseKey.map(ApnsRequests::collapseId).orElse(null),
                apnsId(message)));
    }

    /** Sent again, the same message has the same id. */
    private static UUID apnsId(VendorMessage message) {
        return UUID.nameUUIDFromBytes((message.itemId() + '\0' + message.token()).getBytes(StandardCharsets.UTF_8));
    }

    /** What does not fit is replaced by its hash, which has exactly 64 bytes: equal keys still replace each other. */
    private static String collapseId(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_COLLAPSE_BYTES && PLAIN.matcher(key).matches()) {
            return key;
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static DeliveryPriority priority(VendorMessage message, ApnsPayload.Built built) {
        boolean conserves = message.priority() == Priority.LOW
                || message.silent()
                || built.pushType() == ApnsPushType.BACKGROUND
                || built.isContentAvailableOnly();
        return conserves ? DeliveryPriority.CONSERVE_POWER : DeliveryPriority.IMMEDIATE;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
