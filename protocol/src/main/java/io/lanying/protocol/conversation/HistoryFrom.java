package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How far back a member may read. */
public enum HistoryFrom {
    /** What was posted after the member last joined. */
    JOINING("joining"),
    START("start");

    private final String wireName;

    HistoryFrom(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static HistoryFrom of(String wireName) {
        for (HistoryFrom value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a HistoryFrom: " + wireName);
    }
}
