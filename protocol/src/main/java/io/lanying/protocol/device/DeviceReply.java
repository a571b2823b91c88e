package io.lanying.protocol.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import java.time.Instant;
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

    /** @param itemSeq its number in the stream it was accepted into */
    record PushView(String notificationId, long itemSeq, Instant acceptedAt, Fate fate) implements DeviceReply {}

    /** @param repeated whether this command had been carried out before */
    record Redelivered(long firstItemSeq, long lastItemSeq, boolean repeated) implements DeviceReply {}

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
