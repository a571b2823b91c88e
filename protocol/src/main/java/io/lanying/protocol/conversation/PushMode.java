package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What of a conversation a member wants push vendors to show; the app's own connection brings everything. */
public enum PushMode {
    ALL("all"),
    /** Only messages that mention the member, or everybody. */
    MENTIONS("mentions"),
    NONE("none");

    private final String wireName;

    PushMode(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static PushMode of(String wireName) {
        for (PushMode value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a PushMode: " + wireName);
    }
}
