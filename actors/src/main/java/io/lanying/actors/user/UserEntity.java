package io.lanying.actors.user;

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
import io.lanying.actors.Reminders;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.Delete;
import io.lanying.protocol.user.UserCommand.Get;
import io.lanying.protocol.user.UserCommand.Join;
import io.lanying.protocol.user.UserCommand.Leave;
import io.lanying.protocol.user.UserCommand.Put;
import io.lanying.protocol.user.UserCommand.Wake;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserSnapshot;
import io.lanying.protocol.user.UserSnapshot.Member;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One person: what is known of them, and the devices that are told of their settings until each has answered, by a reminder
 * when this node dies meanwhile. No push comes by here: devices keep the settings themselves.
 *
 * <p>An answer comes after what it says is in the journal. Bounded by {@link UserState}.
 */
final class UserEntity extends EventSourcedBehaviorWithEnforcedReplies<UserCommand, UserEvent, UserState> {

    /** Long enough that a working cluster has told every device; then those that have not answered are told again. */
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PASSIVATE_AFTER = Duration.ofMinutes(1);
    private static final int SNAPSHOT_EVERY = 100;

    private enum Told {
        TAKEN,
        OTHER_OWNER,
        UNKNOWN
    }

    private record ReminderAnswered(Reminders.Answer answer) implements UserCommand.Internal {}

    private record DeviceTold(Member device, long version, Told told) implements UserCommand.Internal {}

    private enum Signal implements UserCommand.Internal {
        IDLE,
        STOP
    }

    /** Where devices are. */
    @FunctionalInterface
    interface Devices {
        RecipientRef<DeviceCommand> of(EntityId device);
    }

    private final ActorContext<UserCommand> context;
    private final EntityId id;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Devices devices;
    private final Clock clock;
    private final Reminders<UserCommand> reminders;

    /** Who has answered for the settings of {@link #told}; another incarnation asks them all again. */
    private final Set<String> answered = new HashSet<>();

    private long told;

