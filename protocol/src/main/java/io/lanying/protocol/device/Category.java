package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a notification is about (api.md, {@code category}). */
public enum Category {
    /** The fast lane: account and transaction alerts. Quiet hours do not hold it back. */
    TRANSACTIONAL("transactional"),
    /** Everything else a person asked for. */
    STANDARD("standard"),
    /** Promotion: gives way to all else. */
    MARKETING("marketing");

    private final String wireName;

    Category(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Category of(String wireName) {
        for (Category value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a Category: " + wireName);
    }
}
