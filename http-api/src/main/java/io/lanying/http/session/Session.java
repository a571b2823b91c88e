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
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.BadgeSeen;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.Opened;
import io.lanying.protocol.device.DeviceCommand.ReadUpTo;
import io.lanying.protocol.device.DeviceCommand.Unreadable;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Ended;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The life of one socket: {@code hello}, attached to its device wherever that lives, attached again whenever it moves, until
 * either side ends.
 *
 * <p>The app notices nothing of a move: what was on the socket already is not sent again, what was not follows. Acknowledgements
 * go to the attached incarnation directly, at most one for each turn of the mailbox.
 */
final class Session extends AbstractBehavior<SessionMessage> {

    private enum Timer {
        HELLO,
        TOKEN,
        KEY
    }

    /** The scheduler takes no more than about 248 days; tokens never live that long. */
    private static final Duration LONGEST_TIMER = Duration.ofDays(100);

    private final String sessionId = UUID.randomUUID().toString();
    private final SessionNode node;
    private final TimerScheduler<SessionMessage> timers;
    private final Socket socket;
    private final DevicePrincipal principal;
    private final EntityId deviceId;
    private final FrameCodec codec;
    private final ItemFeed feed;
    private final Attachment attachment;
    private final Sends sends;
    private final Watching watching;
    private @Nullable String streamId;
    private boolean welcomed;
    private long seen;
    private long told;
    private long keyRound;
    private int keyRetries;

