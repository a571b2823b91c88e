package io.lanying.protocol.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lanying.protocol.Persisted;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one {@link VendorRequest}, once, after whatever retries were made.
 *
 * @param end how it ended
 * @param result the class of the vendor's last answer; absent if no attempt was made
 * @param code the vendor's own word for it, such as {@code BadDeviceToken}, or ours; no personal data, at most 64 characters
 * @param vendorMessageId the vendor's id of the message, where it gives one
 * @param invalidSince with {@code TOKEN_INVALID}: the moment the vendor says the token was known to be dead, if it says so
 * @param retryAfter with {@link End#BUSY}: when to ask again; with {@code TARGET_SUPPRESSED}: how long the vendor asks to leave the
 *     target alone, if it says so
 * @param attempts how many times it was sent to the vendor
 */
public record VendorOutcome(
        End end,
        Optional<ResultClass> result,
        String code,
        Optional<String> vendorMessageId,
        Optional<Instant> invalidSince,
        Optional<Duration> retryAfter,
        int attempts)
        implements Persisted {

    /** How a request ended. */
    public enum End {
        /** The vendor took it. */
        ACCEPTED("accepted"),
        /** The vendor will not take it, see {@code result}; it is not worth another try with this token. */
        REFUSED("refused"),
        /** Sent, never answered, and not worth another try: it may have been delivered. */
        UNKNOWN("unknown"),
        /** The item's time ended first. */
        EXPIRED("expired"),
        /** Cancelled before an attempt was under way, or between two. */
        CANCELLED("cancelled"),
        /** The tenant has no credential for this channel, or it is parked: see {@code code}. */
        NO_CHANNEL("noChannel"),
        /** The channel has too much to do: nothing was tried, ask again after {@code retryAfter}. */
        BUSY("busy");

        private final String wireName;

        End(String wireName) {
            this.wireName = wireName;
        }

        /** The name in journals and in the API; never changes. */
        @JsonValue
        public String wireName() {
            return wireName;
        }

        /** The constant with this wire name. */
        @JsonCreator
        public static End of(String wireName) {
            for (End value : values()) {
                if (value.wireName.equals(wireName)) {
                    return value;
                }
            }
            throw new IllegalArgumentException("not an end: " + wireName);
        }
    }

    /** An end without any answer of the vendor. */
    public static VendorOutcome unsent(End end, String code, int attempts) {
        return new VendorOutcome(
                end, Optional.empty(), code, Optional.empty(), Optional.empty(), Optional.empty(), attempts);
    }

    /** Nothing was tried, for now. */
    public static VendorOutcome busy(String code, Duration retryAfter) {
        return new VendorOutcome(
                End.BUSY, Optional.empty(), code, Optional.empty(), Optional.empty(), Optional.of(retryAfter), 0);
    }
}
