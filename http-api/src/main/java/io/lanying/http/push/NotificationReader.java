package io.lanying.http.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldError;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.http.json.Times;
import io.lanying.http.push.NotificationRequest.Delivery;
import io.lanying.http.push.NotificationRequest.Message;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Strategy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the body of {@code POST /v1/notifications}. What is wrong is 400; what is right but cannot be done yet is 422, so
 * that nothing asked for is silently left out. Used for one document.
 */
final class NotificationReader {

    static final long DEFAULT_TTL_SECONDS = 259_200;
    static final long MAX_TTL_SECONDS = 28L * 86_400;

    private static final int MAX_DATA = 100;
    private static final Set<String> CATEGORIES = Set.of("transactional", "standard", "marketing");
    private static final Set<String> STRATEGIES = Set.of("combined", "socketOnly", "vendorOnly");
    private static final TextRule CATEGORY = oneOf(CATEGORIES);
    private static final TextRule STRATEGY = oneOf(STRATEGIES);
    private static final TextRule PRIORITY = oneOf(Set.of("low", "normal", "high"));
    private static final TextRule BADGE_CHANGE = TextRule.matching("\\+[1-9][0-9]{0,4}");
    private static final TextRule COLLAPSE_KEY = TextRule.matching("[^\\p{C}]{1,64}");
    private static final TextRule CHANNEL = TextRule.matching("[A-Za-z0-9._-]{1,32}");
    private static final TextRule IMAGE = new TextRule(NotificationReader::isImage, "an https address");
    private static final List<String> VENDORS = List.of("apns", "fcm", "huawei");

    private final FieldErrors errors = new FieldErrors();
    private final List<FieldError> unsupported = new ArrayList<>();
    private Optional<String> audienceRefused = Optional.empty();

    private NotificationReader() {}

    static Checked<NotificationRequest> read(JsonNode document) {
        return new NotificationReader().readAll(document);
    }

    private Checked<NotificationRequest> readAll(JsonNode document) {
        var root = Fields.root(document, errors);
        var devices = readAudience(root.requiredObject("audience"));
        var message = readMessage(root.requiredObject("message"));
        var delivery = root.object("delivery")
                .map(this::readDelivery)
                .orElse(new Delivery(Strategy.COMBINED, DEFAULT_TTL_SECONDS, 10, List.of()));
        root.end();
        if (errors.isEmpty() && audienceRefused.isPresent()) {
            return Checked.refused(
                    Problem.field(ErrorCode.AUDIENCE_NOT_SUPPORTED, "/audience", "unsupported", audienceRefused.get()));
        }
        if (errors.isEmpty() && !unsupported.isEmpty()) {
            return Checked.refused(Problem.fields(ErrorCode.NOT_SUPPORTED, unsupported));
        }
        return errors.orElse(() -> new NotificationRequest(devices.get(0), message, delivery));
    }

    private List<String> readAudience(Fields audience) {
        var devices = audience.texts("devices", TextRule.ID, 1_000);
        int kinds = 0;
        for (String kind : List.of("devices", "users", "aliases", "tags", "everyone")) {
            kinds += audience.has(kind) ? 1 : 0;
        }
        if (kinds != 1) {
            errors.add("/audience", "range", "must have exactly one of devices, users, aliases, tags, everyone");
        } else if (audience.has("devices") && devices.isEmpty()) {
            audience.error("devices", "range", "must name at least one device");
        }
        audience.texts("users", TextRule.ID, 1_000);
        audience.texts("aliases", TextRule.LABEL, 1_000);
        audience.object("tags").ifPresent(this::readTags);
        if (audience.flag("everyone").filter(everyone -> !everyone).isPresent()) {
            audience.error("everyone", "range", "must be true");
        }
        audience.end();
        if (kinds == 1 && devices.size() != 1) {
            audienceRefused = Optional.of("can only be one device for now: {\"devices\":[\"…\"]}");
        }
        return devices;
    }

    private void readTags(Fields tags) {
        for (String kind : List.of("any", "all", "none")) {
            tags.texts(kind, TextRule.LABEL, 100);
        }
        tags.end();
    }

    private Message readMessage(Fields fields) {
        var message = new Message(
                fields.text("title", TextRule.ANY),
                fields.text("body", TextRule.ANY),
                fields.textMap("data", MAX_DATA),
                readBadge(fields),
                fields.text("sound", TextRule.atMost(128)),
                fields.text("imageUrl", IMAGE),
                fields.text("clickAction", TextRule.atMost(2_048)),
                fields.text("category", CATEGORY).map(Category::of).orElse(Category.STANDARD),
                fields.text("priority", PRIORITY).map(Priority::of).orElse(Priority.NORMAL),
                fields.text("collapseKey", COLLAPSE_KEY),
                readVendors(fields));
        fields.end();
        boolean empty = message.title().isEmpty()
                && message.body().isEmpty()
                && message.data().isEmpty()
                && message.badge().isEmpty();
        if (empty) {
            errors.add("/message", "required", "must have a title, a body, data or a badge");
        }
        return message;
    }

    private static Optional<Badge> readBadge(Fields fields) {
        if (fields.any("badge").filter(JsonNode::isTextual).isPresent()) {
            return fields.text("badge", BADGE_CHANGE).map(text -> new Badge(true, Integer.parseInt(text.substring(1))));
        }
        var number = fields.integer("badge", 0, 99_999);
        return number.isPresent() ? Optional.of(new Badge(false, (int) number.getAsLong())) : Optional.empty();
    }

    private static Map<String, ObjectNode> readVendors(Fields fields) {
        var vendors = new TreeMap<String, ObjectNode>();
        for (String vendor : VENDORS) {
            fields.anyObject(vendor).ifPresent(block -> vendors.put(vendor, block));
        }
        return vendors;
    }

    private Delivery readDelivery(Fields fields) {
        var delivery = new Delivery(
                fields.text("strategy", STRATEGY).map(Strategy::of).orElse(Strategy.COMBINED),
                fields.integer("ttlSeconds", 1, MAX_TTL_SECONDS).orElse(DEFAULT_TTL_SECONDS),
                fields.integer("ackTimeoutSeconds", 1, 300).orElse(10),
                fields.texts("channelOrder", CHANNEL, 16));
        if (fields.text("sendAt", Times.RULE).isPresent()) {
            unsupported("/delivery/sendAt", "schedules are not there yet; leave it out or null");
        }
        fields.end();
        return delivery;
    }

    private void unsupported(String pointer, String detail) {
        unsupported.add(new FieldError(pointer, "unsupported", detail));
    }

    private static TextRule oneOf(Set<String> words) {
        return new TextRule(
                words::contains,
                "one of " + String.join(", ", words.stream().sorted().toList()));
    }

    private static boolean isImage(String text) {
        try {
            var uri = new URI(text);
            return text.length() <= 2_048 && "https".equals(uri.getScheme()) && uri.getHost() != null;
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }
}
