package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Which open item survives when the backlog is full: the oldest of the lowest priority ends first. */
public enum Priority {
    LOW("low"),
    NORMAL("normal"),
    HIGH("high");

    private final String wireName;

    Priority(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Priority of(String wireName) {
        for (Priority value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a Priority: " + wireName);
    }
}
