package io.lanying.http.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.http.push.NotificationRequest.Message;
import io.lanying.protocol.device.Badge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Writes a notification in the two forms that leave this module: the body that devices get, and what is fingerprinted. */
final class PushBody {

    private static final JsonFactory JSON = new ObjectMapper().getFactory();

    private PushBody() {}

    /** The body of a {@code push} item (api.md §3): what vendors alone get and how it is brought are not in it. */
    static byte[] bytes(Message message) {
        return write(json -> {
            json.writeStartObject();
            body(json, message);
            json.writeEndObject();
        });
    }

    /** What only one vendor's channel gets, by channel; empty if nothing is for one alone. */
    static Optional<byte[]> vendorBlocks(Message message) {
        return message.vendors().isEmpty()
                ? Optional.empty()
                : Optional.of(write(json -> {
                    json.writeStartObject();
                    for (var vendor : message.vendors().entrySet()) {
                        json.writeFieldName(vendor.getKey());
                        sorted(json, vendor.getValue());
                    }
                    json.writeEndObject();
                }));
    }

    /** The whole request in one fixed order, so that equal requests have equal bytes. */
    static byte[] canonical(NotificationRequest request) {
        var message = request.message();
        return write(json -> {
            json.writeStartObject();
            audience(json, request);
            json.writeObjectFieldStart("message");
            body(json, message);
            json.writeStringField("priority", message.priority().wireName());
            text(json, "collapseKey", message.collapseKey());
            for (var vendor : message.vendors().entrySet()) {
                json.writeFieldName(vendor.getKey());
                sorted(json, vendor.getValue());
            }
            json.writeEndObject();
            json.writeStringField("strategy", request.delivery().strategy().wireName());
            json.writeNumberField("ttlSeconds", request.delivery().ttlSeconds());
            json.writeNumberField("ackTimeoutSeconds", request.delivery().ackTimeoutSeconds());
            if (!request.delivery().channelOrder().isEmpty()) {
                json.writeArrayFieldStart("channelOrder");
                for (String channel : request.delivery().channelOrder()) {
                    json.writeString(channel);
                }
                json.writeEndArray();
            }
            text(json, "sendAt", request.delivery().sendAt().map(Instant::toString));
            json.writeEndObject();
        });
    }

    private static void audience(JsonGenerator json, NotificationRequest request) throws IOException {
        if (request.onlyDevice().isPresent()) {
            json.writeStringField("device", request.onlyDevice().get());
            return;
        }
        var audience = request.audience();
        json.writeStringField("audience", audience.kind().wireName());
        texts(json, "ids", audience.ids());
        texts(json, "any", audience.tagsAny());
        texts(json, "all", audience.tagsAll());
        texts(json, "none", audience.tagsNone());
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void body(JsonGenerator json, Message message) throws IOException {
        text(json, "title", message.title());
        text(json, "body", message.body());
        if (!message.data().isEmpty()) {
            json.writeObjectFieldStart("data");
            for (Map.Entry<String, String> entry : message.data().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
        if (message.badge().isPresent()) {
            badge(json, message.badge().get());
        }
        text(json, "sound", message.sound());
        text(json, "imageUrl", message.imageUrl());
        text(json, "clickAction", message.clickAction());
        json.writeStringField("category", message.category().wireName());
    }

    private static void badge(JsonGenerator json, Badge badge) throws IOException {
        if (badge.relative()) {
            json.writeStringField("badge", "+" + badge.value());
        } else {
            json.writeNumberField("badge", badge.value());
        }
    }

    private static void sorted(JsonGenerator json, JsonNode node) throws IOException {
        if (node.isObject()) {
            json.writeStartObject();
            var names = new TreeSet<String>();
            node.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                json.writeFieldName(name);
                sorted(json, node.get(name));
            }
            json.writeEndObject();
        } else if (node.isArray()) {
            json.writeStartArray();
            for (JsonNode item : node) {
                sorted(json, item);
            }
            json.writeEndArray();
        } else {
            json.writeTree(node);
        }
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    private static byte[] write(Writer writer) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Writer {
        void write(JsonGenerator json) throws IOException;
    }
}
