package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The wire's side of one stream of server-sent events: the frames of the session out as events, as fast as the app reads and no
 * more than {@link Outbox} holds; comments while there is nothing, so that nobody on the way takes the connection for dead.
 *
 * <p>To its session it is a socket on which the app says nothing: acknowledgements come by requests. All but the {@link Socket}
 * methods runs on the connection's stream.
 */
final class EventStreamLogic extends TimerGraphStageLogic implements Socket {

    private enum Timer {
        /** Nothing was sent for a while. */
        HEARTBEAT,
        /** Events wait and none is taken. */
        WRITE,
        /** The last event is not taken. */
        CLOSE
    }

    private static final ByteString COMMENT = ByteString.fromString(":\n\n");
    private static final FrameCodec CODEC = FrameCodec.of(FrameFormat.JSON);

    private final Outlet<ByteString> out;
    private final SocketNode node;
    private final DevicePrincipal principal;
    private final SocketEvent.Listens listens;
    private final Outbox outbox;
    private final AsyncCallback<Runnable> onStream = createAsyncCallback(Runnable::run);
    private final Runnable flush = this::flush;

    // Shared with the session.
    private final AtomicBoolean flushing = new AtomicBoolean();
    private volatile String streamId = "";

    private @Nullable ActorRef<SessionMessage> session;
    private @Nullable ByteString lastWords;
    private boolean sessionEnded;
    private boolean writeTimer;
    private boolean closing;
    private long takenAt = System.nanoTime();
    private long sentAt = takenAt;

    EventStreamLogic(
            SourceShape<ByteString> shape, SocketNode node, DevicePrincipal principal, SocketEvent.Listens listens) {
        super(shape);
        this.out = shape.out();
        this.node = node;
        this.principal = principal;
        this.listens = listens;
        this.outbox = new Outbox(node.settings().queueFrames(), node.settings().queueBytes());
        setHandler(out, new AbstractOutHandler() {
            @Override
            public void onPull() {
                takenAt = System.nanoTime();
                flush();
            }
        });
    }

    @Override
    public void preStart() {
        node.metrics().opened();
        node.tenants().opened(principal.tenant());
        node.sockets().tell(new Sockets.Open(this, principal, CODEC));
        scheduleAtFixedRate(
                Timer.HEARTBEAT, node.settings().pingInterval(), node.settings().pingInterval());
    }

    @Override
    public void postStop() {
        outbox.close();
        endSession("connectionLost");
        node.metrics().ended();
        node.tenants().ended(principal.tenant());
        node.sockets().tell(new Sockets.Closed());
    }

    // --- what the session calls, on its own thread

    @Override
    public void started(ActorRef<SessionMessage> started) {
        onStream.invoke(() -> {
            session = started;
            tell(sessionEnded ? new SocketEvent.SocketEnded("connectionLost") : listens);
        });
    }

    @Override
    public void has(String stream) {
        streamId = stream;
    }

    @Override
    public boolean send(byte[] frame, FrameType type) {
        return offer(ServerSentEvents.event(type.tag(), frame), type);
    }

    @Override
    public boolean send(byte[] frame, FrameType type, long upTo) {
        return offer(ServerSentEvents.event(streamId, upTo, type.tag(), frame), type);
    }

    private boolean offer(byte[] event, FrameType type) {
        if (!outbox.offer(event, type != FrameType.GONE)) {
            return false;
        }
        node.metrics().sent(type);
        if (flushing.compareAndSet(false, true)) {
            onStream.invoke(flush);
        }
        return true;
    }

    @Override
    public long takeAck() {
        return -1;
    }

    @Override
    public void handled() {}

    @Override
    public void close(CloseCode code, String reason) {
        outbox.close();
        onStream.invoke(() -> {
            sessionEnded = true;
            end(code);
        });
    }

    // --- out

    private void flush() {
        flushing.set(false);
        if (isClosed(out)) {
            return;
        }
        if (closing) {
            sayLast();
            return;
        }
        byte[] event = isAvailable(out) ? outbox.poll() : null;
        if (event != null) {
            push(out, ByteString.fromArrayUnsafe(event));
            sentAt = System.nanoTime();
        }
        watchWrite();
    }

    /** Only the first reason counts. */
    private void end(CloseCode code) {
        if (closing) {
            return;
        }
        closing = true;
        node.metrics().closed(code);
        node.metrics().sent(FrameType.BYE);
        Long reconnectAfterMs = node.reconnects().afterMs(code);
        byte[] bye = CODEC.write(new ServerFrame.Bye(code.code(), reconnectAfterMs));
        lastWords = ByteString.fromArrayUnsafe(ServerSentEvents.last(reconnectAfterMs, bye));
        scheduleOnce(Timer.CLOSE, node.settings().closeTimeout());
        sayLast();
    }

    private void sayLast() {
        ByteString words = lastWords;
        if (words != null && isAvailable(out)) {
            lastWords = null;
            push(out, words);
            complete(out);
        }
    }

    // --- time

    @Override
    public void onTimer(Object timer) {
        switch ((Timer) timer) {
            case HEARTBEAT -> onHeartbeat();
            case WRITE -> onWriteOverdue();
            case CLOSE -> failStage(new SocketAborted());
        }
    }

    private void onHeartbeat() {
        boolean quiet =
                System.nanoTime() - sentAt >= node.settings().pingInterval().toNanos() / 2;
        if (quiet && !closing && isAvailable(out)) {
            push(out, COMMENT);
        }
    }

    private void watchWrite() {
        if (!writeTimer && !outbox.isEmpty()) {
            writeTimer = true;
            scheduleOnce(Timer.WRITE, node.settings().writeTimeout());
        }
    }

    private void onWriteOverdue() {
        writeTimer = false;
        if (closing || isAvailable(out) || outbox.isEmpty()) {
            return;
        }
        long left = node.settings().writeTimeout().toNanos() - (System.nanoTime() - takenAt);
        if (left <= 0) {
            endSession("slowConsumer");
            end(CloseCode.SLOW_CONSUMER);
        } else {
            writeTimer = true;
            scheduleOnce(Timer.WRITE, Duration.ofNanos(left));
        }
    }

    // --- the session

    private void endSession(String reason) {
        if (!sessionEnded) {
            sessionEnded = true;
            tell(new SocketEvent.SocketEnded(reason));
        }
    }

    private void tell(SocketEvent event) {
        ActorRef<SessionMessage> to = session;
        if (to != null) {
            to.tell(event);
        }
    }
}
