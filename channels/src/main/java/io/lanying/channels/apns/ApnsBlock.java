package io.lanying.channels.apns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code apns} block of a message: what the caller wants of Apple's channel only. The fields are explained in
 * {@code docs/channels.md}. One use, by one thread.
 *
 * <p>Values come from callers: whatever is wrong with them is kept as {@link #problem()} and never thrown.
 */
final class ApnsBlock {

    private static final int MAX_TEXT = 1024;
    static final Set<String> FIELDS = Set.of(
            "pushType",
            "collapseId",
            "sound",
            "contentAvailable",
            "mutableContent",
            "category",
            "threadId",
            "subtitle",
            "interruptionLevel",
            "relevanceScore",
            "targetContentId",
            "liveActivity");
    private static final Set<String> SOUND_FIELDS = Set.of("critical", "name", "volume");
    private static final Set<String> LIVE_ACTIVITY_FIELDS =
            Set.of("event", "timestamp", "contentState", "staleDate", "dismissalDate", "attributesType", "attributes");
    private static final Set<String> LEVELS = Set.of("passive", "active", "time-sensitive", "critical");
    private static final Set<String> LIVE_ACTIVITY_EVENTS = Set.of("start", "update", "end");

    private final ObjectNode node;
    private Optional<String> problem = Optional.empty();

    ApnsBlock(ObjectNode node) {
        this.node = node;
    }

    /** Whether it has a field that is not taken. */
    boolean hasUnknownKey() {
        return !hasOnly(node, FIELDS);
    }

    /** The first thing that is wrong with what was asked for so far: the name of a field of ours. */
    Optional<String> problem() {
        return problem;
    }

    Optional<ApnsPushType> pushType() {
        Optional<String> name = text("pushType");
        Optional<ApnsPushType> type = name.flatMap(ApnsPushType::of);
        boolean hasActivity = value("liveActivity").isPresent();
        require(name.isEmpty() || type.isPresent(), "pushType");
        require(type.isEmpty() || (type.get() == ApnsPushType.LIVE_ACTIVITY) == hasActivity, "liveActivity");
        return hasActivity ? Optional.of(ApnsPushType.LIVE_ACTIVITY) : type;
    }

    /** A name, or an object for critical alerts. */
    Optional<JsonNode> sound() {
        Optional<JsonNode> sound = value("sound");
        sound.ifPresent(value -> require(value.isObject() ? isCriticalSound(value) : isText(value), "sound"));
        return sound;
    }

    Optional<String> interruptionLevel() {
        Optional<String> level = text("interruptionLevel");
        require(level.isEmpty() || LEVELS.contains(level.get()), "interruptionLevel");
        return level;
    }

    Optional<Double> relevanceScore() {
        Optional<JsonNode> score = value("relevanceScore");
        score.ifPresent(value -> require(isFraction(value), "relevanceScore"));
        return score.map(JsonNode::asDouble);
    }

    /** What a Live Activity shows, and when it ends. */
    Optional<ObjectNode> liveActivity() {
        Optional<JsonNode> value = value("liveActivity");
        value.ifPresent(activity -> require(isLiveActivity(activity), "liveActivity"));
        return value.filter(JsonNode::isObject).map(ObjectNode.class::cast);
    }

    Optional<String> text(String field) {
        Optional<JsonNode> value = value(field);
        value.ifPresent(text -> require(isText(text), field));
        return value.filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    Optional<Boolean> flag(String field) {
        Optional<JsonNode> value = value(field);
        value.ifPresent(flag -> require(flag.isBoolean(), field));
        return value.map(JsonNode::asBoolean);
    }

    private Optional<JsonNode> value(String field) {
        return Optional.<JsonNode>ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    private boolean isCriticalSound(JsonNode sound) {
        JsonNode critical = sound.path("critical");
        return hasOnly(sound, SOUND_FIELDS)
                && isText(sound.path("name"))
                && (critical.isMissingNode()
                        || (critical.isInt() && (critical.intValue() == 0 || critical.intValue() == 1)))
                && (sound.path("volume").isMissingNode() || isFraction(sound.path("volume")));
    }

    private boolean isLiveActivity(JsonNode activity) {
        return activity.isObject()
                && hasOnly(activity, LIVE_ACTIVITY_FIELDS)
                && LIVE_ACTIVITY_EVENTS.contains(activity.path("event").asText())
                && isEpochSecond(activity.path("timestamp"))
                && activity.path("contentState").isObject()
                && (activity.path("staleDate").isMissingNode() || isEpochSecond(activity.path("staleDate")))
                && (activity.path("dismissalDate").isMissingNode() || isEpochSecond(activity.path("dismissalDate")))
                && (activity.path("attributesType").isMissingNode() || isText(activity.path("attributesType")))
                && (activity.path("attributes").isMissingNode()
                        || activity.path("attributes").isObject());
    }

    private static boolean isEpochSecond(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
    }

    private static boolean isFraction(JsonNode value) {
        return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1;
    }

    private static boolean isText(JsonNode value) {
        return value.isTextual()
                && !value.textValue().isEmpty()
                && value.textValue().length() <= MAX_TEXT;
    }

    private static boolean hasOnly(JsonNode object, Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            if (!known.contains(names.next())) {
                return false;
            }
        }
        return true;
    }

    private void require(boolean holds, String field) {
        if (!holds && problem.isEmpty()) {
            problem = Optional.of(field);
        }
    }
}
