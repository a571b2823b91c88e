package io.lanying.protocol.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a device answers, after the journal has it. */
public sealed interface DeviceReply extends Remoted {

    /** @param created whether the device was unknown or deleted before */
    record Registered(boolean created, DeviceView device) implements DeviceReply {}

    record Deleted() implements DeviceReply {}

    /**
     * The device as it is.
     *
     * @param online whether a session is attached
     */
    record DeviceView(
            Optional<String> userId,
            Profile profile,
            int binding,
            Instant registeredAt,
            String streamId,
            long ackedSeq,
            long lastSeq,
            int openItems,
            boolean online)
            implements DeviceReply {}

    /** @param repeated whether this command had been accepted before; the answer is the first one's */
    record PushAccepted(String notificationId, long itemSeq, boolean repeated) implements DeviceReply {}

    /** The device is not, or no longer, among the audience; nothing changed. */
    record NotTargeted() implements DeviceReply {}

    /** @param itemSeq its number in the stream it was accepted into */
    record PushView(String notificationId, long itemSeq, Instant acceptedAt, Fate fate) implements DeviceReply {}

    /** @param repeated whether this command had been carried out before */
    record Redelivered(long firstItemSeq, long lastItemSeq, boolean repeated) implements DeviceReply {}

    /**
     * What the app has not acknowledged, from where it asked on: every number up to the last one here is an item or gone.
     *
     * @param ackedSeq the acknowledged position
     * @param lastSeq the newest item there is
     * @param eventSeq the last event of the device's journal
     * @param items in order, without their bodies: those are in the journal
     * @param gone in order; the first may begin where the asked part does
     */
    record Inbox(
            String streamId, long ackedSeq, long lastSeq, long eventSeq, List<OpenItem> items, List<GoneRange> gone)
            implements DeviceReply {

        public Inbox {
            items = items == null ? List.of() : List.copyOf(items);
            gone = gone == null ? List.of() : List.copyOf(gone);
        }
    }

    /** Where the app stands in its stream. */
    record Position(String streamId, long ackedSeq, long lastSeq) implements DeviceReply {}

    /** The owner's settings of this version, or newer ones, are in the journal. */
    record SettingsTaken(long version) implements DeviceReply {}

    /** The device knows the conversation at least up to this event. */
    record NewsTaken(String conversationId, long upTo) implements DeviceReply {}

    /** The device is far behind in a conversation where much is said, and would rather hear of it later; nothing changed. */
    record NewsLater(String conversationId) implements DeviceReply {}

    /** The device is not that user's, or no longer; nothing changed. */
    record OtherOwner() implements DeviceReply {}

    /** It is in the journal. */
    record Noted() implements DeviceReply {}

    /** The command must be sealed and fingerprinted for this subject to be understood: do so and send it again. */
    record SealedForOther(String subject) implements DeviceReply {}

    /** Refused; nothing changed. {@code repeated}: the same refusal was given to this command before. */
    record Refused(ErrorCode code, String detail, boolean repeated) implements DeviceReply {

        /** A refusal given for the first time. */
        public Refused(ErrorCode code, String detail) {
            this(code, detail, false);
        }
    }
}
