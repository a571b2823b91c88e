package io.lanying.http.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.device.Priority;
import java.util.Map;
import java.util.Optional;

/** A notification as asked for, checked, with every default filled in. */
record NotificationRequest(String deviceId, Message message, Delivery delivery) {

    /**
     * What is shown.
     *
     * @param data sorted by name
     * @param badge a number or a text such as {@code +1}
     * @param vendors what only one vendor's channel gets, by field name, sorted
     */
    record Message(
            Optional<String> title,
            Optional<String> body,
            Map<String, String> data,
            Optional<JsonNode> badge,
            Optional<String> sound,
            Optional<String> imageUrl,
            Optional<String> clickAction,
            String category,
            Priority priority,
            Optional<String> collapseKey,
            Map<String, ObjectNode> vendors) {}

    /** How it is brought. */
    record Delivery(String strategy, long ttlSeconds, long ackTimeoutSeconds) {}
}
