package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes the commands by which devices of an audience take a notification.
 *
 * @param notificationId the id of the item in every one of their streams
 */
record AddressedPush(String notificationId) {

    /** The command for one device, for the time that is left. */
    AcceptPush command(NotificationAccepted message, Addressee addressee, Instant now, ActorRef<DeviceReply> replyTo) {
        long seconds = Math.max(
                1, Duration.between(now, message.expiresAt()).plusMillis(999).toSeconds());
        return new AcceptPush(
                notificationId,
                message.body(),
                message.fingerprint(),
                message.bytes(),
                seconds,
                message.priority(),
                message.collapseKey(),
                message.options(),
                message.vendorBlocks(),
                Optional.of(targetOf(message.audience(), addressee)),
                replyTo);
    }

    private static Target targetOf(Audience audience, Addressee addressee) {
        return switch (audience.kind()) {
            case DEVICES, USERS -> new Target(addressee.label(), Optional.empty(), List.of(), List.of(), List.of());
            case ALIASES -> new Target(Optional.empty(), addressee.label(), List.of(), List.of(), List.of());
            case TAGS ->
                new Target(
                        Optional.empty(),
                        Optional.empty(),
                        audience.tagsAny(),
                        audience.tagsAll(),
                        audience.tagsNone());
            case EVERYONE -> Target.WHOEVER;
        };
    }
}
