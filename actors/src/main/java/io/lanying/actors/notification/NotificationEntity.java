package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Snapshots;
import io.lanying.actors.notification.NotificationDecisions.Decision;
import io.lanying.actors.notification.NotificationState.Task;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationCommand.Accept;
import io.lanying.protocol.notification.NotificationCommand.Cancel;
import io.lanying.protocol.notification.NotificationCommand.Get;
import io.lanying.protocol.notification.NotificationCommand.Wake;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationReply.Refused;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.registry.AudienceRegistry;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * One push command to many devices: takes it, asks the devices of its audience page by page, and takes it back.
 *
 * <p>Promises: an answer follows the journal; a repeated command gets the first answer; who a page is is journaled before
 * anybody of it is asked, and that it was asked after everybody has answered, so that a crash repeats at most one page, which
 * the devices drop by the notification's id. Works on a page only when the node's {@link SendGate} lets it, with a bounded
 * number of devices asked at once; a stored reminder brings its work back when its node dies. The message is in memory only
 * while a page is being sent.
 */
public final class NotificationEntity
        extends RemindedEntity<NotificationCommand, NotificationEvent, NotificationState> {

    /** What a notification needs of its node. */
    record Ports(
            Journal journal,
            AudienceRegistry audiences,
            DeviceAsk devices,
            ActorRef<SendGate.Message> gate,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {}

    private static final int SNAPSHOT_EVERY = 50; // events of a page with its devices' ids are some 20 KiB

    private final NotificationSettings settings;
    private final Paging paging;

    /** The behaviour of one notification, under its tenant-wide id. */
    static Behavior<NotificationCommand> create(
            EntityId id, ActorRef<ClusterSharding.ShardCommand> shard, Ports ports, NotificationSettings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new NotificationEntity(
                new Place<>(context, id, shard, ports.reminders(), ports.clock()), timers, ports, settings)));
    }

    private NotificationEntity(
            Place<NotificationCommand> place,
            TimerScheduler<NotificationCommand> timers,
            Ports ports,
            NotificationSettings settings) {
        super(
                EntityKind.NOTIFICATION,
                place,
                terms(settings),
                NotificationMessage.ReminderAnswered::new,
                new NotificationMessage.Idle());
        this.settings = settings;
        this.paging = new Paging(context, timers, id, ports, settings);
    }

    private static Terms terms(NotificationSettings settings) {
        return new Terms(
                settings.reminderTimeout(),
                settings.passivateAfter(),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                SNAPSHOT_EVERY,
                2);
    }

    @Override
    public NotificationState emptyState() {
        return NotificationState.initial();
    }

    @Override
    public CommandHandlerWithReply<NotificationCommand, NotificationEvent, NotificationState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(NotificationMessage.DeviceAnswered.class, this::onDeviceAnswered)
                .onCommand(Accept.class, this::onAccept)
                .onCommand(Get.class, (state, get) -> Effect()
                        .reply(get.replyTo(), decide(state).get().reply()))
                .onCommand(Cancel.class, this::onCancel)
                .onCommand(Wake.class, this::onWake)
                .onCommand(NotificationMessage.GoOn.class, (state, message) -> journal(paging.goOn(state)))
                .onCommand(NotificationMessage.MaySend.class, (state, message) -> journal(paging.maySend(state)))
                .onCommand(
                        NotificationMessage.ContentRead.class,
                        (state, read) -> journal(paging.contentRead(state, read)))
                .onCommand(
                        NotificationMessage.PageFound.class, (state, found) -> journal(paging.pageFound(state, found)))
                .onCommand(
                        NotificationMessage.RecallFound.class,
                        (state, found) -> journal(paging.recallFound(state, found)))
                .onCommand(
                        NotificationMessage.ReminderAnswered.class,
                        (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(NotificationMessage.Idle.class, this::onIdle)
                .onCommand(NotificationMessage.Stop.class, (state, message) -> stop())
                .build();
    }

    @Override
    public EventHandler<NotificationState, NotificationEvent> eventHandler() {
        return NotificationState::apply;
    }

    private ReplyEffect<NotificationEvent, NotificationState> onAccept(NotificationState state, Accept command) {
        var decision = decide(state).accept(command);
        if (decision.events().isEmpty()) {
            return Effect().reply(command.replyTo(), decision.reply());
        }
        var start = NotificationDecisions.startOf(command, now());
        var due = start.isAfter(now()) ? start : now().plus(settings.lookAgain());
        return covered(due, command.replyTo(), () -> journalThenWork(decision, command.replyTo()));
    }

    private ReplyEffect<NotificationEvent, NotificationState> onCancel(NotificationState state, Cancel command) {
        var decision = decide(state).cancel();
        return decision.events().isEmpty()
                ? Effect().reply(command.replyTo(), decision.reply())
                : covered(
                        now().plus(settings.lookAgain()),
                        command.replyTo(),
                        () -> journalThenWork(decision, command.replyTo()));
    }

    /** Opens work only when the notification is sure to be woken for it; until then the command waits. */
    private ReplyEffect<NotificationEvent, NotificationState> covered(
            Instant due,
            ActorRef<NotificationReply> replyTo,
            Supplier<ReplyEffect<NotificationEvent, NotificationState>> work) {
        return covered(due, work, () -> Effect()
                .reply(replyTo, new Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored")));
    }

    private ReplyEffect<NotificationEvent, NotificationState> journalThenWork(
            Decision decision, ActorRef<NotificationReply> replyTo) {
        return Effect()
                .persist(decision.events())
                .thenRun((NotificationState after) -> context.getSelf().tell(new NotificationMessage.GoOn()))
                .thenReply(replyTo, after -> decision.reply());
    }

    private ReplyEffect<NotificationEvent, NotificationState> onDeviceAnswered(
            NotificationState state, NotificationMessage.DeviceAnswered answer) {
        return journal(paging.deviceAnswered(state, answer));
    }

    /** What paging found worth journaling, and its next step after that. */
    private ReplyEffect<NotificationEvent, NotificationState> journal(List<NotificationEvent> events) {
        return events.isEmpty()
                ? Effect().noReply()
                : Effect()
                        .persist(events)
                        .thenRun((NotificationState after) -> paging.journaled())
                        .thenNoReply();
    }

    private ReplyEffect<NotificationEvent, NotificationState> onWake(NotificationState state, Wake wake) {
        var task = state.task(now());
        if (task == Task.NOTHING) {
            reminders.done(wake.reminderVersion());
        } else if (task == Task.WAIT) {
            reminders.rearm(wake.reminderVersion(), state.head().sendAt().orElseGet(this::now));
        } else {
            reminders.rearm(wake.reminderVersion(), now().plus(settings.lookAgain()));
        }
        return journal(paging.goOn(state));
    }

    private ReplyEffect<NotificationEvent, NotificationState> onIdle(
            NotificationState state, NotificationMessage.Idle message) {
        var task = state.task(now());
        return task == Task.NOTHING || task == Task.WAIT
                ? passivate()
                : Effect().noReply();
    }

    @Override
    protected void onRecovered(NotificationState state) {
        paging.reset();
        context.getSelf().tell(new NotificationMessage.GoOn());
    }

    private NotificationDecisions decide(NotificationState state) {
        return new NotificationDecisions(state, now());
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public SnapshotAdapter<NotificationState> snapshotAdapter() {
        return new Snapshots<>(NotificationSnapshot.class, NotificationState::data, NotificationState::new);
    }
}
