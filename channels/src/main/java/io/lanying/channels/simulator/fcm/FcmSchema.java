package io.lanying.channels.simulator.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.channels.simulator.fcm.FcmErrors.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The shape of a send request, as Google's front end checks it: unknown names and wrong types are refused with their place. */
final class FcmSchema {

    /** Checks a value and notes what is wrong. */
    private interface Type {
        void check(JsonNode value, String at, List<Violation> found);
    }

    private static final Pattern CAMEL = Pattern.compile("([A-Z])");
    private static final Pattern DURATION_FORM = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");

    private static final Type STRING = typed("TYPE_STRING", JsonNode::isTextual);
    private static final Type BOOL = typed("TYPE_BOOL", JsonNode::isBoolean);
    private static final Type INT = typed("TYPE_INT32", value -> value.isIntegralNumber() && value.canConvertToInt());
    private static final Type FLOAT = typed("TYPE_FLOAT", JsonNode::isNumber);
    private static final Type STRUCT = typed("google.protobuf.Struct", JsonNode::isObject);
    private static final Type TIMESTAMP = typed("google.protobuf.Timestamp", JsonNode::isTextual);
    private static final Type DURATION = typed(
            "google.protobuf.Duration",
            value -> value.isTextual()
                    && DURATION_FORM.matcher(value.textValue()).matches());

    private static final Type LABEL = object(Map.of("analytics_label", STRING));

    private static final Type ANDROID_NOTIFICATION = object(Map.ofEntries(
            Map.entry("title", STRING),
            Map.entry("body", STRING),
            Map.entry("icon", STRING),
            Map.entry("color", STRING),
            Map.entry("sound", STRING),
            Map.entry("tag", STRING),
            Map.entry("click_action", STRING),
            Map.entry("body_loc_key", STRING),
            Map.entry("body_loc_args", list(STRING)),
            Map.entry("title_loc_key", STRING),
            Map.entry("title_loc_args", list(STRING)),
            Map.entry("channel_id", STRING),
            Map.entry("image", STRING),
            Map.entry("ticker", STRING),
            Map.entry("sticky", BOOL),
            Map.entry("event_time", TIMESTAMP),
            Map.entry("local_only", BOOL),
            Map.entry(
                    "notification_priority",
                    oneOf("PRIORITY_MIN", "PRIORITY_LOW", "PRIORITY_DEFAULT", "PRIORITY_HIGH", "PRIORITY_MAX")),
            Map.entry("vibrate_timings", list(DURATION)),
            Map.entry("default_vibrate_timings", BOOL),
            Map.entry("default_sound", BOOL),
            Map.entry(
                    "light_settings",
                    object(Map.of(
                            "color", object(Map.of("red", FLOAT, "green", FLOAT, "blue", FLOAT, "alpha", FLOAT)),
                            "light_on_duration", DURATION,
                            "light_off_duration", DURATION))),
            Map.entry("default_light_settings", BOOL),
            Map.entry("visibility", oneOf("PRIVATE", "PUBLIC", "SECRET")),
            Map.entry("notification_count", INT),
            Map.entry("proxy", oneOf("ALLOW", "DENY", "IF_PRIORITY_LOWERED"))));

    private static final Type ANDROID = object(Map.ofEntries(
            Map.entry("collapse_key", STRING),
            Map.entry("priority", oneOf("NORMAL", "HIGH")),
            Map.entry("ttl", DURATION),
            Map.entry("restricted_package_name", STRING),
            Map.entry("data", texts()),
            Map.entry("notification", ANDROID_NOTIFICATION),
            Map.entry("fcm_options", LABEL),
            Map.entry("direct_boot_ok", BOOL),
            Map.entry("bandwidth_constrained_ok", BOOL),
            Map.entry("restricted_satellite_ok", BOOL)));

    private static final Type MESSAGE = object(Map.ofEntries(
            Map.entry("token", STRING),
            Map.entry("topic", STRING),
            Map.entry("condition", STRING),
            Map.entry("fid", STRING),
            Map.entry("data", texts()),
            Map.entry("notification", object(Map.of("title", STRING, "body", STRING, "image", STRING))),
            Map.entry("android", ANDROID),
            Map.entry(
                    "apns",
                    object(Map.of(
                            "headers",
                            texts(),
                            "payload",
                            STRUCT,
                            "fcm_options",
                            object(Map.of("analytics_label", STRING, "image", STRING)),
                            "live_activity_token",
                            STRING))),
            Map.entry(
                    "webpush",
                    object(Map.of(
                            "headers", texts(),
                            "data", texts(),
                            "notification", STRUCT,
                            "fcm_options", object(Map.of("link", STRING, "analytics_label", STRING))))),
            Map.entry("fcm_options", LABEL)));

    private static final Map<String, Type> REQUEST = Map.of("message", MESSAGE, "validate_only", BOOL);

    private FcmSchema() {}

    static List<Violation> violations(JsonNode request) {
        List<Violation> found = new ArrayList<>();
        fields(request, "", REQUEST, found);
        return found;
    }

    private static void fields(JsonNode object, String at, Map<String, Type> types, List<Violation> found) {
        object.properties().forEach(field -> {
            // Google takes the names in both spellings.
            Type type = types.get(snake(field.getKey()));
            if (type == null) {
                String place = at.isEmpty() ? "" : " at '" + at + "'";
                found.add(new Violation(
                        at,
                        "Invalid JSON payload received. Unknown name \"" + field.getKey() + "\"" + place
                                + ": Cannot find field."));
            } else {
                type.check(field.getValue(), at.isEmpty() ? field.getKey() : at + "." + field.getKey(), found);
            }
        });
    }

    private static String snake(String name) {
        return CAMEL.matcher(name).replaceAll("_$1").toLowerCase(Locale.ROOT);
    }

    private static Type typed(String name, Predicate<JsonNode> isRight) {
        return (value, at, found) -> {
            if (!isRight.test(value)) {
                found.add(new Violation(at, "Invalid value at '" + at + "' (" + name + "), " + value));
            }
        };
    }

    private static Type object(Map<String, Type> types) {
        return (value, at, found) -> {
            if (value.isObject()) {
                fields(value, at, types, found);
            } else {
                found.add(new Violation(at, "Invalid value at '" + at + "' (object), " + value));
            }
        };
    }

    private static Type list(Type element) {
        return (value, at, found) -> {
            if (!value.isArray()) {
                found.add(new Violation(at, "Invalid value at '" + at + "' (list), " + value));
            }
            for (int i = 0; i < value.size(); i++) {
                element.check(value.path(i), at + "[" + i + "]", found);
            }
        };
    }

    /** A map of strings; Google counts its entries like a list. */
    private static Type texts() {
        return (value, at, found) -> {
            if (!value.isObject()) {
                found.add(new Violation(at, "Invalid value at '" + at + "' (map), " + value));
                return;
            }
            int i = 0;
            for (var entry : value.properties()) {
                STRING.check(entry.getValue(), at + "[" + i++ + "].value", found);
            }
        };
    }

    private static Type oneOf(String... names) {
        Set<String> known = Set.of(names);
        return typed(
                "enum",
                value -> value.isTextual() && known.contains(value.textValue().toUpperCase(Locale.ROOT)));
    }
}
