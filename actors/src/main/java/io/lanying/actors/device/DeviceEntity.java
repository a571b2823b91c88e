package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.notification.FateReporter;
import io.lanying.actors.position.PositionReporter;
import io.lanying.actors.token.TokenClaims;
import io.lanying.actors.user.UserSettingsSource;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.AppCall;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.BadgeSeen;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Delete;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Opened;
import io.lanying.protocol.device.DeviceCommand.ReadUpTo;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceCommand.Unreadable;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One device: accepts items into its stream, hands them to the attached session in order, and keeps each until it is
 * acknowledged or has ended.
 *
 * <p>Promises: an answer follows the journal; a repeated command gets the first answer; a number is never given twice; nothing
 * goes to a session of an earlier binding. The work a push opens is covered by a stored reminder before it is journaled.
 * Bounded by {@link DeviceLimits}. Acknowledgements are journaled with the next event, or by themselves after
 * {@code ack-flush}.
 */
public final class DeviceEntity extends DeviceBehavior {

    /** What a device needs of its node. */
    public record Ports(
            Journal journal,
            RegistryWriter registry,
            ActorRef<ReminderCommand> reminders,
            ActorRef<ChannelCommand> channels,
            TokenClaims claims,
            ActorRef<FateReporter.Message> fates,
            ActorRef<PositionReporter.Message> positions,
            UserSettingsSource users,
            MessageSource messages,
            Clock clock) {}

    /** A registration's reminder: by then its registry row is written, or a wake repairs it. */
    private static final Duration REGISTRY_REPAIR = Duration.ofSeconds(10);

