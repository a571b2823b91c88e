package io.lanying.channels.adapter;

import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One answer of a vendor, classified.
 *
 * @param code the vendor's own word, such as {@code BadDeviceToken}, or ours; at most 64 characters, no personal data
 * @param invalidSince with {@code TOKEN_INVALID}: when the vendor says it knew the token to be dead, if it says so
 * @param retryAfter how long the vendor asks to wait, or with {@code TARGET_SUPPRESSED} to leave the target alone, if it says so
 * @param ofPart with {@code AUTH_CONFIG}: the fault is in what only some of the channel's targets need, so that the others go on
 */
public record VendorAnswer(
        ResultClass result,
        String code,
        Optional<String> vendorMessageId,
        Optional<Instant> invalidSince,
        Optional<Duration> retryAfter,
        boolean ofPart) {

    private static final int MAX_CODE = 64;

    public VendorAnswer {
        code = code.length() <= MAX_CODE ? code : code.substring(0, MAX_CODE);
    }

    public static VendorAnswer accepted(Optional<String> vendorMessageId) {
        return new VendorAnswer(
                ResultClass.ACCEPTED, "accepted", vendorMessageId, Optional.empty(), Optional.empty(), false);
    }

    public static VendorAnswer of(ResultClass result, String code) {
        return new VendorAnswer(result, code, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** The same with the moment from which the vendor knew the token to be dead. */
    public VendorAnswer invalidSince(Instant time) {
        return new VendorAnswer(result, code, vendorMessageId, Optional.of(time), retryAfter, ofPart);
    }

    /** The same with the vendor's wish to be left alone. */
    public VendorAnswer retryAfter(Duration wait) {
        return new VendorAnswer(result, code, vendorMessageId, invalidSince, Optional.of(wait), ofPart);
    }

    /** The same for a fault that concerns only some of the channel's targets. */
    public VendorAnswer ofSomeTargets() {
        return new VendorAnswer(result, code, vendorMessageId, invalidSince, retryAfter, true);
    }
}
