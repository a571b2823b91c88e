package io.lanying.protocol.reminder;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.time.Instant;

/**
 * What an entity asks of its node's reminder writer, which commits many entities' requests in one transaction. Requests
 * of one entity are carried out in the order they were sent. Node-local.
 */
public sealed interface ReminderCommand {

    EntityKind kind();

    EntityId entity();

    /**
     * Wake the entity by {@code due}: an earlier stored time stays, a later one is brought forward. Answered only after
     * the row is committed; no answer means unknown, and asking again is harmless.
     */
    record Remind(EntityKind kind, EntityId entity, Instant due, ActorRef<Reminder> replyTo)
            implements ReminderCommand {}

    /** The wake of {@code version} was handled and the next look is at {@code due}; ignored if the row has moved on. */
    record Rearm(EntityKind kind, EntityId entity, long version, Instant due) implements ReminderCommand {}

    /** The wake of {@code version} was handled and no work is open; ignored if the row has moved on. */
    record Done(EntityKind kind, EntityId entity, long version) implements ReminderCommand {}
}
