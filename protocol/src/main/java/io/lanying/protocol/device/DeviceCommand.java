package io.lanying.protocol.device;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of a device. Every reply comes after what it says is in the journal; no reply means unknown: ask again
 * with the same ids.
 */
public sealed interface DeviceCommand {

    /** Register, or replace what is registered: the whole profile, as {@code PUT} has it. Answered with {@code Registered}. */
    record Register(Optional<String> userId, Profile profile, ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {}

    /** Delete the device. Answered with {@code Deleted}, also when it was not there. */
    record Delete(ActorRef<DeviceReply> replyTo) implements DeviceCommand, Remoted {}

    /** Answered with {@code DeviceView}, or {@code Refused(NOT_FOUND)}. */
    record Get(ActorRef<DeviceReply> replyTo) implements DeviceCommand, Remoted {}

    /**
     * Take a push into the stream. Answered with {@code PushAccepted}; {@code SealedForOther} when {@code body} is not sealed
     * for the device's present recipient (or, for a repeat, for the recipient at the time): seal again and repeat.
     *
     * @param notificationId derived from tenant, device and idempotency key, so that repeats are recognised
     * @param body the message, sealed as field {@code body} of {@code notificationId}
     * @param fingerprint of the command's whole content under the key of the body's subject
     * @param bytes the message's size in clear
     * @param options absent: {@link PushOptions#DEFAULT}
     * @param vendorBlocks what only one vendor's channel gets, sealed as field {@code vendors} of {@code notificationId}
     * @param target present if the push is one of an audience's: the body may then be sealed for the tenant, and a device that
     *     does not fit answers {@code NotTargeted}
     */
    record AcceptPush(
            String notificationId,
            Sealed body,
            String fingerprint,
            int bytes,
            long ttlSeconds,
            Priority priority,
            Optional<String> collapseKey,
            Optional<PushOptions> options,
            Optional<Sealed> vendorBlocks,
            Optional<Target> target,
            ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {}

    /**
     * Cancel a push, or recall it if it may have been handed out. Answered with {@code PushView} or {@code Refused(NOT_FOUND)}; a
     * notification to many that is not found is not taken any more should it come later, for as long as commands are remembered.
     */
    record CancelPush(String notificationId, ActorRef<DeviceReply> replyTo) implements DeviceCommand, Remoted {}

    /** Answered with {@code PushView}, or {@code Refused(NOT_FOUND)} if it was never accepted. */
    record GetPush(String notificationId, ActorRef<DeviceReply> replyTo) implements DeviceCommand, Remoted {}

    /**
     * Put items of the present stream into it again under new numbers. Answered with {@code Redelivered}, {@code Refused} or
     * {@code SealedForOther}.
     *
     * @param key derived from tenant, device and idempotency key
     * @param subject under whose key the fingerprint is
     */
    record Redeliver(
            long fromItemSeq,
            long toItemSeq,
            String key,
            String subject,
            String fingerprint,
            ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {}

    /**
     * Attach a session; it replaces any other. The answer and all items go to {@code session}. A session whose device
     * stopped or moved sends the same again, with the position it has reached.
     *
     * @param binding from the session token; another than the device's present one is refused
     * @param streamId the stream the app knows; {@code ackedSeq} counts only if it is the present one
     */
    record Attach(
            String sessionId, int binding, Optional<String> streamId, long ackedSeq, ActorRef<SessionMessage> session)
            implements DeviceCommand, Remoted {}

    /** The app acknowledged all items up to {@code itemSeq}. Ignored from a session that is not attached. */
    record Ack(String sessionId, long itemSeq) implements DeviceCommand, Remoted {}

    /** The session ended. Ignored from a session that is not attached. */
    record Detach(String sessionId, String reason) implements DeviceCommand, Remoted {}

    /** The person opened a notification; recorded once. Ignored if it was never accepted in this binding. */
    record Opened(String sessionId, String notificationId) implements DeviceCommand, Remoted {}

    /**
     * The person has read a conversation up to a message, on this device. Ignored from a session that is not attached; kept a moment
     * later, with others, so that one may be lost with its node: the app says it again with the next.
     */
    record ReadUpTo(String sessionId, String conversationId, long messageSeq) implements DeviceCommand, Remoted {}

    /** The app has shown the number on its icon that came with this item. Ignored from a session that is not attached. */
    record BadgeSeen(String sessionId, long itemSeq) implements DeviceCommand, Remoted {}

    /**
     * Another device registered this vendor token, so it is not this one's any more. Answered with {@code Noted}, also when it
     * is not, or was registered here again after {@code since}.
     *
     * @param token its fingerprint
     * @param since the time of this device's registration that was lost
     */
    record TokenLost(ChannelId channel, String token, Instant since, ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {}

    /** The item's body cannot be opened, because its subject was erased: it ends {@code refused: erased}. */
    record Unreadable(String sessionId, long itemSeq) implements DeviceCommand, Remoted {}

    /**
     * A call of the app itself, with its session token, on a short connection. One of another binding than the device's
     * present one is answered {@code Refused(UNAUTHORIZED)}, and nothing changes.
     */
    sealed interface AppCall extends DeviceCommand, Remoted {

        /** From the session token. */
        int binding();

        ActorRef<DeviceReply> replyTo();
    }

    /**
     * Read the stream without moving its position or disturbing its session. Answered with {@code Inbox}; from then on what it
     * holds counts as seen.
     *
     * @param afterSeq where to begin; absent: after the acknowledged position, below which there is nothing to read here
     * @param limit the most items and ranges of gone ones together
     * @param maxBytes of the bodies; one item always fits
     */
    record ReadInbox(int binding, Optional<Long> afterSeq, int limit, long maxBytes, ActorRef<DeviceReply> replyTo)
            implements AppCall {}

    /**
     * The app acknowledges all items up to {@code itemSeq}, whichever way it got them. Answered with {@code Position};
     * {@code Refused(STREAM_CHANGED)} if {@code streamId} is not the present stream, {@code Refused(ACK_ABOVE_SENT)} above what
     * may have been seen.
     */
    record AckItems(int binding, String streamId, long itemSeq, ActorRef<DeviceReply> replyTo) implements AppCall {}

    /** Replace all vendor tokens of the device. Answered with {@code Registered} or {@code SealedForOther}. */
    record BindTokens(int binding, List<VendorToken> tokens, ActorRef<DeviceReply> replyTo) implements AppCall {

        public BindTokens {
            tokens = tokens == null ? List.of() : List.copyOf(tokens);
        }
    }

    /**
     * The person opened a notification; recorded once. Answered with {@code Noted}, also when it is known already;
     * {@code Refused(NOT_FOUND)} if it was never accepted in this binding, or is not remembered any more.
     */
    record NoteOpened(int binding, String notificationId, ActorRef<DeviceReply> replyTo) implements AppCall {}

    /**
     * The messages of these items cannot be read for an inbox, and others wait behind them. Answered with {@code Noted}; an attached
     * session reads for itself, so nothing is done then.
     */
    record SetAside(int binding, List<Long> itemSeqs, ActorRef<DeviceReply> replyTo) implements AppCall {

        public SetAside {
            itemSeqs = itemSeqs == null ? List.of() : List.copyOf(itemSeqs);
        }
    }

    /**
     * The settings of a user whose device this is. Answered with {@code SettingsTaken}, or {@code OtherOwner} if it is not that
     * user's device; older ones than are known change nothing.
     *
     * @param version counts the user's changes
     * @param erasedAt when the person was last forgotten: vendor tokens up to then cannot be opened any more and are unbound
     */
    record ApplyUserSettings(
            String userId,
            long version,
            UserSettings settings,
            Optional<Instant> erasedAt,
            ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {}

    /**
     * News of a conversation of this user's. Answered with {@code NewsTaken}, also when the device knows it already;
     * {@code OtherOwner} if it is not that user's device.
     *
     * @param mayWait whether {@code NewsLater} is an answer too
     */
    record TakeNews(String userId, ConversationNews news, boolean mayWait, ActorRef<DeviceReply> replyTo)
            implements DeviceCommand, Remoted {

        /** News that must not wait. */
        public TakeNews(String userId, ConversationNews news, ActorRef<DeviceReply> replyTo) {
            this(userId, news, false, replyTo);
        }
    }

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements DeviceCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends DeviceCommand {}
}
