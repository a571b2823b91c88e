package io.lanying.actors.notification;

import io.lanying.actors.Reminders;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.registry.AudienceRegistry.AudiencePage;
import java.util.Optional;

/** What a notification entity tells itself. */
sealed interface NotificationMessage extends NotificationCommand.Internal {

    /** The stop message of sharding: hand over or passivate, at once. */
    record Stop() implements NotificationMessage {}

    /** No command for a while. */
    record Idle() implements NotificationMessage {}

    /** A request for a reminder has ended. */
    record ReminderAnswered(Reminders.Answer answer) implements NotificationMessage {}

    /** Look for work: after recovery, after a pause, after a step. */
    record GoOn() implements NotificationMessage {}

    /** The node's gate lets it work on one page. */
    record MaySend() implements NotificationMessage {}

    /** The first event, which holds the message; empty if it could not be read. */
    record ContentRead(Optional<NotificationAccepted> content) implements NotificationMessage {}

    /** The next page of the audience; empty if the registry could not be read. */
    record PageFound(Optional<AudiencePage> page) implements NotificationMessage {}

    /**
     * The next page to recall.
     *
     * @param read whether the journal could be read
     * @param page empty: there is none
     * @param resolvedSeq its eventSeq
     */
    record RecallFound(boolean read, Optional<PageResolved> page, long resolvedSeq) implements NotificationMessage {}

    /**
     * A device has answered.
     *
     * @param work the page work that asked
     * @param reply empty if it did not answer in time
     */
    record DeviceAnswered(long work, String deviceId, Optional<DeviceReply> reply) implements NotificationMessage {}
}
