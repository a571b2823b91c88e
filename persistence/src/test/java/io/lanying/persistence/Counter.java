package io.lanying.persistence;

import akka.actor.typed.ActorRef;
import akka.actor.typed.BackoffSupervisorStrategy;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A small persistent actor: counts, and answers with the count once it is in the journal. Its events are a tenant's. */
public final class Counter extends EventSourcedBehavior<Counter.Increment, TenantEvent, TenantSnapshot> {

    /** Count one. */
    public record Increment(ActorRef<Long> replyTo) {}

    private Counter(EntityKind kind, EntityId id) {
        super(PersistenceId.ofUniqueId(kind.persistenceId(id)));
    }

    private Counter(EntityId id, BackoffSupervisorStrategy onFailedWrite) {
        super(PersistenceId.ofUniqueId(EntityKind.TENANT.persistenceId(id)), onFailedWrite);
    }

    public static Behavior<Increment> create(EntityId id) {
        return create(EntityKind.TENANT, id);
    }

    /** One that passes for an entity of this kind. */
    public static Behavior<Increment> create(EntityKind kind, EntityId id) {
        return new Counter(kind, id);
    }

    /** One that reads its journal again after a failed write, as our entities do. */
    public static Behavior<Increment> restarting(EntityId id) {
        return new Counter(
                id, SupervisorStrategy.restartWithBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.1));
    }

    @Override
    public TenantSnapshot emptyState() {
        return new TenantSnapshot(0, Instant.EPOCH, Optional.empty(), List.of(), List.of());
    }

    @Override
    public CommandHandler<Increment, TenantEvent, TenantSnapshot> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Increment.class, (state, command) -> Effect()
                        .persist(new ApiKeyRevoked(Instant.EPOCH, "k" + (state.eventSeq() + 1)))
                        .thenReply(command.replyTo, TenantSnapshot::eventSeq))
                .build();
    }

    @Override
    public EventHandler<TenantSnapshot, TenantEvent> eventHandler() {
        return newEventHandlerBuilder()
                .forAnyState()
                .onAnyEvent((state, event) -> new TenantSnapshot(
                        state.eventSeq() + 1, event.at(), state.profile(), state.remembered(), List.of()));
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(10, 2);
    }
}
