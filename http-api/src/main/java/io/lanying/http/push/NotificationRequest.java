package io.lanying.http.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.notification.Audience;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A notification as asked for, checked, with every default filled in. */
record NotificationRequest(Audience audience, Message message, Delivery delivery) {

    /** The device, if it is for one alone and for now: that device takes it by itself. */
    Optional<String> onlyDevice() {
        boolean one = audience.kind() == Audience.Kind.DEVICES && audience.ids().size() == 1;
        return one && delivery.sendAt().isEmpty() ? Optional.of(audience.ids().get(0)) : Optional.empty();
    }

    /**
     * What is shown.
     *
     * @param data sorted by name
     * @param vendors what only one vendor's channel gets, by field name, sorted
     */
    record Message(
            Optional<String> title,
            Optional<String> body,
            Map<String, String> data,
            Optional<Badge> badge,
            Optional<String> sound,
            Optional<String> imageUrl,
            Optional<String> clickAction,
            Category category,
            Priority priority,
            Optional<String> collapseKey,
            Map<String, ObjectNode> vendors) {}

    /** How it is brought, as the device takes it. */
    PushOptions options() {
        return new PushOptions(
                delivery.strategy(),
                (int) delivery.ackTimeoutSeconds(),
                delivery.channelOrder(),
                message.category(),
                message.badge());
    }

    /**
     * How it is brought.
     *
     * @param sendAt absent: now
     */
    record Delivery(
            Strategy strategy,
            long ttlSeconds,
            long ackTimeoutSeconds,
            List<String> channelOrder,
            Optional<Instant> sendAt) {}
}
