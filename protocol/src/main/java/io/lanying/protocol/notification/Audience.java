package io.lanying.protocol.notification;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.List;

/**
 * Whom a notification is for. Ids and labels are sorted and without repeats, so that equal audiences are equal.
 *
 * @param ids devices, users or aliases, at most {@link #MAX_IDS}; empty for the other kinds
 * @param tagsAny a device has at least one of these, unless there are none; at most {@link #MAX_TAGS}, as the others
 * @param tagsAll a device has every one of these
 * @param tagsNone a device has none of these
 */
public record Audience(Kind kind, List<String> ids, List<String> tagsAny, List<String> tagsAll, List<String> tagsNone)
        implements Persisted, Remoted {

    public static final int MAX_IDS = 1_000;
    public static final int MAX_TAGS = 100;

    public Audience {
        ids = ordered(ids);
        tagsAny = ordered(tagsAny);
        tagsAll = ordered(tagsAll);
        tagsNone = ordered(tagsNone);
    }

    /** The kinds of audiences; a notification has exactly one. */
    public enum Kind {
        DEVICES("devices"),
        USERS("users"),
        ALIASES("aliases"),
        TAGS("tags"),
        EVERYONE("everyone");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The name in journals and in the API; never changes. */
        @JsonValue
        public String wireName() {
            return wireName;
        }

        /** The constant with this wire name. */
        @JsonCreator
        public static Kind of(String wireName) {
            for (Kind value : values()) {
                if (value.wireName.equals(wireName)) {
                    return value;
                }
            }
            throw new IllegalArgumentException("not a kind of audience: " + wireName);
        }
    }

    /** Devices by id. */
    public static Audience devices(List<String> ids) {
        return new Audience(Kind.DEVICES, ids, List.of(), List.of(), List.of());
    }

    /** All devices of users. */
    public static Audience users(List<String> ids) {
        return new Audience(Kind.USERS, ids, List.of(), List.of(), List.of());
    }

    /** Devices by alias. */
    public static Audience aliases(List<String> aliases) {
        return new Audience(Kind.ALIASES, aliases, List.of(), List.of(), List.of());
    }

    /** Devices by their tags; at least one list is not empty, or it is nobody's. */
    public static Audience tags(List<String> any, List<String> all, List<String> none) {
        return new Audience(Kind.TAGS, List.of(), any, all, none);
    }

    /** Every device of the tenant. */
    public static Audience everyone() {
        return new Audience(Kind.EVERYONE, List.of(), List.of(), List.of(), List.of());
    }

    private static List<String> ordered(List<String> names) {
        return names == null ? List.of() : names.stream().distinct().sorted().toList();
    }
}
