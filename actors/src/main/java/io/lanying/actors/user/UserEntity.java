package io.lanying.actors.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.DeviceRefs;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Reminders;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.DirectAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
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

/**
 * One person: what is known of them, and the devices that are told of their settings until each has answered, by a reminder
 * when this node dies meanwhile. No push comes by here: devices keep the settings themselves. News of conversations do, and are
 * told to each device: {@link NewsRounds}.
 *
 * <p>An answer comes after what it says is in the journal. Bounded by {@link UserState}.
 */
final class UserEntity extends RemindedEntity<UserCommand, UserEvent, UserState> {

    /** Long enough that a working cluster has told every device; then those that have not answered are told again. */
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private record ReminderAnswered(Reminders.Answer answer) implements UserCommand.Internal {}

    private record NewsTold(long round, Member device, Told told) implements UserCommand.Internal {}

    private record DeviceTold(Member device, long version, Told told) implements UserCommand.Internal {}

    private enum Signal implements UserCommand.Internal {
        IDLE,
        STOP
    }

    private final DeviceRefs devices;

    /** Who has answered for the settings of {@link #told}; another incarnation asks them all again. */
    private final Set<String> answered = new HashSet<>();

    private long told;

    private final NewsRounds news = new NewsRounds();

    static Behavior<UserCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            DeviceRefs devices,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(context -> new UserEntity(new Place<>(context, id, shard, reminders, clock), devices));
    }

    /** What stops it at a hand-over. */
    static UserCommand stopMessage() {
        return Signal.STOP;
    }

    private UserEntity(Place<UserCommand> place, DeviceRefs devices) {
        super(EntityKind.USER, place, Terms.SMALL, ReminderAnswered::new, Signal.IDLE);
        this.devices = devices;
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
                .onCommand(BringNews.class, this::onBringNews)
                .onCommand(NewsTold.class, this::onNewsTold)
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(Signal.class, (state, signal) -> signal == Signal.IDLE ? passivate() : stop())
                .build();
    }

    /** Devices have to be told: not before it is sure that this is not forgotten. */
    private ReplyEffect<UserEvent, UserState> covered(UserState state, Decision decision, ActorRef<UserReply> replyTo) {
        if (!after(state, decision.events()).owes() || decision.events().isEmpty()) {
            return answer(decision, replyTo);
        }
        return covered(
                now().plus(TELL_AGAIN),
                () -> Effect()
                        .persist(decision.events())
                        .thenRun(this::tellDevices)
                        .thenReply(replyTo, after -> decision.reply()),
                () -> Effect()
                        .reply(replyTo, new UserReply.Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored")));
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
                DirectAsk.<DeviceCommand, DeviceReply>ask(
                        devices.of(new EntityId(id.tenant(), device.deviceId())),
                        replyTo -> new ApplyUserSettings(
                                id.id(), version, state.settings(), state.data().erasedAt(), replyTo),
                        TIMEOUT,
                        context.getSystem().scheduler()),
                (reply, failure) -> new DeviceTold(device, version, Told.by(reply)));
    }

    /** Nothing is journaled: an answer that does not come has the conversation bring its news again. */
    private ReplyEffect<UserEvent, UserState> onBringNews(UserState state, BringNews bring) {
        var members = state.data().devices().stream()
                .filter(device -> !knows(bring, device) || bring.news().counts().isPresent())
                .toList();
        if (members.isEmpty()) {
            var news = bring.news();
            return Effect().reply(bring.replyTo(), new UserReply.NewsBrought(news.conversationId(), news.upTo()));
        }
        if (!news.admits(members.size())) {
            return Effect().noReply();
        }
        long round = news.begin(bring, members);
        members.forEach(device -> tell(round, bring, device, true));
        return Effect().noReply();
    }

    private void tell(long round, BringNews bring, Member device, boolean mayWait) {
        var told = knows(bring, device) ? bring.news().counting() : bring.news();
        context.pipeToSelf(
                DirectAsk.<DeviceCommand, DeviceReply>ask(
                        devices.of(new EntityId(id.tenant(), device.deviceId())),
                        replyTo -> new TakeNews(id.id(), told, mayWait, replyTo),
                        TIMEOUT,
                        context.getSystem().scheduler()),
                (reply, failure) -> new NewsTold(round, device, Told.by(reply)));
    }

    /** Such a device needs no notice, but its icon counts. */
    private static boolean knows(BringNews bring, Member device) {
        return bring.exceptDevice().filter(device.deviceId()::equals).isPresent();
    }

    private ReplyEffect<UserEvent, UserState> onNewsTold(UserState state, NewsTold told) {
        news.ended(
                told.round(), told.device(), told.told(), (bring, device) -> tell(told.round(), bring, device, false));
        long leftOut = news.leftOut();
        if (leftOut > 0) {
            context.getLog()
                    .warn("too much was on its way to the devices of {}: {} news are brought again", id, leftOut);
        }
        return told.told() == Told.OTHER_OWNER
                ? journal(state.leave(told.device().deviceId(), told.device().binding(), now()))
                : Effect().noReply();
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

    private ReplyEffect<UserEvent, UserState> answer(Decision decision, ActorRef<UserReply> replyTo) {
        return answer(decision.events(), decision.reply(), replyTo);
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

    @Override
    protected void onRecovered(UserState state) {
        answered.clear();
        told = 0;
        news.reset();
    }

    @Override
    public SnapshotAdapter<UserState> snapshotAdapter() {
        return new Snapshots<>(UserSnapshot.class, UserState::data, UserState::new);
    }
}
