package io.lanying.actors.token;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.DeviceRefs;
import io.lanying.actors.EventTime;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Reminders;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.DirectAsk;
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
final class TokenOwnerEntity extends RemindedEntity<TokenOwnerCommand, TokenOwnerEvent, TokenOwnerState> {

    /** Long enough that a working cluster has told the loser; then it is told again. */
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private record ReminderAnswered(Reminders.Answer answer) implements TokenOwnerCommand.Internal {}

    private record Told(String deviceId, boolean answered) implements TokenOwnerCommand.Internal {}

    private enum Signal implements TokenOwnerCommand.Internal {
        IDLE,
        STOP
    }

    private final DeviceRefs devices;

    static Behavior<TokenOwnerCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            DeviceRefs devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(
                context -> new TokenOwnerEntity(new Place<>(context, id, shard, reminders, clock), devices));
    }

    /** What stops it at a hand-over. */
    static TokenOwnerCommand stopMessage() {
        return Signal.STOP;
    }

    private TokenOwnerEntity(Place<TokenOwnerCommand> place, DeviceRefs devices) {
        super(EntityKind.TOKEN_OWNER, place, Terms.SMALL, ReminderAnswered::new, Signal.IDLE);
        this.devices = devices;
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
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(Signal.class, (state, signal) -> signal == Signal.IDLE ? passivate() : stop())
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
        // Somebody has to be told: not before it is sure that this is not forgotten. Without an answer the claim is
        // repeated.
        return takesIt
                ? covered(clock.instant().plus(TELL_AGAIN), () -> claimed(state, claim), () -> Effect()
                        .noReply())
                : claimed(state, claim);
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
                    DirectAsk.<DeviceCommand, DeviceReply>ask(
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

    @Override
    public EventHandler<TokenOwnerState, TokenOwnerEvent> eventHandler() {
        return TokenOwnerState::apply;
    }

    @Override
    public SnapshotAdapter<TokenOwnerState> snapshotAdapter() {
        return new Snapshots<>(TokenOwnerSnapshot.class, TokenOwnerState::snapshot, TokenOwnerState::new);
    }
}
