package io.lanying.http.journal;

import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.PushOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device's events as auditors see them: one record for each. Sealed values are opened or said to be erased. */
final class EventJson {

    private EventJson() {}

    /** One event in a page or a stream. */
    record Item(long eventSeq, Instant at, String type, Object event) {}

    record DeviceRegistered(Optional<String> userId, int binding, String streamId, ProfileJson profile) {}

    record ProfileChanged(ProfileJson profile) {}

    record DeviceRebound(Optional<String> userId, int binding, String streamId, ProfileJson profile) {}

    record DeviceDeleted() {}

    /** @param body the message, or {@code {"erased":true}}; absent where the item has none */
    record ItemAccepted(
            long itemSeq,
            String id,
            String kind,
            Optional<Object> body,
            int bytes,
            Instant expiresAt,
            String priority,
            Optional<String> collapseKey,
            long ackedSeq,
            Optional<PushOptions> options) {}

    record ItemsRedelivered(List<Redelivered> items, Instant expiresAt, long ackedSeq) {}

    record Redelivered(long itemSeq, long redeliveryOf, String id, String kind, int bytes) {}

    record ItemsEnded(String fate, Optional<String> reason, List<Long> itemSeqs) {}

    record Acknowledged(long ackedSeq) {}

    record ItemOpened(String id) {}

    record SessionAttached(String sessionId, long ackedSeq) {}

    record SessionDetached(String sessionId, String reason, long ackedSeq) {}

    /** @param token the token's fingerprint: equal tokens, equal text */
    record VendorOffered(
            long itemSeq, String id, String channel, String environment, String token, String cause, long ackedSeq) {}

    /** @param result the class of the vendor's last answer; absent if there was none */
    record VendorAnswered(
            long itemSeq,
            String id,
            String channel,
            String environment,
            String end,
            Optional<String> result,
            String code,
            Optional<String> vendorMessageId,
            Optional<Instant> invalidSince,
            int attempts,
            long ackedSeq) {}

    record TokenUnbound(String channel, String environment, Optional<String> topic, String token, String reason) {}

    record TokenSuppressed(
            String channel, String environment, Optional<String> topic, String token, Instant until, String reason) {}

    record BadgeSeen(long itemSeq) {}

    record UserSettingsApplied(long version, SettingsJson settings) {}

    /** @param until when the quiet hours end; absent for {@code muted} */
    record ItemRestrained(long itemSeq, String id, String restraint, Optional<Instant> until) {}

    record PushCalledOff(String id) {}
    /** @param upTo the conversation's event up to which the device knows it */
    record ConversationNoted(
            String conversationId,
            long upTo,
            long messageSeq,
            long firstItemSeq,
            List<NotedRange> ranges,
            long ackedSeq,
            Optional<Counts> counts) {}

    /**
     * @param quietUntil when the quiet hours end that restrain it
     * @param receipt what a receipt says
     */
    record NotedRange(
            String kind,
            long fromSeq,
            long toSeq,
            int version,
            String alert,
            Optional<String> restraint,
            Optional<Instant> quietUntil,
            Optional<Receipt> receipt) {}

    record ItemsSetAside(List<Long> itemSeqs) {}

    record ItemsBroughtBack(List<BroughtBack> items) {}

    /** @param setAside the number it had */
    record BroughtBack(long setAside, long itemSeq, String id) {}

    record RequestRefused(String requestKey, String code) {}
}
