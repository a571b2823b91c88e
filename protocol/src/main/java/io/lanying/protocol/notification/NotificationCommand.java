package io.lanying.protocol.notification;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/**
 * What can be asked of a notification. Every reply comes after what it says is in the journal; no reply means unknown: ask
 * again.
 */
public sealed interface NotificationCommand {

    /**
     * Take it. Answered with {@code Accepted}, also when the same was taken before; {@code Refused(IDEMPOTENCY_KEY_REUSED)}
     * when something else was.
     *
     * @param body the message, sealed for the tenant as field {@code body} of the notification's id
     * @param vendorBlocks what only one vendor's channel gets, sealed for the tenant as field {@code vendors}
     * @param fingerprint of the command's whole content under the tenant's key
     * @param bytes the message's size in clear
     * @param ttlSeconds counted from its acceptance, or from {@code sendAt} if that is later
     * @param options absent: {@link PushOptions#DEFAULT}
     * @param sendAt when it is sent, at the earliest; absent: now
     */
    record Accept(
            Audience audience,
            Sealed body,
            Optional<Sealed> vendorBlocks,
            String fingerprint,
            int bytes,
            long ttlSeconds,
            Priority priority,
            Optional<String> collapseKey,
            Optional<PushOptions> options,
            Optional<Instant> sendAt,
            ActorRef<NotificationReply> replyTo)
            implements NotificationCommand, Remoted {}

    /**
     * Cancel it before it is sent; after that skip what was not reached yet and recall the rest. Answered with {@code View},
     * or {@code Refused(NOT_FOUND)}.
     */
    record Cancel(ActorRef<NotificationReply> replyTo) implements NotificationCommand, Remoted {}

    /** Answered with {@code View}, or {@code Refused(NOT_FOUND)}. */
    record Get(ActorRef<NotificationReply> replyTo) implements NotificationCommand, Remoted {}

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements NotificationCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends NotificationCommand {}
}
