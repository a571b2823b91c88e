package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Whether a conversation is between two people for ever, or among those who come and go. */
public enum ConversationType {
    DIRECT("direct"),
    GROUP("group");

    private final String wireName;

    ConversationType(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static ConversationType of(String wireName) {
        for (ConversationType value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a ConversationType: " + wireName);
    }
}
