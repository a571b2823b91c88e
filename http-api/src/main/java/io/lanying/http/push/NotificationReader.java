package io.lanying.http.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.http.json.Times;
import io.lanying.http.push.NotificationRequest.Delivery;
import io.lanying.http.push.NotificationRequest.Message;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.notification.Audience;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads the body of {@code POST /v1/notifications}. What is wrong is 400, so that nothing asked for is silently left out. Used
 * for one document.
 */
final class NotificationReader {

    static final long DEFAULT_TTL_SECONDS = 259_200;
    static final long MAX_TTL_SECONDS = 28L * 86_400;

    private static final int MAX_DATA = 100;
    private static final Duration MAX_AHEAD = Duration.ofDays(28);
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final List<String> AUDIENCES = List.of("devices", "users", "aliases", "tags", "everyone");
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
    private final Instant now;

    private NotificationReader(Instant now) {
        this.now = now;
    }

    /** @param now what {@code sendAt} is measured by */
    static Checked<NotificationRequest> read(JsonNode document, Instant now) {
        return new NotificationReader(now).readAll(document);
    }

    private Checked<NotificationRequest> readAll(JsonNode document) {
        var root = Fields.root(document, errors);
        var audience = readAudience(root.requiredObject("audience"));
        var message = readMessage(root.requiredObject("message"));
        var delivery = root.object("delivery")
                .map(this::readDelivery)
                .orElse(new Delivery(Strategy.COMBINED, DEFAULT_TTL_SECONDS, 10, List.of(), Optional.empty()));
        root.end();
        return errors.orElse(() -> new NotificationRequest(audience.orElseThrow(), message, delivery));
    }

    private Optional<Audience> readAudience(Fields fields) {
        var devices = fields.texts("devices", TextRule.ID, Audience.MAX_IDS);
        var users = fields.texts("users", TextRule.ID, Audience.MAX_IDS);
        var aliases = fields.texts("aliases", TextRule.LABEL, Audience.MAX_IDS);
        var tags = fields.object("tags").flatMap(this::readTags);
        var everyone = fields.flag("everyone");
        if (everyone.filter(all -> !all).isPresent()) {
            fields.error("everyone", "range", "must be true");
        }
        fields.end();
        var kinds = AUDIENCES.stream().filter(fields::has).toList();
        if (kinds.size() != 1) {
            errors.add("/audience", "range", "must have exactly one of " + String.join(", ", AUDIENCES));
            return Optional.empty();
        }
        return switch (kinds.get(0)) {
            case "devices" -> named(fields, "devices", devices, Audience::devices);
            case "users" -> named(fields, "users", users, Audience::users);
            case "aliases" -> named(fields, "aliases", aliases, Audience::aliases);
            case "tags" -> tags;
            default -> Optional.of(Audience.everyone());
        };
    }

    private static Optional<Audience> named(
            Fields fields, String name, List<String> names, Function<List<String>, Audience> audience) {
        if (names.isEmpty()) {
            fields.error(name, "range", "must name at least one");
            return Optional.empty();
        }
        return Optional.of(audience.apply(names));
    }

    private Optional<Audience> readTags(Fields tags) {
        var any = tags.texts("any", TextRule.LABEL, Audience.MAX_TAGS);
        var all = tags.texts("all", TextRule.LABEL, Audience.MAX_TAGS);
        var none = tags.texts("none", TextRule.LABEL, Audience.MAX_TAGS);
        tags.end();
        if (any.isEmpty() && all.isEmpty() && none.isEmpty()) {
            errors.add("/audience/tags", "range", "must have a tag in any, all or none");
            return Optional.empty();
        }
        return Optional.of(Audience.tags(any, all, none));
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
                fields.texts("channelOrder", CHANNEL, 16),
                readSendAt(fields));
        fields.end();
        return delivery;
    }

    /** A time that has passed means now, so that a repeat gets its first answer however late it comes. */
    private Optional<Instant> readSendAt(Fields fields) {
        var sendAt = fields.text("sendAt", Times.RULE).map(Instant::parse);
        if (sendAt.filter(time -> time.isBefore(EARLIEST) || time.isAfter(now.plus(MAX_AHEAD)))
                .isPresent()) {
            fields.error("sendAt", "range", "must be within " + MAX_AHEAD.toDays() + " days");
            return Optional.empty();
        }
        return sendAt.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
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
