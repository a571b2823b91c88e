package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.FrameStart;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.TimerGraphStageLogic;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.BadFrameException;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The wire's side of one socket: whole messages out of what comes in, limits on everything, the close handshake; and the
 * frames of the session out, as fast as the app reads and no more than {@link Outbox} holds.
 *
 * <p>Stands in for Akka HTTP's message API (see {@link WebSocketFrames}). All but the {@link Socket} methods runs on the
 * connection's stream. An idle socket has one timer and no buffers.
 */
final class SocketLogic extends TimerGraphStageLogic implements Socket {

    private enum Timer {
        /** Nothing heard for too long. */
        SILENCE,
        /** A message begun and not finished. */
        MESSAGE,
        /** Frames wait and none is taken. */
        WRITE,
        /** The close handshake takes too long. */
        CLOSE
    }

    /** The most that a session may have to deal with before its socket is read on. */
    private static final int MAX_UNHANDLED = 16;

    private static final long NO_ACK = -1;

    private final Inlet<FrameEvent> in;
    private final Outlet<FrameEvent> out;
    private final SocketNode node;
    private final DevicePrincipal principal;
    private final FrameCodec codec;
    private final Outbox outbox;
    private final MessageAssembler assembler = new MessageAssembler(FrameCodec.MAX_CLIENT_BYTES);
    private final TokenBucket bucket;
    private final AsyncCallback<Runnable> onStream = createAsyncCallback(Runnable::run);
    private final Runnable flush = this::flush;
    private final Runnable readOn = this::readOn;

    // Shared with the session.
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final AtomicInteger unhandled = new AtomicInteger();
    private final AtomicInteger owedFrames = new AtomicInteger();
    private final AtomicLong newestAck = new AtomicLong(NO_ACK);

    private final ArrayDeque<FrameEvent> lastWords = new ArrayDeque<>(1);
    private @Nullable ActorRef<SessionMessage> session;
    private @Nullable FrameEvent early;
    private byte @Nullable [] unansweredPing;
    private boolean greeted;
    private boolean sessionEnded;
    private boolean messageTimer;
    private boolean writeTimer;
    private boolean closing;
    private boolean peerClosed;
    private long heardAt = System.nanoTime();
    private long takenAt = heardAt;

    SocketLogic(FlowShape<FrameEvent, FrameEvent> shape, SocketNode node, DevicePrincipal principal, FrameCodec codec) {
        super(shape);
        var settings = node.settings();
        this.in = shape.in();
        this.out = shape.out();
        this.node = node;
        this.principal = principal;
        this.codec = codec;
        this.outbox = new Outbox(settings.queueFrames(), settings.queueBytes());
        this.bucket = new TokenBucket(settings.framesPerSecond(), settings.framesBurst(), heardAt);
        setHandler(in, new AbstractInHandler() {
            @Override
            public void onPush() {
                SocketLogic.this.onPush();
            }
        });
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
        node.sockets().tell(new Sockets.Open(this, principal, codec));
        scheduleOnce(Timer.SILENCE, node.settings().silenceTimeout());
        pull(in);
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
        onStream.invoke(() -> onStarted(started));
    }

    @Override
    public boolean send(byte[] frame, FrameType type) {
        if (!outbox.offer(frame, type != FrameType.GONE)) {
            return false;
        }
        node.metrics().sent(type);
        if (type == FrameType.ITEM || type == FrameType.GONE) {
            owedFrames.incrementAndGet(); // an acknowledgement for each is no flood
        }
        if (flushing.compareAndSet(false, true)) {
            onStream.invoke(flush);
        }
        return true;
    }

    @Override
    public boolean sendUnlessBusy(byte[] frame, FrameType type) {
        return !outbox.isHalfFull() && send(frame, type);
    }

    @Override
    public long takeAck() {
        return newestAck.getAndSet(NO_ACK);
    }

    @Override
    public void handled() {
        if (unhandled.decrementAndGet() == MAX_UNHANDLED / 2) {
            onStream.invoke(readOn);
        }
    }

    @Override
    public void close(CloseCode code, String reason) {
        outbox.close();
        onStream.invoke(() -> {
            sessionEnded = true;
            close(code, reason, true);
        });
    }

    // --- in

    private void onStarted(ActorRef<SessionMessage> started) {
        session = started;
        if (sessionEnded) {
            started.tell(new SocketEvent.SocketEnded("connectionLost"));
        }
        FrameEvent waiting = early;
        early = null;
        if (waiting != null) {
            accept(waiting);
        }
    }

    private void onPush() {
        FrameEvent event = grab(in);
        if (session == null && !closing) {
            early = event;
        } else {
            accept(event);
        }
    }

    private void accept(FrameEvent event) {
        if (closing) {
            if (event instanceof FrameStart start && WebSocketFrames.opcode(start.header()) == WebSocketFrames.CLOSE) {
                peerClosed = true;
                flush();
            }
        } else if (event instanceof FrameStart && isFlood()) {
            misuse(Misuse.FLOOD);
        } else {
            dispatch(assembler.accept(event));
            watchMessage();
        }
        readOn();
    }

    private boolean isFlood() {
        heardAt = System.nanoTime();
        bucket.pay(owedFrames.getAndSet(0));
        return !bucket.take(heardAt);
    }

