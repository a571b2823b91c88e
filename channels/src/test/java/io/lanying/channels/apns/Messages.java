package io.lanying.channels.apns;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.device.Priority;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Messages for tests, each differing from a plain one in a word or two. */
final class Messages {

    static final String TOKEN = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
    static final Instant EXPIRES = Instant.parse("2026-11-21T12:00:00Z");

    private Messages() {}

    /** What may be changed. */
    static final class Draft {
        private String token = TOKEN;
        private Optional<String> topic = Optional.empty();
        private String itemId = "n1";
        private Optional<String> title = Optional.of("T");
        private Optional<String> body = Optional.of("B");
        private final SortedMap<String, String> data = new TreeMap<>();
        private Optional<String> sound = Optional.empty();
        private Optional<String> imageUrl = Optional.empty();
        private Optional<String> clickAction = Optional.empty();
        private Optional<ObjectNode> block = Optional.empty();
        private Optional<String> collapseKey = Optional.empty();
        private Optional<Integer> badge = Optional.empty();
        private boolean silent;
        private Priority priority = Priority.NORMAL;
        private Instant expiresAt = EXPIRES;

        Draft token(String value) {
            token = value;
            return this;
        }

        Draft topic(String value) {
            topic = Optional.of(value);
            return this;
        }

        Draft itemId(String value) {
            itemId = value;
            return this;
        }

        Draft untitled() {
            title = Optional.empty();
            body = Optional.empty();
            return this;
        }

        Draft body(String value) {
            body = Optional.of(value);
            return this;
        }

        Draft data(Map<String, String> value) {
            data.putAll(value);
            return this;
        }

        Draft sound(String value) {
            sound = Optional.of(value);
            return this;
        }

        Draft imageUrl(String value) {
            imageUrl = Optional.of(value);
            return this;
        }

        Draft clickAction(String value) {
            clickAction = Optional.of(value);
            return this;
        }

        Draft block(String json) {
            block = Optional.of(object(json));
            return this;
        }

        Draft collapseKey(String value) {
            collapseKey = Optional.of(value);
            return this;
        }

        Draft badge(int value) {
            badge = Optional.of(value);
            return this;
        }

        Draft silent() {
            silent = true;
            return this;
        }

        Draft priority(Priority value) {
            priority = value;
            return this;
        }

        Draft expiresAt(Instant value) {
            expiresAt = value;
            return this;
        }

        VendorMessage message() {
            return new VendorMessage(
                    token,
                    topic,
                    itemId,
                    1,
                    title,
                    body,
                    data,
                    sound,
                    imageUrl,
                    clickAction,
                    "standard",
                    block,
                    collapseKey,
                    badge,
                    silent,
                    priority,
                    expiresAt);
        }
    }

    static Draft draft() {
        return new Draft();
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token of its own for each number. */
    static String token(int number) {
        return String.format("%064x", number + 1);
    }
}
