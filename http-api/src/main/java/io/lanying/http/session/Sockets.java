package io.lanying.http.session;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sockets of a node: starts a session for each, and ends all when the node stops. */
final class Sockets extends AbstractBehavior<Sockets.Command> {

    sealed interface Command {}

    /** A socket was opened. */
    record Open(Socket socket, DevicePrincipal principal, FrameCodec codec) implements Command {}

    /** A socket has ended. */
    record Closed() implements Command {}

    /** A session has ended; its socket must not outlive it. */
    record SessionStopped(Socket socket) implements Command {}

    /** Close all sockets, now and from now on. Answered when none is left, or after {@code within}. */
    record Stop(Duration within, ActorRef<Done> replyTo) implements Command {}

    private record StopOverdue() implements Command {}

    private final SessionNode node;
    private final TimerScheduler<Command> timers;
    private final List<ActorRef<Done>> awaiting = new ArrayList<>(1);
    private boolean stopping;
    private int open;

    static Behavior<Command> create(SessionNode node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Sockets(context, timers, node)));
    }

    private Sockets(ActorContext<Command> context, TimerScheduler<Command> timers, SessionNode node) {
        super(context);
        this.timers = timers;
        this.node = node;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Open.class, this::onOpen)
                .onMessage(Closed.class, closed -> onClosed())
                .onMessage(SessionStopped.class, this::onSessionStopped)
                .onMessage(Stop.class, this::onStop)
                .onMessage(StopOverdue.class, overdue -> answerStop())
                .build();
    }

    private Behavior<Command> onOpen(Open opened) {
        open++;
        if (stopping) {
            opened.socket().close(CloseCode.GOING_AWAY, "goingAway");
            return this;
        }
        ActorRef<SessionMessage> session =
                getContext().spawnAnonymous(Session.create(node, opened.socket(), opened.principal(), opened.codec()));
        getContext().watchWith(session, new SessionStopped(opened.socket()));
        return this;
    }

    private Behavior<Command> onClosed() {
        open--;
        return stopping && open == 0 ? answerStop() : this;
    }

    private Behavior<Command> onSessionStopped(SessionStopped stopped) {
        stopped.socket().close(CloseCode.INTERNAL, "internal"); // does nothing if the socket is closing already
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        awaiting.add(stop.replyTo());
        if (!stopping) {
            stopping = true;
            getContext().getChildren().forEach(session -> session.unsafeUpcast().tell(new SocketEvent.NodeStops()));
            timers.startSingleTimer(new StopOverdue(), stop.within());
        }
        return open == 0 ? answerStop() : this;
    }

    private Behavior<Command> answerStop() {
        awaiting.forEach(waiting -> waiting.tell(Done.getInstance()));
        awaiting.clear();
        return this;
    }
}
