package io.lanying.protocol.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What a vendor's answer means, whatever the vendor: each answer is mapped to exactly one class, and each class has one
 * reaction.
 */
public enum ResultClass {
    /** The vendor took the message; never a proof of display. */
    ACCEPTED("accepted"),
    /** This token will never work again: unbind it, if it is still the one that was sent and not newer than the vendor's word. */
    TOKEN_INVALID("tokenInvalid"),
    /**
     * The person switched notifications off, or is over the device's quota: keep the token, give this message up, and leave the
     * token alone for a while.
     */
    TARGET_SUPPRESSED("targetSuppressed"),
    /** Too many messages to this one target: wait, for this target only. */
    THROTTLED_DEVICE("throttledDevice"),
    /** The whole app is too fast: slow the channel down and try again. */
    THROTTLED_APP("throttledApp"),
    /** The day's allowance is used up: no more messages of this category until the vendor's midnight. */
    QUOTA_DAY("quotaDay"),
    /** The access token is stale: renew it once and try again once. */
    AUTH_EXPIRED("authExpired"),
    /** Wrong key, project, package or topic: park the channel, alarm, do not retry. */
    AUTH_CONFIG("authConfig"),
    /** The message is over the vendor's size: refused for good. */
    TOO_LARGE("tooLarge"),
    /** The message is refused for good for another reason; the token is good. */
    REJECTED("rejected"),
    /** The vendor's or the network's fault, before the request had left: try again. */
    RETRY("retry"),
    /** The request had left, no answer came: it may have been taken. */
    UNKNOWN_OUTCOME("unknownOutcome");

    private final String wireName;

    ResultClass(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals, metrics and {@code why}; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The class with this wire name. */
    @JsonCreator
    public static ResultClass of(String wireName) {
        for (ResultClass value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a result class: " + wireName);
    }
}