    private void dispatch(MessageAssembler.Step step) {
        byte[] payload = assembler.payload();
        switch (step) {
            case CLOSE -> onPeerClose(payload);
            case TEXT -> onMessage(FrameFormat.JSON, payload);
            case BINARY -> onMessage(FrameFormat.CBOR, payload);
            case PING -> {
                unansweredPing = payload; // RFC 6455 §5.5.3: only the newest need be answered
                flush();
            }
            case VIOLATION -> misuse(Misuse.WEB_SOCKET_VIOLATION);
            case TOO_LONG -> misuse(Misuse.FRAME_TOO_LARGE);
            case MORE, PONG -> {}
        }
    }

    private void onMessage(FrameFormat format, byte[] payload) {
        if (format != codec.format()) {
            misuse(Misuse.WRONG_MESSAGE_TYPE);
            return;
        }
        try {
            onFrame(codec.readClient(payload));
        } catch (BadFrameException e) {
            misuse(Misuse.BAD_FRAME);
        }
    }

    private void onFrame(Optional<ClientFrame> read) {
        if (greeted == (read.isPresent() && read.get() instanceof ClientFrame.Hello)) {
            misuse(greeted ? Misuse.SECOND_HELLO : Misuse.HELLO_EXPECTED);
            return;
        }
        greeted = true;
        if (read.isEmpty()) {
            node.metrics().received(FrameType.UNKNOWN);
            return;
        }
        ClientFrame frame = read.get();
        node.metrics().received(ClientFrames.typeOf(frame));
        if (frame instanceof ClientFrame.Ack ack) {
            if (newestAck.getAndAccumulate(ack.itemSeq(), Math::max) == NO_ACK) {
                tell(new SocketEvent.AckWaits());
            }
        } else if (frame instanceof ClientFrame.Ping) {
            if (!send(codec.write(new ServerFrame.Pong()), FrameType.PONG)) {
                close(CloseCode.SLOW_CONSUMER, "slowConsumer", false);
            }
        } else {
            unhandled.incrementAndGet();
            tell(new SocketEvent.Said(frame));
        }
    }

    private void onPeerClose(byte[] payload) {
        peerClosed = true;
        closing = true;
        node.metrics().closedByApp();
        outbox.close();
        lastWords.add(WebSocketFrames.closeAnswer(payload));
        scheduleOnce(Timer.CLOSE, node.settings().closeTimeout());
        endSession("closedByApp");
        flush();
    }

    private void misuse(Misuse how) {
        close(CloseCode.PROTOCOL_MISUSE, how.reason(), false);
    }

    private void readOn() {
        boolean mayRead = closing || unhandled.get() < MAX_UNHANDLED;
        if (mayRead && early == null && !isClosed(in) && !hasBeenPulled(in)) {
            pull(in);
        }
    }

    // --- out

    private void flush() {
        flushing.set(false);
        if (isClosed(out)) {
            return;
        }
        FrameEvent next = isAvailable(out) ? next() : null;
        if (next != null) {
            push(out, next);
        }
        if (closing && lastWords.isEmpty() && peerClosed) {
            complete(out);
        }
        watchWrite();
    }

    private @Nullable FrameEvent next() {
        if (closing) {
            return lastWords.pollFirst();
        }
        byte[] ping = unansweredPing;
        if (ping != null) {
            unansweredPing = null;
            return WebSocketFrames.pong(ping);
        }
        byte[] frame = outbox.poll();
        return frame == null ? null : message(frame);
    }

    private FrameEvent message(byte[] frame) {
        return codec.format() == FrameFormat.JSON ? WebSocketFrames.text(frame) : WebSocketFrames.binary(frame);
    }

    /** Only the first reason counts. */
    private void close(CloseCode code, String reason, boolean bySession) {
        if (closing) {
            return;
        }
        closing = true;
        node.metrics().closed(code);
        node.metrics().sent(FrameType.BYE);
        outbox.close();
        var bye = new ServerFrame.Bye(code.code(), node.reconnects().afterMs(code));
        lastWords.add(message(codec.write(bye)));
        lastWords.add(WebSocketFrames.close(code.code(), reason));
        scheduleOnce(Timer.CLOSE, node.settings().closeTimeout());
        if (!bySession) {
            endSession(reason);
        }
        early = null;
        flush();
        readOn();
    }

    // --- time

    @Override
    public void onTimer(Object timer) {
        switch ((Timer) timer) {
            case SILENCE -> onSilence();
            case MESSAGE -> {
                messageTimer = false;
                close(CloseCode.MESSAGE_TIMEOUT, "messageTimeout", false);
            }
            case WRITE -> onWriteOverdue();
            case CLOSE -> failStage(new SocketAborted());
        }
    }

    /** One timer for the whole life: it is not touched when something is heard, but looks back when it fires. */
    private void onSilence() {
        long left = node.settings().silenceTimeout().toNanos() - (System.nanoTime() - heardAt);
        if (left <= 0) {
            close(CloseCode.SILENT, "silent", false);
        } else {
            scheduleOnce(Timer.SILENCE, Duration.ofNanos(left));
        }
    }

    private void watchMessage() {
        boolean inProgress = assembler.inProgress() && !closing;
        if (inProgress && !messageTimer) {
            scheduleOnce(Timer.MESSAGE, node.settings().messageTimeout());
        } else if (!inProgress && messageTimer) {
            cancelTimer(Timer.MESSAGE);
        }
        messageTimer = inProgress;
    }

    private void watchWrite() {
        if (!writeTimer && !closing && !outbox.isEmpty()) {
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
            close(CloseCode.SLOW_CONSUMER, "slowConsumer", false);
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