    static Behavior<SessionMessage> create(
            SessionNode node, Socket socket, DevicePrincipal principal, FrameCodec codec) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Session(context, timers, node, socket, principal, codec)));
    }

    private Session(
            ActorContext<SessionMessage> context,
            TimerScheduler<SessionMessage> timers,
            SessionNode node,
            Socket socket,
            DevicePrincipal principal,
            FrameCodec codec) {
        super(context);
        this.node = node;
        this.timers = timers;
        this.socket = socket;
        this.principal = principal;
        this.deviceId = new EntityId(principal.tenant(), principal.deviceId());
        this.codec = codec;
        this.feed = new ItemFeed(
                principal.tenant(),
                node.sealing(),
                new ItemFrames(codec),
                socket,
                node.metrics(),
                itemSeq -> toDevice(new Unreadable(sessionId, itemSeq)));
        this.attachment = new Attachment(context, timers, node, this::sendAttach);
        this.sends = new Sends(context, principal, node.messages());
        this.watching = new Watching(node, timers, context.getSelf(), principal, socket, codec);
        timers.startSingleTimer(
                Timer.HELLO, new SocketEvent.HelloOverdue(), node.settings().helloTimeout());
        timers.startSingleTimer(Timer.TOKEN, new SocketEvent.TokenExpired(), tokenLife());
        socket.started(context.getSelf());
    }

    @Override
    public Receive<SessionMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(SocketEvent.AckWaits.class, waits -> onAck())
                .onMessage(Gone.class, this::onGone)
                .onMessage(SocketEvent.Said.class, this::onSaid)
                .onMessage(SocketEvent.SendEnded.class, ended -> reply(sends.ended(ended)))
                .onMessage(SocketEvent.WatchDue.class, due -> after(watching::due))
                .onMessage(SessionMessage.Present.class, present -> after(() -> watching.present(present)))
                .onMessage(SessionMessage.Typed.class, typed -> after(() -> watching.typed(typed)))
                .onMessage(SessionMessage.NotWatching.class, not -> after(() -> watching.notWatching(not)))
                .onMessage(SocketEvent.Listens.class, this::onListens)
                .onMessage(SocketEvent.AttachDue.class, due -> onAttachDue())
                .onMessage(Attached.class, this::onAttached)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(SocketEvent.KeyFound.class, this::onKeyFound)
                .onMessage(SocketEvent.KeyUnavailable.class, this::onKeyUnavailable)
                .onMessage(SocketEvent.KeyDue.class, this::onKeyDue)
                .onMessage(SocketEvent.SocketEnded.class, ended -> end(ended.reason()))
                .onMessage(SocketEvent.HelloOverdue.class, m -> close(CloseCode.HELLO_TIMEOUT, "helloTimeout"))
                .onMessage(SocketEvent.TokenExpired.class, m -> close(CloseCode.TOKEN_EXPIRED, "tokenExpired"))
                .onMessage(SocketEvent.NodeStops.class, m -> close(CloseCode.GOING_AWAY, "goingAway"))
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    // --- what the app says

    private Behavior<SessionMessage> onSaid(SocketEvent.Said said) {
        socket.handled();
        if (said.frame() instanceof ClientFrame.Hello hello) {
            timers.cancel(Timer.HELLO);
            streamId = hello.streamId();
            feed.knows(hello.ackedSeq());
            attachment.begin();
            return this;
        }
        if (said.frame() instanceof ClientFrame.Opened opened) {
            toDevice(new Opened(sessionId, opened.notificationId()));
            return this;
        }
        if (said.frame() instanceof ClientFrame.BadgeSeen seen) {
            toDevice(new BadgeSeen(sessionId, seen.itemSeq()));
            return this;
        }
        if (said.frame() instanceof ClientFrame.Read read && welcomed) {
            toDevice(new ReadUpTo(sessionId, read.conversationId(), read.messageSeq()));
            return this;
        }
        if (said.frame() instanceof ClientFrame.Send send) {
            var refused = sends.send(send, welcomed);
            return refused.isPresent() ? reply(refused.get()) : this;
        }
        if (said.frame() instanceof ClientFrame.Watch watch) {
            return after(() -> watching.watch(watch));
        }
        if (said.frame() instanceof ClientFrame.Typing typing) {
            return after(() -> watching.typing(typing));
        }
        node.metrics().count(Incident.FRAME_IGNORED); // positions before the welcome
        return this;
    }

    private Behavior<SessionMessage> after(Runnable step) {
        step.run();
        return this;
    }

    private Behavior<SessionMessage> onListens(SocketEvent.Listens listens) {
        timers.cancel(Timer.HELLO);
        streamId = listens.streamId();
        seen = listens.seenSeq();
        attachment.begin();
        return this;
    }

    private Behavior<SessionMessage> reply(ServerFrame.Reply reply) {
        return sendOrClose(codec.write(reply), FrameType.REPLY);
    }

    private Behavior<SessionMessage> onAck() {
        long itemSeq = socket.takeAck();
        if (itemSeq < 0) {
            return this;
        }
        if (!welcomed || !feed.acknowledge(itemSeq)) {
            return close(CloseCode.PROTOCOL_MISUSE, Misuse.ACK_ABOVE_SENT.reason());
        }
        tellAck();
        return this;
    }

    private void tellAck() {
        ActorRef<DeviceCommand> device = attachment.device();
        long tellable = feed.tellable();
        if (device != null && tellable > told) {
            told = tellable;
            device.tell(new Ack(sessionId, tellable));
        }
    }

    // --- the device

    private Behavior<SessionMessage> onAttachDue() {
        return attachment.due() ? this : close(CloseCode.TRY_LATER, "deviceUnavailable");
    }

    private void sendAttach() {
        node.devices()
                .tell(
                        deviceId,
                        new Attach(
                                sessionId,
                                principal.binding(),
                                Optional.ofNullable(streamId),
                                feed.acked(),
                                getContext().getSelf()));
    }

    private Behavior<SessionMessage> onAttached(Attached attached) {
        if (welcomed && (!attached.streamId().equals(streamId) || attached.lastSeq() < feed.sent())) {
            return close(CloseCode.STREAM_CHANGED, "streamChanged");
        }
        attachment.attached(attached.device());
        told = attached.ackedSeq();
        if (!welcomed) {
            return welcome(attached);
        }
        feed.resume(attached.ackedSeq());
        tellAck();
        return this;
    }

    private Behavior<SessionMessage> welcome(Attached attached) {
        welcomed = true;
        feed.begin(attached.ackedSeq());
        if (attached.streamId().equals(streamId)) {
            feed.skip(Math.min(seen, attached.lastSeq()));
        }
        streamId = attached.streamId();
        socket.has(attached.streamId());
        var welcome = new ServerFrame.Welcome(
                principal.deviceId(),
                sessionId,
                attached.streamId(),
                attached.ackedSeq(),
                attached.lastSeq(),
                (int) node.settings().pingInterval().toSeconds(),
                List.of());
        var next = sendOrClose(codec.write(welcome), FrameType.WELCOME);
        watching.begin();
        return next;
    }

    private Behavior<SessionMessage> onDeliver(Deliver deliver) {
        return attachment.isTo(deliver.device()) ? goOn(feed.deliver(deliver.items())) : stale();
    }

    private Behavior<SessionMessage> onGone(Gone gone) {
        return attachment.isTo(gone.device()) ? goOn(feed.gone(gone)) : stale();
    }

    private Behavior<SessionMessage> stale() {
        node.metrics().count(Incident.STALE);
        return this;
    }

    private Behavior<SessionMessage> goOn(ItemFeed.Outcome outcome) {
        tellAck();
        return switch (outcome) {
            case GOING_ON -> this;
            case SLOW -> close(CloseCode.SLOW_CONSUMER, "slowConsumer");
            case KEY_NEEDED -> lookUpKey();
            case GAP -> {
                node.metrics().count(Incident.GAP);
                attachment.again();
                yield this;
            }
        };
    }

    private Behavior<SessionMessage> onTerminated(Terminated terminated) {
        if (attachment.isTo(terminated.getRef())) {
            node.metrics().count(Incident.REATTACHED);
            attachment.again();
        }
        return this;
    }

    private Behavior<SessionMessage> onEnded(Ended ended) {
        attachment.ended();
        return switch (ended.reason()) {
            case REPLACED -> close(CloseCode.REPLACED, "replaced");
            case REVOKED -> close(CloseCode.REVOKED, "revoked");
            case PROTOCOL_MISUSE -> close(CloseCode.PROTOCOL_MISUSE, Misuse.ACK_ABOVE_SENT.reason());
        };
    }

    /** Through sharding while no incarnation is attached: it will be there by the time this is. */
    private void toDevice(DeviceCommand command) {
        ActorRef<DeviceCommand> device = attachment.device();
        if (device != null) {
            device.tell(command);
        } else {
            node.devices().tell(deviceId, command);
        }
    }

    // --- keys that are not at hand

    private Behavior<SessionMessage> lookUpKey() {
        long round = ++keyRound;
        getContext()
                .pipeToSelf(
                        feed.awaited(),
                        (sealer, failure) -> failure == null
                                ? new SocketEvent.KeyFound(round, sealer)
                                : new SocketEvent.KeyUnavailable(round));
        return this;
    }

    private Behavior<SessionMessage> onKeyFound(SocketEvent.KeyFound found) {
        if (found.round() != keyRound) {
            return this; // the device moved meanwhile: the item comes again
        }
        keyRetries = 0;
        return goOn(feed.keyFound(found.sealer()));
    }

    private Behavior<SessionMessage> onKeyUnavailable(SocketEvent.KeyUnavailable unavailable) {
        if (unavailable.round() != keyRound) {
            return this;
        }
        node.metrics().count(Incident.KEY_UNAVAILABLE);
        Duration retry = node.settings().keyRetry();
        if (retry.multipliedBy(++keyRetries)
                        .compareTo(node.settings().attaching().giveUpAfter())
                > 0) {
            return close(CloseCode.TRY_LATER, "keysUnavailable");
        }
        timers.startSingleTimer(Timer.KEY, new SocketEvent.KeyDue(keyRound), retry);
        return this;
    }

    private Behavior<SessionMessage> onKeyDue(SocketEvent.KeyDue due) {
        return due.round() == keyRound ? goOn(feed.lookUpAgain()) : this;
    }

    // --- the end

    private Behavior<SessionMessage> sendOrClose(byte[] frame, FrameType type) {
        return socket.send(frame, type) ? this : close(CloseCode.SLOW_CONSUMER, "slowConsumer");
    }

    private Behavior<SessionMessage> close(CloseCode code, String reason) {
        socket.close(code, reason);
        return end(reason);
    }

    private Behavior<SessionMessage> end(String reason) {
        if (attachment.maybeAttached()) {
            toDevice(new Detach(sessionId, reason));
        }
        return Behaviors.stopped();
    }

    private Behavior<SessionMessage> onPostStop() {
        watching.end();
        attachment.release();
        return this;
    }

    private Duration tokenLife() {
        Duration left = Duration.between(node.clock().instant(), principal.expiresAt());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(LONGEST_TIMER) < 0 ? left : LONGEST_TIMER;
    }
}
