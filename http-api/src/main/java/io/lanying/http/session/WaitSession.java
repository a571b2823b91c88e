package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.session.SocketMetrics.Incident;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The session of a device that comes by requests: attached while one waits and for a while after it, so that one poll after the
 * other is one session and no journal entry each.
 *
 * <p>It only notices that something is there; the request reads it from the device. What is handed to it while no request waits
 * is not acknowledged and takes the way of all such items.
 */
final class WaitSession extends AbstractBehavior<SessionMessage> {

    private enum Timer {
        OVERDUE,
        UNUSED
    }

    private final String sessionId = UUID.randomUUID().toString();
    private final SessionNode node;
    private final TimerScheduler<SessionMessage> timers;
    private final EntityId deviceId;
    private final int binding;
    private final ActorRef<Waits.Command> waits;
    private final Attachment attachment;
    private WaitEvent.@Nullable Await waiting;
    private @Nullable Waited end;
    private @Nullable String streamId;
    private long known = -1;
    private long awaited;

    static Behavior<SessionMessage> create(SessionNode node, DevicePrincipal principal, ActorRef<Waits.Command> waits) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new WaitSession(context, timers, node, principal, waits)));
    }

    private WaitSession(
            ActorContext<SessionMessage> context,
            TimerScheduler<SessionMessage> timers,
            SessionNode node,
            DevicePrincipal principal,
            ActorRef<Waits.Command> waits) {
        super(context);
        this.node = node;
        this.timers = timers;
        this.deviceId = new EntityId(principal.tenant(), principal.deviceId());
        this.binding = principal.binding();
        this.waits = waits;
        this.attachment = new Attachment(context, timers, node, this::sendAttach);
        node.metrics().opened();
        attachment.begin();
    }

    @Override
    public Receive<SessionMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(WaitEvent.Await.class, this::onAwait)
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(Gone.class, gone -> onSeen(gone.device(), gone.toSeq()))
                .onMessage(Attached.class, this::onAttached)
                .onMessage(SocketEvent.AttachDue.class, due -> onAttachDue())
                .onMessage(WaitEvent.Overdue.class, overdue -> answer(Waited.OVER))
                .onMessage(WaitEvent.Unused.class, unused -> askToFinish())
                .onMessage(WaitEvent.Finish.class, finish -> onFinish())
                .onMessage(Ended.class, this::onEnded)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    private Behavior<SessionMessage> onAwait(WaitEvent.Await await) {
        awaited++;
        answer(Waited.OVER);
        waiting = await;
        timers.cancel(Timer.UNUSED);
        timers.startSingleTimer(Timer.OVERDUE, new WaitEvent.Overdue(), await.within());
        return look();
    }

    private Behavior<SessionMessage> look() {
        if (end != null) {
            return ended(end);
        }
        return waiting != null && known > waiting.afterSeq() ? answer(Waited.READY) : this;
    }

    private Behavior<SessionMessage> answer(Waited how) {
        WaitEvent.Await answered = waiting;
        if (answered != null) {
            waiting = null;
            timers.cancel(Timer.OVERDUE);
            timers.startSingleTimer(
                    Timer.UNUSED, new WaitEvent.Unused(), node.settings().pollLinger());
            answered.replyTo().tell(how);
        }
        return this;
    }

    private Behavior<SessionMessage> onAttachDue() {
        return attachment.due() ? this : ended(Waited.OVER);
    }

    private void sendAttach() {
        node.devices()
                .tell(
                        deviceId,
                        new Attach(
                                sessionId,
                                binding,
                                Optional.empty(),
                                0,
                                getContext().getSelf()));
    }

    private Behavior<SessionMessage> onAttached(Attached attached) {
        attachment.attached(attached.device());
        boolean same = attached.streamId().equals(streamId);
        streamId = attached.streamId();
        known = same ? Math.max(known, attached.lastSeq()) : attached.lastSeq();
        return look();
    }

    private Behavior<SessionMessage> onDeliver(Deliver deliver) {
        long last = deliver.items().stream().mapToLong(Item::itemSeq).max().orElse(0);
        return onSeen(deliver.device(), last);
    }

    private Behavior<SessionMessage> onSeen(ActorRef<DeviceCommand> device, long itemSeq) {
        if (!attachment.isTo(device)) {
            node.metrics().count(Incident.STALE);
            return this;
        }
        known = Math.max(known, itemSeq);
        return look();
    }

    private Behavior<SessionMessage> onTerminated(Terminated terminated) {
        if (attachment.isTo(terminated.getRef())) {
            node.metrics().count(Incident.REATTACHED);
            attachment.again();
        }
        return this;
    }

    private Behavior<SessionMessage> onEnded(Ended message) {
        attachment.ended();
        return ended(message.reason() == EndReason.REVOKED ? Waited.REVOKED : Waited.REPLACED);
    }

    /** Requests that are on their way here are told the same; one that is made after the answer finds this session gone. */
    private Behavior<SessionMessage> ended(Waited how) {
        end = how;
        askToFinish();
        answer(how);
        timers.cancel(Timer.UNUSED);
        return this;
    }

    private Behavior<SessionMessage> askToFinish() {
        waits.tell(new Waits.Unused(getContext().getSelf(), awaited));
        return this;
    }

    private Behavior<SessionMessage> onFinish() {
        return Behaviors.stopped();
    }

    private Behavior<SessionMessage> onPostStop() {
        answer(Waited.OVER);
        if (attachment.maybeAttached()) {
            node.devices().tell(deviceId, new Detach(sessionId, "noRequest"));
        }
        attachment.release();
        node.metrics().ended();
        return this;
    }
}
