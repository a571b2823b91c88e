package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a message's content is. */
public enum MessageType {
    TEXT("text"),
    IMAGE("image"),
    AUDIO("audio"),
    VIDEO("video"),
    FILE("file"),
    LOCATION("location"),
    /** For the app, not shown; never sent by a push vendor. */
    COMMAND("command"),
    /** Whatever the app makes of it. */
    CUSTOM("custom");

    private final String wireName;

    MessageType(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static MessageType of(String wireName) {
        for (MessageType value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a MessageType: " + wireName);
    }
}
