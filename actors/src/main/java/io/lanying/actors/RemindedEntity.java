package io.lanying.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A sharded, journaled entity that is woken for the work it has opened: what all of them have in common.
 *
 * <p>An entity's own handlers pass on three of its messages: the answer of its reminders to {@link #onReminderAnswered}, the
 * end of its use to {@link #passivate}, and the stop message of sharding to {@link #stop}; and its {@code Wake} ends in
 * {@code reminders.done} or {@code reminders.rearm}. A journal write that fails restarts it after a pause: then nothing that was
 * known before counts ({@link #onRecovered}).
 *
 * @param <C> its commands
 * @param <E> its events
 * @param <S> its state
 */
public abstract class RemindedEntity<C, E, S> extends EventSourcedBehaviorWithEnforcedReplies<C, E, S> {

    /** Where an entity lives, and what it needs of its node. */
    public record Place<C>(
            ActorContext<C> context,
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {}

    /**
     * How an entity is kept.
     *
     * @param restartAfter the first pause before a restart, growing up to {@code restartAtMost}
     */
    public record Terms(
            Duration reminderTimeout,
            Duration passivateAfter,
            Duration restartAfter,
            Duration restartAtMost,
            int snapshotEvery,
            int snapshotsKept) {

        /** For entities that are small and seldom used. */
        public static final Terms SMALL = new Terms(
                Duration.ofSeconds(3), Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(3), 100, 2);
    }

    protected final ActorContext<C> context;
    protected final EntityId id;
    protected final Clock clock;
    protected final Reminders<C> reminders;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Terms terms;

    /**
     * @param reminderAnswered wraps an answer of its reminders in the entity's own message
     * @param idle the entity's own message when nobody has used it for a while
     */
    protected RemindedEntity(
            EntityKind kind, Place<C> place, Terms terms, Function<Reminders.Answer, C> reminderAnswered, C idle) {
        super(
                PersistenceId.ofUniqueId(kind.persistenceId(place.id())),
                SupervisorStrategy.restartWithBackoff(terms.restartAfter(), terms.restartAtMost(), 0.2));
        this.context = place.context();
        this.id = place.id();
        this.clock = place.clock();
        this.shard = place.shard();
        this.terms = terms;
        this.reminders =
                new Reminders<>(kind, id, context, place.reminders(), terms.reminderTimeout(), reminderAnswered);
        context.setReceiveTimeout(terms.passivateAfter(), idle);
    }

    /** Opens work only when it is sure that the entity is woken for it by {@code due}; until that is known, the command waits. */
    protected final ReplyEffect<E, S> covered(
            Instant due, Supplier<ReplyEffect<E, S>> work, Supplier<ReplyEffect<E, S>> unavailable) {
        return switch (reminders.require(due)) {
            case STORED -> work.get();
            case ASKED -> Effect().stash();
            case UNAVAILABLE -> unavailable.get();
        };
    }

    /** Answers once the events are in the journal. */
    protected final <R> ReplyEffect<E, S> answer(List<E> events, R reply, ActorRef<R> replyTo) {
        return events.isEmpty()
                ? Effect().reply(replyTo, reply)
                : Effect().persist(events).thenReply(replyTo, after -> reply);
    }

    protected final ReplyEffect<E, S> onReminderAnswered(Reminders.Answer answer) {
        reminders.answered(answer);
        return Effect().noReply().thenUnstashAll();
    }

    /** Asks its shard to be let go; sharding answers with the stop message. */
    protected final ReplyEffect<E, S> passivate() {
        shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        return Effect().noReply();
    }

    /** Ends after the write under way, before anything that waits. */
    protected final ReplyEffect<E, S> stop() {
        return Effect().stop().thenNoReply();
    }

    /** Forgets what this incarnation knew beyond its journal; also called after a journal write that failed. */
    protected void onRecovered(S state) {}

    @Override
    public final SignalHandler<S> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> {
                    reminders.reset();
                    onRecovered(state);
                })
                .build();
    }

    @Override
    public final RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(terms.snapshotEvery(), terms.snapshotsKept());
    }
}
