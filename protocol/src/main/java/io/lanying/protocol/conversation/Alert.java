package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a push vendor may make of a message for one member. */
public enum Alert {
    /** Shown with a sound, as far as the person's settings allow. */
    ALERT("alert"),
    /** Shown, also to a person who has muted everything or has quiet hours: the member is mentioned and wants to know. */
    MENTION("mention"),
    /** No vendor is used: a silent message, or a conversation whose pushes the member switched off. */
    NONE("none"),
    /** No vendor is used: the member's own message. Who writes has read what was there before. */
    OWN("own");

    private final String wireName;

    Alert(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether a vendor may get the message, should no connection of the app bring it. */
    public boolean isByVendor() {
        return this == ALERT || this == MENTION;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Alert of(String wireName) {
        for (Alert value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not an Alert: " + wireName);
    }
}
