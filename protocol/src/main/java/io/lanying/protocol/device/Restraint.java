package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How the owner's wish for quiet changes the way of an item. */
public enum Restraint {
    /** The owner is muted: no push vendor gets it. */
    MUTED("muted"),
    /** Quiet hours: a push vendor shows it without sound and alert. */
    SILENT("silent"),
    /** Quiet hours: no push vendor gets it before they end. */
    DEFERRED("deferred");

    private final String wireName;

    Restraint(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Restraint of(String wireName) {
        for (Restraint value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a Restraint: " + wireName);
    }
}
