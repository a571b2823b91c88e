package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How an item is brought to its device (api.md, {@code strategy}). */
public enum Strategy {
    /** Own connection first; the vendor if the device is away or does not acknowledge in time. */
    COMBINED("combined"),
    /** Own connection only. */
    SOCKET_ONLY("socketOnly"),
    /** The vendor only, whose answer is final. */
    VENDOR_ONLY("vendorOnly");

    private final String wireName;

    Strategy(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Strategy of(String wireName) {
        for (Strategy value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a Strategy: " + wireName);
    }
}
