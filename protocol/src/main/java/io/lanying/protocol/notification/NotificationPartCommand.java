package io.lanying.protocol.notification;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import java.util.List;

/** What can be asked of a notification's companion. No reply means unknown: ask again, it is harmless. */
public sealed interface NotificationPartCommand {

    /** Keep what became of it on these devices, at most 500. Answered with {@code Kept} once it is in the journal. */
    record Keep(List<DeviceFate> fates, ActorRef<NotificationPartReply> replyTo)
            implements NotificationPartCommand, Remoted {

        public Keep {
            fates = fates == null ? List.of() : List.copyOf(fates);
        }
    }

    /** Answered with {@code Counts}. */
    record Count(ActorRef<NotificationPartReply> replyTo) implements NotificationPartCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends NotificationPartCommand {}
}
