package io.lanying.actors.token;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.lanying.actors.EventTime;
import io.lanying.actors.Reminders;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.token.TokenOwnerCommand;
import io.lanying.protocol.token.TokenOwnerCommand.Claim;
import io.lanying.protocol.token.TokenOwnerCommand.Wake;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.token.TokenOwnerEvent.LoserTold;
import io.lanying.protocol.token.TokenOwnerEvent.TokenClaimed;
import io.lanying.protocol.token.TokenOwnerReply.Owner;
import io.lanying.protocol.token.TokenOwnerSnapshot;
import io.lanying.protocol.token.TokenOwnerSnapshot.Loser;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * One vendor token of a tenant's app: belongs to one device, the newest claim wins. A device that loses it is told until it
 * answers, by a reminder when this node dies meanwhile.
 */
final class TokenOwnerEntity
        extends EventSourcedBehaviorWithEnforcedReplies<TokenOwnerCommand, TokenOwnerEvent, TokenOwnerState> {

    /** Long enough that a working cluster has told the loser; then it is told again. */
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PASSIVATE_AFTER = Duration.ofMinutes(1);
    private static final int SNAPSHOT_EVERY = 100;

    private record ReminderAnswered(Reminders.Answer answer) implements TokenOwnerCommand.Internal {}

    private record Told(String deviceId, boolean answered) implements TokenOwnerCommand.Internal {}

    private enum Signal implements TokenOwnerCommand.Internal {
        IDLE,
        STOP
    }

    /** Where devices are. */
    @FunctionalInterface
    interface Devices {
        RecipientRef<DeviceCommand> of(EntityId device);
    }

    private final ActorContext<TokenOwnerCommand> context;
    private final EntityId id;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Devices devices;
    private final Clock clock;
    private final Reminders<TokenOwnerCommand> reminders;

    static Behavior<TokenOwnerCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Devices devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(PASSIVATE_AFTER, Signal.IDLE);
            return new TokenOwnerEntity(context, id, shard, devices, reminders, clock);
        });
    }

    /** What stops it at a hand-over. */
    static TokenOwnerCommand stopMessage() {
        return Signal.STOP;
    }

    private TokenOwnerEntity(
            ActorContext<TokenOwnerCommand> context,
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Devices devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        super(
                PersistenceId.ofUniqueId(EntityKind.TOKEN_OWNER.persistenceId(id)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.context = context;
        this.id = id;
        this.shard = shard;
        this.devices = devices;
        this.clock = clock;
        this.reminders =
                new Reminders<>(EntityKind.TOKEN_OWNER, id, context, reminders, TIMEOUT, ReminderAnswered::new);
    }

    @Override
    public TokenOwnerState emptyState() {
        return TokenOwnerState.initial();
    }

    @Override
    public CommandHandlerWithReply<TokenOwnerCommand, TokenOwnerEvent, TokenOwnerState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Claim.class, this::onClaim)
                .onCommand(Told.class, this::onTold)
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, this::onReminderAnswered)
                .onCommand(Signal.class, this::onSignal)
                .build();
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> onClaim(TokenOwnerState state, Claim claim) {
        if (!state.isNew(claim)) {
            var owner = state.snapshot().owner().orElseThrow().deviceId();
            return Effect().reply(claim.replyTo(), new Owner(owner));
        }
        boolean takesIt = state.snapshot()
                .owner()
                .filter(owner -> !owner.deviceId().equals(claim.deviceId()))
                .isPresent();
        return takesIt ? covered(state, claim) : claimed(state, claim);
    }

    /** Somebody has to be told: not before it is sure that this is not forgotten. Without an answer the claim is repeated. */
    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> covered(TokenOwnerState state, Claim claim) {
        return switch (reminders.require(clock.instant().plus(TELL_AGAIN))) {
            case STORED -> claimed(state, claim);
            case ASKED -> Effect().stash();
            case UNAVAILABLE -> Effect().noReply();
        };
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> claimed(TokenOwnerState state, Claim claim) {
        var at = EventTime.next(state.snapshot().at(), clock);
        return Effect()
                .persist(new TokenClaimed(at, claim.deviceId(), claim.channel(), claim.token(), claim.since()))
                .thenRun(this::tellLosers)
                .thenReply(claim.replyTo(), after -> new Owner(claim.deviceId()));
    }

    private void tellLosers(TokenOwnerState state) {
        var owner = state.snapshot().owner().orElseThrow();
        for (Loser loser : state.untold()) {
            context.pipeToSelf(
                    AskPattern.<DeviceCommand, DeviceReply>ask(
                            devices.of(new EntityId(id.tenant(), loser.deviceId())),
                            replyTo -> new TokenLost(owner.channel(), owner.token(), loser.since(), replyTo),
                            TIMEOUT,
                            context.getSystem().scheduler()),
                    (reply, failure) -> new Told(loser.deviceId(), failure == null));
        }
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> onTold(TokenOwnerState state, Told told) {
        boolean news = told.answered()
                && state.untold().stream().anyMatch(loser -> loser.deviceId().equals(told.deviceId()));
        return news
                ? Effect()
                        .persist(List.<TokenOwnerEvent>of(
                                new LoserTold(EventTime.next(state.snapshot().at(), clock), told.deviceId())))
                        .thenNoReply()
                : Effect().noReply();
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> onWake(TokenOwnerState state, Wake wake) {
        if (state.untold().isEmpty()) {
            reminders.done(wake.reminderVersion());
        } else {
            reminders.rearm(wake.reminderVersion(), clock.instant().plus(TELL_AGAIN));
            tellLosers(state);
        }
        return Effect().noReply();
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> onReminderAnswered(
            TokenOwnerState state, ReminderAnswered message) {
        reminders.answered(message.answer());
        return Effect().noReply().thenUnstashAll();
    }

    private ReplyEffect<TokenOwnerEvent, TokenOwnerState> onSignal(TokenOwnerState state, Signal signal) {
        return switch (signal) {
            case IDLE -> {
                shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
                yield Effect().noReply();
            }
            case STOP -> Effect().stop().thenNoReply();
        };
    }

    @Override
    public EventHandler<TokenOwnerState, TokenOwnerEvent> eventHandler() {
        return TokenOwnerState::apply;
    }

    @Override
    public SignalHandler<TokenOwnerState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> reminders.reset())
                .build();
    }

    @Override
    public SnapshotAdapter<TokenOwnerState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(TokenOwnerState state) {
                return state.snapshot();
            }

            @Override
            public TokenOwnerState fromJournal(Object stored) {
                return new TokenOwnerState((TokenOwnerSnapshot) stored);
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }
}
