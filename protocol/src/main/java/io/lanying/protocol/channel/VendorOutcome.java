package io.lanying.protocol.channel;

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
 * @param retryAfter with {@link End#BUSY}: when to ask again
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
        ACCEPTED,
        /** The vendor will not take it, see {@code result}; it is not worth another try with this token. */
        REFUSED,
        /** Sent, never answered, and not worth another try: it may have been delivered. */
        UNKNOWN,
        /** The item's time ended first. */
        EXPIRED,
        /** Cancelled before an attempt was under way, or between two. */
        CANCELLED,
        /** The tenant has no credential for this channel, or it is parked: see {@code code}. */
        NO_CHANNEL,
        /** The channel has too much to do: nothing was tried, ask again after {@code retryAfter}. */
        BUSY
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