    /** The behaviour of one device, under its tenant-wide id. */
    public static Behavior<DeviceCommand> create(
            EntityId id, ActorRef<ClusterSharding.ShardCommand> shard, Ports ports, DeviceLimits limits) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new DeviceEntity(context, timers, shard, id, ports, limits)));
    }

    /** By {@link System#nanoTime}: when the first was acknowledged that no event has taken along. */
    private long ackOwedSince = System.nanoTime();

    private DeviceEntity(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            EntityId id,
            Ports ports,
            DeviceLimits limits) {
        super(context, timers, shard, id, ports, limits);
    }

    @Override
    public CommandHandlerWithReply<DeviceCommand, DeviceEvent, DeviceState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(AcceptPush.class, this::onAcceptPush)
                .onCommand(Ack.class, this::onAck)
                .onCommand(DeviceMessage.FlushAck.class, this::onFlushAck)
                .onCommand(
                        GetPush.class,
                        (state, get) -> answer(decide(state).getPush(get.notificationId()), get.replyTo()))
                .onCommand(CancelPush.class, this::onCancelPush)
                .onCommand(Get.class, (state, get) -> answer(decide(state).get(), get.replyTo()))
                .onCommand(Register.class, this::onRegister)
                .onCommand(Delete.class, this::onDelete)
                .onCommand(TokenLost.class, this::onTokenLost)
                .onCommand(
                        ApplyUserSettings.class,
                        (state, told) -> answer(new OwnerDecisions(decide(state)).apply(told), told.replyTo()))
                .onCommand(TakeNews.class, this::onTakeNews)
                .onCommand(DeviceMessage.ContentsRead.class, this::onContentsRead)
                .onCommand(DeviceMessage.ReadSetAside.class, this::onReadSetAside)
                .onCommand(DeviceMessage.VendorMessageRead.class, this::onVendorMessageRead)
                .onCommand(DeviceMessage.RegistryWritten.class, this::onRegistryWritten)
                .onCommand(Redeliver.class, this::onRedeliver)
                .onCommand(DeviceMessage.RedeliveryFound.class, this::onRedeliveryFound)
                .onCommand(Attach.class, this::onAttach)
                .onCommand(Detach.class, (state, detach) -> onSessionEnd(state, detach.sessionId(), detach.reason()))
                .onCommand(
                        DeviceMessage.SessionLost.class, (state, lost) -> onSessionEnd(state, lost.sessionId(), "lost"))
                .onCommand(DeviceMessage.SessionOverdue.class, this::onSessionOverdue)
                .onCommand(Opened.class, this::onOpened)
                .onCommand(ReadUpTo.class, this::onReadUpTo)
                .onCommand(AppCall.class, this::onAppCall)
                .onCommand(Unreadable.class, this::onUnreadable)
                .onCommand(BadgeSeen.class, this::onBadgeSeen)
                .onCommand(DeviceMessage.BodiesRead.class, this::onBodiesRead)
                .onCommand(DeviceMessage.VendorLook.class, this::onVendorLook)
                .onCommand(DeviceMessage.VendorEnded.class, this::onVendorEnded)
                .onCommand(DeviceMessage.VendorItemRead.class, this::onVendorItemRead)
                .onCommand(DeviceMessage.ReadBodies.class, (state, message) -> goOn(state))
                .onCommand(
                        DeviceMessage.Expire.class,
                        (state, message) -> journal(decide(state).expire()))
                .onCommand(DeviceMessage.ReportFates.class, this::onReportFates)
                .onCommand(DeviceMessage.FateKept.class, this::onFateKept)
                .onCommand(DeviceMessage.ReminderAnswered.class, this::onReminderAnswered)
                .onCommand(Wake.class, this::onWake)
                .onCommand(DeviceMessage.Idle.class, this::onIdle)
                .onCommand(DeviceMessage.Stop.class, this::onStop)
                .build();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onAcceptPush(DeviceState state, AcceptPush push) {
        var decision = decide(state).acceptPush(push);
        if (decision.events().isEmpty()) {
            return answer(decision, push.replyTo());
        }
        var expires = state.timeOf(now()).plusSeconds(push.ttlSeconds());
        return covered(fallback.due(state, push.options(), expires), push.replyTo(), () -> Effect()
                .persist(fallback.withOffers(state, decision.events(), acked))
                .thenRun((DeviceState after) -> onAccepted(after, push))
                .thenReply(push.replyTo(), after -> decision.reply()));
    }

    /** The push is in the journal, nobody knows of it yet. */
    private void onAccepted(DeviceState state, AcceptPush push) {
        slot.keepBodyOf(state, push);
        slot.handOut(state);
        fallback.carryOut(state, acked);
        fates.consider(state);
        if (push.target().isPresent()) {
            slot.passivateSoon(state);
        }
    }

    private ReplyEffect<DeviceEvent, DeviceState> onCancelPush(DeviceState state, CancelPush cancel) {
        var decision = decide(state).cancelPush(cancel.notificationId());
        boolean recalls = decision.events().stream().anyMatch(DeviceEvent.ItemAccepted.class::isInstance);
        return recalls
                ? covered(
                        state.timeOf(now()).plus(DeviceDecisions.DEFAULT_TTL),
                        cancel.replyTo(),
                        () -> answer(decision, cancel.replyTo()))
                : answer(decision, cancel.replyTo());
    }

    private ReplyEffect<DeviceEvent, DeviceState> onRedeliver(DeviceState state, Redeliver command) {
        var answer = new RedeliveryDecisions(decide(state)).check(command);
        if (answer.isPresent()) {
            return Effect().reply(command.replyTo(), answer.get());
        }
        if (redeliveries.refusal().isPresent()) {
            return Effect().reply(command.replyTo(), redeliveries.refusal().get());
        }
        var due = state.timeOf(now()).plus(DeviceDecisions.DEFAULT_TTL);
        return covered(due, command.replyTo(), () -> {
            redeliveries.search(state, command);
            return Effect().noReply();
        });
    }

    private ReplyEffect<DeviceEvent, DeviceState> onRedeliveryFound(
            DeviceState state, DeviceMessage.RedeliveryFound found) {
        redeliveries.ended();
        if (found.items().isEmpty()) {
            return Effect().noReply();
        }
        boolean sameStream = state.stream().map(ItemStream::streamId).equals(Optional.of(found.streamId()));
        if (!sameStream) {
            return onRedeliver(state, found.command());
        }
        // Asked for again: a wake may have settled the reminder while the journal was searched.
        var due = state.timeOf(now()).plus(DeviceDecisions.DEFAULT_TTL);
        return covered(
                due,
                found.command().replyTo(),
                () -> answer(
                        new RedeliveryDecisions(decide(state))
                                .redeliver(found.command(), found.items().get()),
                        found.command().replyTo()));
    }

    private ReplyEffect<DeviceEvent, DeviceState> onRegister(DeviceState state, Register command) {
        var decision = decide(state).register(command, UUID.randomUUID().toString());
        return journalRegistration(state, decision, command.replyTo());
    }

    private ReplyEffect<DeviceEvent, DeviceState> onDelete(DeviceState state, Delete command) {
        return journalRegistration(state, decide(state).delete(), command.replyTo());
    }

    private ReplyEffect<DeviceEvent, DeviceState> journalRegistration(
            DeviceState state, Decision decision, ActorRef<DeviceReply> replyTo) {
        if (decision.events().isEmpty() && (registration.isWritten() || state.eventSeq() == 0)) {
            return Effect().reply(replyTo, decision.reply());
        }
        return covered(now().plus(REGISTRY_REPAIR), replyTo, () -> {
            registration.changed();
            int binding = state.binding();
            return Effect()
                    .persist(decision.events())
                    .thenRun((DeviceState after) -> {
                        if (after.binding() != binding || after.registration().isEmpty()) {
                            registration.leave(state);
                            slot.end(EndReason.REVOKED);
                            slot.forgetSent();
                            fallback.reset(false);
                            acked = 0;
                        }
                        fallback.consider(after);
                        fates.consider(after);
                        registration.write(after, Optional.of(replyTo), Optional.of(decision.reply()));
                    })
                    .thenNoReply();
        });
    }

    private ReplyEffect<DeviceEvent, DeviceState> onRegistryWritten(
            DeviceState state, DeviceMessage.RegistryWritten result) {
        registration.onWritten(result);
        var events = new ArrayList<>(new OwnerDecisions(decide(state)).tokensLost(result.lostTokens()));
        result.owner()
                .filter(owner -> owner.binding() == state.binding())
                .ifPresent(owner -> events.addAll(new OwnerDecisions(decide(state))
                        .settings(
                                owner.userId(),
                                owner.settings().version(),
                                owner.settings().settings())));
        return Effect()
                .persist(List.<DeviceEvent>copyOf(events))
                .thenRun((DeviceState after) -> {
                    if (result.written() && result.replyTo().isPresent()) {
                        result.replyTo().get().tell(result.reply().orElseThrow());
                    }
                    if (!events.isEmpty()) {
                        goOnAfter(after);
                    }
                })
                .thenNoReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onTokenLost(DeviceState state, TokenLost lost) {
        return answer(
                new Decision(new OwnerDecisions(decide(state)).tokenLost(lost), new DeviceReply.Noted()),
                lost.replyTo());
    }

    private ReplyEffect<DeviceEvent, DeviceState> onAttach(DeviceState state, Attach attach) {
        var refusal = SessionSlot.refusalOf(state, attach);
        if (refusal.isPresent()) {
            attach.session().tell(new Ended(refusal.get()));
            return Effect().noReply();
        }
        if (attach.streamId().equals(Optional.of(state.present().streamId()))) {
            positions.acknowledged(state, acked, attach.ackedSeq());
            acked = Math.max(acked, attach.ackedSeq());
        }
        acked = Math.max(acked, state.present().ackedSeq());
        var events = decide(state).attach(attach.sessionId());
        return Effect()
                .persist(events)
                .thenRun(after -> {
                    slot.start(after, attach, acked);
                    fallback.attached();
                    fallback.carryOut(after, acked);
                    fates.consider(after);
                    flushSoon(after);
                })
                .thenNoReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onAck(DeviceState state, Ack ack) {
        var session = slot.of(ack.sessionId());
        if (session.isEmpty() || ack.itemSeq() <= acked) {
            return Effect().noReply();
        }
        if (ack.itemSeq() > session.get().handedOut()) {
            return end(state, ack.sessionId(), EndReason.PROTOCOL_MISUSE);
        }
        positions.acknowledged(state, acked, ack.itemSeq());
        if (!owesAck(state)) {
            ackOwedSince = System.nanoTime();
        }
        acked = ack.itemSeq();
        session.get().acknowledged(acked);
        fallback.acknowledged(state, acked);
        flushSoon(state);
        return goOn(state);
    }

    /** Whether something was acknowledged that no event has taken along yet. */
    private boolean owesAck(DeviceState state) {
        return state.stream().isPresent() && acked > state.present().ackedSeq();
    }

    private void flushSoon(DeviceState state) {
        if (owesAck(state) && !timers.isTimerActive(DeviceMessage.FlushAck.class)) {
            flushAfter(limits.ackFlush());
        }
    }

    private void flushAfter(Duration delay) {
        timers.startSingleTimer(DeviceMessage.FlushAck.class, new DeviceMessage.FlushAck(), delay);
    }

    /** Those that the timer was started for may have gone along with an event: what came since has its own time to wait for one. */
    private ReplyEffect<DeviceEvent, DeviceState> onFlushAck(DeviceState state, DeviceMessage.FlushAck message) {
        var rest = limits.ackFlush().minusNanos(System.nanoTime() - ackOwedSince);
        if (owesAck(state) && rest.toNanos() > 0) {
            flushAfter(rest);
            return Effect().noReply();
        }
        return journal(decide(state).unjournaledAck());
    }

    private ReplyEffect<DeviceEvent, DeviceState> end(DeviceState state, String sessionId, EndReason reason) {
        slot.end(reason);
        return onSessionEnd(state, sessionId, reason.name());
    }

    private ReplyEffect<DeviceEvent, DeviceState> onSessionEnd(DeviceState state, String sessionId, String reason) {
        slot.leave(sessionId);
        boolean attached = state.attachment()
                .filter(session -> session.sessionId().equals(sessionId))
                .isPresent();
        return attached
                ? journal(List.of(new SessionDetached(state.timeOf(now()), sessionId, reason, acked)))
                : Effect().noReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onSessionOverdue(
            DeviceState state, DeviceMessage.SessionOverdue message) {
        fallback.notReturned();
        return slot.isTaken() || state.attachment().isEmpty()
                ? Effect().noReply()
                : onSessionEnd(state, state.attachment().get().sessionId(), "notReturned");
    }

    private ReplyEffect<DeviceEvent, DeviceState> onOpened(DeviceState state, Opened opened) {
        boolean ours = slot.of(opened.sessionId()).isPresent();
        return ours && decide(state).isNewlyOpened(opened.notificationId())
                ? journal(decide(state).afterAck(List.of(new ItemOpened(state.timeOf(now()), opened.notificationId()))))
                : Effect().noReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onReadUpTo(DeviceState state, ReadUpTo read) {
        if (slot.of(read.sessionId()).isPresent()) {
            positions.read(state, read);
        }
        return Effect().noReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onAppCall(DeviceState state, AppCall call) {
        var decision = AppCalls.decide(decide(state), call);
        if (decision.reply() instanceof DeviceReply.Position position) {
            positions.acknowledged(state, acked, position.ackedSeq());
            acked = Math.max(acked, position.ackedSeq());
            slot.acknowledged(acked);
            fallback.acknowledged(state, acked);
        } else if (decision.reply() instanceof DeviceReply.Inbox inbox) {
            slot.readBy(inbox.items());
        }
        return call instanceof BindTokens && decision.reply() instanceof DeviceReply.Registered
                ? journalRegistration(state, decision, call.replyTo())
                : answer(decision, call.replyTo());
    }

    private ReplyEffect<DeviceEvent, DeviceState> onBadgeSeen(DeviceState state, BadgeSeen seen) {
        boolean ours = slot.of(seen.sessionId()).isPresent();
        return ours && decide(state).isNewlySeen(seen.itemSeq())
                ? journal(List.of(new DeviceEvent.BadgeSeen(state.timeOf(now()), seen.itemSeq())))
                : Effect().noReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onUnreadable(DeviceState state, Unreadable item) {
        boolean ours = slot.of(item.sessionId()).isPresent();
        return ours
                ? journal(decide(state).unreadable(item.itemSeq()))
                : Effect().noReply();
    }

    private ReplyEffect<DeviceEvent, DeviceState> onBodiesRead(DeviceState state, DeviceMessage.BodiesRead read) {
        slot.onBodiesRead(state, read);
        return Effect().noReply();
    }

    // --- conversations
    // ----------------------------------------------------------------------------

    /** More than one event holds is taken event by event; the answer comes after the last. */
    private ReplyEffect<DeviceEvent, DeviceState> onTakeNews(DeviceState state, TakeNews command) {
        var taken = new NewsDecisions(decide(state)).take(command);
        var decision = taken.decision();
        if (decision.events().isEmpty()) {
            return answer(decision, command.replyTo());
        }
        var until = state.timeOf(now()).plus(NotedRange.DELIVERABLE_FOR);
        var due = fallback.due(state, NewsDecisions.howBrought(command.news()), until);
        return covered(due, command.replyTo(), () -> Effect()
                .persist(fallback.withOffers(state, decision.events(), acked))
                .thenRun((DeviceState after) -> {
                    slot.keepMessagesOf(command.news());
                    goOnAfter(after);
                    if (!after.present().setAside().isEmpty()) {
                        context.getSelf().tell(new DeviceMessage.ReadSetAside()); // somebody speaks again
                    }
                    slot.passivateSoon(after);
                    if (taken.more()) {
                        context.getSelf().tell(command);
                    } else {
                        command.replyTo().tell(decision.reply());
                    }
                })
                .thenNoReply());
    }

    private ReplyEffect<DeviceEvent, DeviceState> goOn(DeviceState state) {
        slot.handOut(state);
        return Effect().noReply();
    }

    // --- vendors
    // -------------------------------------------------------------------------------------

    /** Offers what has become due; the reminder is stored before, so that another node goes on should this one die. */
    private ReplyEffect<DeviceEvent, DeviceState> onVendorLook(DeviceState state, DeviceMessage.VendorLook look) {
        var events = fallback.due(state, acked);
        if (events.isEmpty()) {
            fallback.carryOut(state, acked);
            return Effect().noReply();
        }
        return switch (reminders.require(now().plus(limits.vendorLook()))) {
            case STORED -> journal(decide(state).afterAck(events));
            case ASKED -> Effect().stash();
            case UNAVAILABLE -> {
                fallback.lookAgain();
                yield Effect().noReply();
            }
        };
    }

    private ReplyEffect<DeviceEvent, DeviceState> onVendorEnded(DeviceState state, DeviceMessage.VendorEnded ended) {
        return journal(decide(state).afterAck(fallback.ended(state, acked, ended.outcome())));
    }

    private ReplyEffect<DeviceEvent, DeviceState> onVendorItemRead(
            DeviceState state, DeviceMessage.VendorItemRead read) {
        fallback.onRead(state, read);
        return Effect().noReply();
    }
}
