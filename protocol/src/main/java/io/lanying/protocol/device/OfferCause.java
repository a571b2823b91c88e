package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Why an item was given to a push vendor. */
public enum OfferCause {
    /** No session of the device was attached. */
    AWAY("away"),
    /** It was handed to a session and not acknowledged in time. */
    ACK_TIMEOUT("ackTimeout"),
    /** The session had let an earlier item's time pass and was not trusted until it answered. */
    DOUBTFUL("doubtful"),
    /** It was to go by vendor only. */
    STRATEGY("strategy"),
    /** Another vendor token had been refused before. */
    NEXT_TOKEN("nextToken");

    private final String wireName;

    OfferCause(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static OfferCause of(String wireName) {
        for (OfferCause value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a OfferCause: " + wireName);
    }
}
