package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.lanying.actors.Reminders;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What carries a device's commands: its place in the node, its reminders, its start, its wakes and its end.
 *
 * <p>Opens work only when the device is sure to be woken for it. After a journal write that failed nothing that was known
 * counts: see decision record 7.
 */
abstract class DeviceBehavior extends EventSourcedBehaviorWithEnforcedReplies<DeviceCommand, DeviceEvent, DeviceState> {

    /** Recovery replays at most a quarter more than this many events: some 20 ms (facts of the stack: 25,000 events/s cold). */
    private static final int SNAPSHOT_EVERY = 500;

    final ActorContext<DeviceCommand> context;
    final TimerScheduler<DeviceCommand> timers;
    final ActorRef<ClusterSharding.ShardCommand> shard;
    final EntityId id;
    final DeviceEntity.Ports ports;
    final DeviceLimits limits;
    final Reminders<DeviceCommand> reminders;
    final DeviceRegistration registration;
    final Redeliveries redeliveries;
    final MessageReads reads;
    final SessionSlot slot;
    final Fallback fallback;
    final FateReports fates;
    final Positions positions;

    long acked;
    private boolean stopping;

    DeviceBehavior(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            EntityId id,
            DeviceEntity.Ports ports,
            DeviceLimits limits) {
        super(
                PersistenceId.ofUniqueId(EntityKind.DEVICE.persistenceId(id)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.context = context;
        this.timers = timers;
        this.shard = shard;
        this.id = id;
        this.ports = ports;
        this.limits = limits;
        var journal = new DeviceJournal(ports.journal(), id);
        this.reminders = new Reminders<>(
                EntityKind.DEVICE,
                id,
                context,
                ports.reminders(),
                limits.reminderTimeout(),
                DeviceMessage.ReminderAnswered::new);
        this.registration = new DeviceRegistration(context, id, ports);
        this.redeliveries = new Redeliveries(context, journal);
        this.reads = new MessageReads(context, timers, id.tenant(), ports.messages());
        this.slot = new SessionSlot(context, timers, journal, reads, limits, ports.clock());
        this.fates = new FateReports(context, timers, id, ports.fates());
        this.positions = new Positions(id, ports.positions());
        this.fallback = new Fallback(context, timers, id, journal, ports, slot, reads, limits);
    }

    @Override
    public DeviceState emptyState() {
        return DeviceState.initial();
    }

    @Override
    public EventHandler<DeviceState, DeviceEvent> eventHandler() {
        return DeviceState::apply;
    }

    /** Opens work only when the device is sure to be woken for it; until then the command waits. */
    final ReplyEffect<DeviceEvent, DeviceState> covered(
            Instant due, ActorRef<DeviceReply> replyTo, Supplier<ReplyEffect<DeviceEvent, DeviceState>> work) {
        return switch (reminders.require(due)) {
            case STORED -> work.get();
            case ASKED -> Effect().stash();
            case UNAVAILABLE ->
                Effect().reply(replyTo, new DeviceReply.Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored"));
        };
    }

    final ReplyEffect<DeviceEvent, DeviceState> onReminderAnswered(
            DeviceState state, DeviceMessage.ReminderAnswered message) {
        reminders.answered(message.answer());
        return Effect().noReply().thenUnstashAll();
    }

    final ReplyEffect<DeviceEvent, DeviceState> onWake(DeviceState state, Wake wake) {
        return Effect()
                .persist(decide(state).expire())
                .thenRun((DeviceState after) -> {
                    settle(after, wake.reminderVersion());
                    slot.handOut(after);
                    fallback.carryOut(after, acked);
                    fallback.consider(after);
                    fates.consider(after);
                })
                .thenNoReply();
    }

    /** What was due is done: look again when the next item expires, or never. An unwritten row leaves it to the next wake. */
    private void settle(DeviceState state, long reminderVersion) {
        if (!registration.isWritten() && state.eventSeq() > 0) {
            registration.write(state, Optional.empty(), Optional.empty());
            return;
        }
        var next = fallback.nextWake(state, acked).or(() -> state.stream().flatMap(ItemStream::nextExpiry));
        var repeat = now().plus(FateReports.REPEAT);
        if (!fates.isDone(state) && next.filter(repeat::isAfter).isEmpty()) {
            reminders.rearm(reminderVersion, repeat);
        } else if (next.isPresent()) {
            reminders.rearm(reminderVersion, next.get());
        } else {
            reminders.done(reminderVersion);
        }
    }

    final ReplyEffect<DeviceEvent, DeviceState> onReportFates(DeviceState state, DeviceMessage.ReportFates message) {
        fates.tell(state);
        return Effect().noReply();
    }

    final ReplyEffect<DeviceEvent, DeviceState> onFateKept(DeviceState state, DeviceMessage.FateKept message) {
        fates.kept(message);
        return Effect().noReply();
    }

    final ReplyEffect<DeviceEvent, DeviceState> onIdle(DeviceState state, DeviceMessage.Idle message) {
        if (!slot.isTaken() && !fallback.isRunning()) {
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return Effect().noReply();
    }

    final ReplyEffect<DeviceEvent, DeviceState> onStop(DeviceState state, DeviceMessage.Stop message) {
        // Should the journal not take the position, the restart that follows stops without it: the app states it again.
        stopping = true;
        fallback.reset(false);
        return Effect().persist(decide(state).unjournaledAck()).thenStop().thenNoReply();
    }

    @Override
    public SignalHandler<DeviceState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .build();
    }

    /**
     * Also after a journal write that failed, whose outcome is unknown: nothing that was known before counts. A session that
     * was attached then finds its device stopped, attaches again and is checked again.
     */
    private void onRecovered(DeviceState state) {
        reminders.reset();
        fates.reset();
        registration.changed();
        redeliveries.ended();
        reads.reset();
        acked = state.stream().map(ItemStream::ackedSeq).orElse(0L);
        fallback.reset(state.attachment().isPresent());
        if (stopping || slot.isTaken()) {
            context.getSelf().tell(new DeviceMessage.Stop());
            return;
        }
        if (state.attachment().isPresent()) {
            slot.await();
        }
        fallback.consider(state);
        fates.consider(state);
    }

    /** A conversation answered about messages that the session needs, or did not. */
    final ReplyEffect<DeviceEvent, DeviceState> onContentsRead(DeviceState state, DeviceMessage.ContentsRead read) {
        reads.ended(read.reply().isPresent());
        if (state.stream().isEmpty() || !slot.isTaken()) {
            return Effect().noReply();
        }
        if (read.reply().orElse(null) instanceof ConversationReply.Messages answer) {
            slot.keep(read.asked(), answer.messages());
        }
        var events = new ContentDecisions(decide(state), slot::handedOut, slot::lacks).afterRead(read);
        return Effect()
                .persist(decide(state).afterAck(events))
                .thenRun((DeviceState after) -> {
                    goOnAfter(after);
                    if (!after.present().setAside().isEmpty()) {
                        readAgain(read.reply().isPresent() && !events.isEmpty());
                    }
                })
                .thenNoReply();
    }

    /** What is set aside is read as fast as its conversations answer. */
    private void readAgain(boolean answered) {
        if (answered) {
            context.getSelf().tell(new DeviceMessage.ReadSetAside());
        } else {
            reads.again();
        }
    }

    /** For a session that is still there; the next one begins with all of it. */
    final ReplyEffect<DeviceEvent, DeviceState> onReadSetAside(DeviceState state, DeviceMessage.ReadSetAside message) {
        if (slot.isTaken() && state.stream().isPresent()) {
            reads.read(ContentDecisions.firstSetAside(state.present(), limits.window()));
        }
        return Effect().noReply();
    }

    final ReplyEffect<DeviceEvent, DeviceState> onVendorMessageRead(
            DeviceState state, DeviceMessage.VendorMessageRead read) {
        fallback.onRead(state, read);
        return Effect().noReply();
    }

    final void goOnAfter(DeviceState state) {
        slot.handOut(state);
        fallback.carryOut(state, acked);
        fallback.consider(state);
        fates.consider(state);
    }

    final ReplyEffect<DeviceEvent, DeviceState> answer(Decision decision, ActorRef<DeviceReply> replyTo) {
        return decision.events().isEmpty()
                ? Effect().reply(replyTo, decision.reply())
                : Effect()
                        .persist(decision.events())
                        .thenRun(this::goOnAfter)
                        .thenReply(replyTo, after -> decision.reply());
    }

    final ReplyEffect<DeviceEvent, DeviceState> journal(List<? extends DeviceEvent> events) {
        return events.isEmpty()
                ? Effect().noReply()
                : Effect()
                        .persist(List.<DeviceEvent>copyOf(events))
                        .thenRun(this::goOnAfter)
                        .thenNoReply();
    }

    final DeviceDecisions decide(DeviceState state) {
        return new DeviceDecisions(id.id(), state, acked, now(), limits);
    }

    final Instant now() {
        return ports.clock().instant();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(snapshotEvery(id), 2);
    }

    /**
     * Every device has its own pace, a quarter more or less: those that get the same would all write their snapshots in the same
     * moment, and everybody's pushes wait behind them.
     */
    static int snapshotEvery(EntityId id) {
        return SNAPSHOT_EVERY * 3 / 4 + Math.floorMod(id.id().hashCode(), SNAPSHOT_EVERY / 2);
    }

    @Override
    public SnapshotAdapter<DeviceState> snapshotAdapter() {
        return new Snapshots<>(DeviceSnapshot.class, DeviceState::toSnapshot, DeviceState::fromSnapshot);
    }
}