    static Behavior<UserCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Devices devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(PASSIVATE_AFTER, Signal.IDLE);
            return new UserEntity(context, id, shard, devices, reminders, clock);
        });
    }

    /** What stops it at a hand-over. */
    static UserCommand stopMessage() {
        return Signal.STOP;
    }

    private UserEntity(
            ActorContext<UserCommand> context,
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Devices devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        super(
                PersistenceId.ofUniqueId(EntityKind.USER.persistenceId(id)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.context = context;
        this.id = id;
        this.shard = shard;
        this.devices = devices;
        this.clock = clock;
        this.reminders = new Reminders<>(EntityKind.USER, id, context, reminders, TIMEOUT, ReminderAnswered::new);
    }

    @Override
    public UserState emptyState() {
        return UserState.initial();
    }

    @Override
    public CommandHandlerWithReply<UserCommand, UserEvent, UserState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Get.class, (state, get) -> answer(state.get(), get.replyTo()))
                .onCommand(Put.class, (state, put) -> covered(state, state.put(put, now()), put.replyTo()))
                .onCommand(Delete.class, (state, delete) -> covered(state, state.delete(now()), delete.replyTo()))
                .onCommand(Join.class, (state, join) -> answer(state.join(join, now()), join.replyTo()))
                .onCommand(
                        Leave.class, (state, leave) -> journal(state.leave(leave.deviceId(), leave.binding(), now())))
                .onCommand(DeviceTold.class, this::onDeviceTold)
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, this::onReminderAnswered)
                .onCommand(Signal.class, this::onSignal)
                .build();
    }

    /** Devices have to be told: not before it is sure that this is not forgotten. */
    private ReplyEffect<UserEvent, UserState> covered(UserState state, Decision decision, ActorRef<UserReply> replyTo) {
        if (!after(state, decision.events()).owes() || decision.events().isEmpty()) {
            return answer(decision, replyTo);
        }
        return switch (reminders.require(now().plus(TELL_AGAIN))) {
            case STORED ->
                Effect()
                        .persist(decision.events())
                        .thenRun(this::tellDevices)
                        .thenReply(replyTo, after -> decision.reply());
            case ASKED -> Effect().stash();
            case UNAVAILABLE ->
                Effect().reply(replyTo, new UserReply.Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored"));
        };
    }

    private void tellDevices(UserState state) {
        var data = state.data();
        if (!state.owes()) {
            return;
        }
        if (told != data.version()) {
            told = data.version();
            answered.clear();
        }
        data.devices().stream()
                .filter(device -> !answered.contains(device.deviceId()))
                .forEach(device -> tell(state, device));
    }

    private void tell(UserState state, Member device) {
        long version = state.data().version();
        context.pipeToSelf(
                AskPattern.<DeviceCommand, DeviceReply>ask(
                        devices.of(new EntityId(id.tenant(), device.deviceId())),
                        replyTo -> new ApplyUserSettings(
                                id.id(), version, state.settings(), state.data().erasedAt(), replyTo),
                        TIMEOUT,
                        context.getSystem().scheduler()),
                (reply, failure) -> new DeviceTold(device, version, toldBy(reply)));
    }

    private static Told toldBy(@Nullable DeviceReply reply) {
        if (reply instanceof DeviceReply.SettingsTaken) {
            return Told.TAKEN;
        }
        return reply instanceof DeviceReply.OtherOwner ? Told.OTHER_OWNER : Told.UNKNOWN;
    }

    private ReplyEffect<UserEvent, UserState> onDeviceTold(UserState state, DeviceTold device) {
        var events = new ArrayList<UserEvent>();
        if (device.told() == Told.OTHER_OWNER) {
            events.addAll(
                    state.leave(device.device().deviceId(), device.device().binding(), now()));
        } else if (device.told() == Told.TAKEN && device.version() == told) {
            answered.add(device.device().deviceId());
        }
        events.addAll(after(state, events).handedOver(told, answered, now()));
        return events.isEmpty()
                ? Effect().noReply()
                : Effect()
                        .persist(List.<UserEvent>copyOf(events))
                        .thenRun((UserState after) -> {
                            if (!after.owes()) {
                                reminders.release();
                            }
                        })
                        .thenNoReply();
    }

    private ReplyEffect<UserEvent, UserState> onWake(UserState state, Wake wake) {
        if (state.owes()) {
            reminders.rearm(wake.reminderVersion(), now().plus(TELL_AGAIN));
            tellDevices(state);
        } else {
            reminders.done(wake.reminderVersion());
        }
        return Effect().noReply();
    }

    private ReplyEffect<UserEvent, UserState> onReminderAnswered(UserState state, ReminderAnswered message) {
        reminders.answered(message.answer());
        return Effect().noReply().thenUnstashAll();
    }

    private ReplyEffect<UserEvent, UserState> onSignal(UserState state, Signal signal) {
        return switch (signal) {
            case IDLE -> {
                shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
                yield Effect().noReply();
            }
            case STOP -> Effect().stop().thenNoReply();
        };
    }

    private ReplyEffect<UserEvent, UserState> answer(Decision decision, ActorRef<UserReply> replyTo) {
        return decision.events().isEmpty()
                ? Effect().reply(replyTo, decision.reply())
                : Effect().persist(decision.events()).thenReply(replyTo, after -> decision.reply());
    }

    private ReplyEffect<UserEvent, UserState> journal(List<UserEvent> events) {
        return events.isEmpty() ? Effect().noReply() : Effect().persist(events).thenNoReply();
    }

    private static UserState after(UserState state, List<UserEvent> events) {
        var after = state;
        for (UserEvent event : events) {
            after = after.apply(event);
        }
        return after;
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public EventHandler<UserState, UserEvent> eventHandler() {
        return UserState::apply;
    }

    /** Also after a journal write that failed: nothing that was known before counts. */
    @Override
    public SignalHandler<UserState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> {
                    reminders.reset();
                    answered.clear();
                    told = 0;
                })
                .build();
    }

    @Override
    public SnapshotAdapter<UserState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(UserState state) {
                return state.data();
            }

            @Override
            public UserState fromJournal(Object stored) {
                return new UserState((UserSnapshot) stored);
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }
}
