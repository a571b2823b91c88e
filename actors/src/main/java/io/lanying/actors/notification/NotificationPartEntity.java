package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartCommand.Count;
import io.lanying.protocol.notification.NotificationPartCommand.Keep;
import io.lanying.protocol.notification.NotificationPartEvent;
import io.lanying.protocol.notification.NotificationPartEvent.FatesKept;
import io.lanying.protocol.notification.NotificationPartReply.Counts;
import io.lanying.protocol.notification.NotificationPartReply.Kept;
import io.lanying.protocol.notification.NotificationPartSnapshot;
import java.time.Clock;
import java.time.Duration;

/**
 * Keeps what became of a notification on one share of its devices, one event for each batch of reports. Reports may repeat
 * and overtake each other: the device's own event number says which is true. Has no open work: whoever reports repeats it.
 */
final class NotificationPartEntity
        extends EventSourcedBehaviorWithEnforcedReplies<
                NotificationPartCommand, NotificationPartEvent, NotificationPartState> {

    private static final int SNAPSHOT_EVERY = 50;

    private record Idle() implements NotificationPartCommand.Internal {}

    /** The stop message of sharding: hand over or passivate, at once. */
    record Stop() implements NotificationPartCommand.Internal {}

    private final ActorContext<NotificationPartCommand> context;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Clock clock;

    static Behavior<NotificationPartCommand> create(
            EntityId id, ActorRef<ClusterSharding.ShardCommand> shard, Clock clock, Duration passivateAfter) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(passivateAfter, new Idle());
            return new NotificationPartEntity(context, id, shard, clock);
        });
    }

    private NotificationPartEntity(
            ActorContext<NotificationPartCommand> context,
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Clock clock) {
        super(
                PersistenceId.ofUniqueId(EntityKind.NOTIFICATION_PART.persistenceId(id)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
        this.context = context;
        this.shard = shard;
        this.clock = clock;
    }

    @Override
    public NotificationPartState emptyState() {
        return NotificationPartState.initial();
    }

    @Override
    public CommandHandlerWithReply<NotificationPartCommand, NotificationPartEvent, NotificationPartState>
            commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Keep.class, this::onKeep)
                .onCommand(Count.class, (state, count) -> Effect().reply(count.replyTo(), new Counts(state.counts())))
                .onCommand(Idle.class, (state, idle) -> {
                    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
                    return Effect().noReply();
                })
                .onCommand(Stop.class, (state, stop) -> Effect().stop().thenNoReply())
                .build();
    }

    private ReplyEffect<NotificationPartEvent, NotificationPartState> onKeep(NotificationPartState state, Keep keep) {
        var news = state.news(keep.fates());
        return news.isEmpty()
                ? Effect().reply(keep.replyTo(), new Kept())
                : Effect()
                        .persist(new FatesKept(state.timeOf(clock.instant()), news))
                        .thenReply(keep.replyTo(), after -> new Kept());
    }

    @Override
    public EventHandler<NotificationPartState, NotificationPartEvent> eventHandler() {
        return NotificationPartState::apply;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }

    @Override
    public SnapshotAdapter<NotificationPartState> snapshotAdapter() {
        return new Snapshots<>(
                NotificationPartSnapshot.class, NotificationPartState::toSnapshot, NotificationPartState::fromSnapshot);
    }
}
