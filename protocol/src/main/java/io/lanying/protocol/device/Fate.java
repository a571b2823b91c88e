package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What became of an item (api.md, {@code why}). {@code PENDING} is the only one that is not an end. */
public enum Fate {
    /** Accepted, not yet acknowledged nor ended. */
    PENDING("pending"),
    /** The device acknowledged its number. */
    ACKNOWLEDGED("acknowledged"),
    /** A push vendor took it. */
    ACCEPTED_BY_VENDOR("acceptedByVendor"),
    /** A push vendor reported it delivered. */
    CONFIRMED_BY_VENDOR("confirmedByVendor"),
    /** The person opened it. */
    OPENED("opened"),
    /** Its time-to-live ended first. */
    EXPIRED("expired"),
    /** A newer item with its collapse key took its place. */
    SUPERSEDED("superseded"),
    /** Cancelled before any path had taken it. */
    CANCELLED("cancelled"),
    /** Recalled after a path may have taken it; a recall item follows it. */
    RECALLED("recalled"),
    /** The device changed its user first. */
    REBOUND("rebound"),
    /** Refused, with a reason such as {@code backlog}. */
    REFUSED("refused"),
    /** The device was deleted first. */
    DEVICE_GONE("deviceGone"),
    /** The device was not addressed. */
    NOT_TARGETED("notTargeted");

    private final String wireName;

    Fate(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /**
     * Whether an item of this fate takes another one from the end of its number. What a vendor took stays so, unless more comes
     * to be known of it than that its time on our side was over.
     */
    public boolean givesWayTo(Fate end) {
        return switch (this) {
            case PENDING -> true;
            case ACCEPTED_BY_VENDOR ->
                end == ACKNOWLEDGED
                        || end == CONFIRMED_BY_VENDOR
                        || end == OPENED
                        || end == SUPERSEDED
                        || end == CANCELLED
                        || end == RECALLED;
            default -> false;
        };
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static Fate of(String wireName) {
        for (Fate value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a Fate: " + wireName);
    }
}
