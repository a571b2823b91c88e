package io.lanying.load.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.Content;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The app on one device, in one owner's hands: connects, says hello with what it remembers, records what comes, acknowledges
 * in batches, and connects again whenever it is cut off, until it is closed or told to stay away (45xx).
 *
 * <p>Thread-safe. It remembers its position only once it has acknowledged it: hello repeats the last acknowledgement.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be sent shows as a closed socket
public final class App implements AutoCloseable {

    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final Duration ACK_AT_LATEST = Duration.ofMillis(200);
    /** More often than the server's {@code pingSeconds}. */
    private static final Duration PING = Duration.ofSeconds(15);
    /** A server that is silent so long after a ping is taken for gone, and so is one that does not take a socket in that time. */
    private static final Duration PONG = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Entrances entrances;
    private final Target target;
    private final String owner;
    private final String token;
    private final int ackBatch;
    private final Recorder recorder;
    private final Epochs epochs;
    private final ScheduledExecutorService clock;

    private String streamId = "";
    private long ackedSeq;
    private long receivedSeq;
    private int epoch;
    private int closeCode;
    private boolean closed;
    private boolean welcomed;
    /** Whether anything came since the last hello or ping. */
    private boolean heard;

    private Optional<URI> lastAt = Optional.empty();
    private Optional<WebSocket> socket = Optional.empty();
    private final Replies replies = new Replies();
    /** A socket takes one text at a time. */
    private CompletableFuture<WebSocket> lastSaid = new CompletableFuture<>();

    /**
     * @param ackBatch how many items are acknowledged at once; the rest follow within {@link #ACK_AT_LATEST}; 0: never
     */
    public App(
            HttpClient http,
            Entrances entrances,
            Target target,
            String owner,
            String token,
            int ackBatch,
            Recorder recorder,
            Epochs epochs,
            ScheduledExecutorService clock) {
        this.http = http;
        this.entrances = entrances;
        this.target = target;
        this.owner = owner;
        this.token = token;
        this.ackBatch = ackBatch;
        this.recorder = recorder;
        this.epochs = epochs;
        this.clock = clock;
    }

    /** Connects, and goes on connecting. */
    public App open() {
        connect();
        return this;
    }

    /** Each time to another server, if there are several: what it left behind there must not matter. */
    private void connect() {
        int number;
        URI at;
        synchronized (this) {
            if (closed || closeCode >= 4500) {
                return;
            }
            number = epochs.next(target);
            epoch = number;
            welcomed = false;
            socket.ifPresent(WebSocket::abort);
            socket = Optional.empty();
            at = lastAt.map(entrances::otherThan).orElseGet(entrances::any);
            lastAt = Optional.of(at);
        }
        http.newWebSocketBuilder()
                .subprotocols("lanying.v1.json")
                .header("Authorization", "Bearer " + token)
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(socketAt(at), new Frames(number))
                .orTimeout(PONG.toSeconds(), TimeUnit.SECONDS)
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        connectLater(number);
                    }
                });
    }

    private static URI socketAt(URI server) {
        return URI.create(server.toString().replaceFirst("^http", "ws") + "/v1/device/socket");
    }

    private void connectLater(int afterEpoch) {
        boolean again;
        synchronized (this) {
            again = afterEpoch == epoch && !closed;
            if (again) {
                socket = Optional.empty();
                welcomed = false;
            }
        }
        replies.lost(afterEpoch);
        if (again && !clock.isShutdown()) {
            clock.schedule(this::connect, RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** What to say first; nothing on a socket that came too late. */
    private synchronized Optional<String> hello(WebSocket opened, int number) {
        if (number != epoch || closed || socket.isPresent()) {
            return Optional.empty();
        }
        socket = Optional.of(opened);
        receivedSeq = ackedSeq;
        recorder.add(new HistoryEvent.Hello(target, number, owner, streamId, ackedSeq));
        ObjectNode hello = Answer.JSON.createObjectNode().put("t", "hello");
        if (streamId.isEmpty()) {
            hello.putNull("streamId");
        } else {
            hello.put("streamId", streamId);
        }
        hello.put("ackedSeq", ackedSeq).putArray("features");
        return Optional.of(hello.toString());
    }

    private void onFrame(WebSocket from, int number, String text) {
        isHeard(number);
        recorder.add(new HistoryEvent.Received(target.tenant(), "socket of " + target.device(), text));
        JsonNode frame;
        try {
            frame = Answer.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a frame: " + text, e);
        }
        switch (frame.path("t").asText()) {
            case "welcome" -> onWelcome(number, frame);
            case "item" -> onItem(from, number, frame);
            case "gone" -> onGone(from, number, frame);
            case "reply" -> replies.came(frame);
            default -> {}
        }
    }

    private synchronized void onWelcome(int number, JsonNode frame) {
        String stream = frame.path("streamId").asText();
        long position = frame.path("ackedSeq").asLong();
        recorder.add(new HistoryEvent.Welcome(
                target, number, stream, position, frame.path("lastSeq").asLong()));
        if (number != epoch) {
            return;
        }
        if (!stream.equals(streamId)) {
            streamId = stream;
            ackedSeq = 0;
        }
        receivedSeq = Math.max(ackedSeq, position);
        welcomed = true;
    }

    private synchronized void onItem(WebSocket from, int number, JsonNode frame) {
        long itemSeq = frame.path("itemSeq").asLong();
        recorder.add(new HistoryEvent.Item(
                target,
                number,
                itemSeq,
                frame.path("id").asText(),
                frame.path("kind").asText(),
                text(frame, "notificationId"),
                frame.has("redeliveryOf")
                        ? Optional.of(frame.get("redeliveryOf").asLong())
                        : Optional.empty(),
                Content.of(frame.path("body"))));
        if (frame.at("/body/conversationId").isTextual()) {
            recorder.add(frame.path("kind").asText().equals("receipt") ? receipt(number, frame) : said(number, frame));
        }
        received(from, number, itemSeq);
    }

    private TalkEvent.Receipt receipt(int number, JsonNode frame) {
        JsonNode body = frame.path("body");
        return new TalkEvent.Receipt(
                target,
                number,
                frame.path("itemSeq").asLong(),
                body.path("conversationId").asText(),
                body.path("messageSeq").asLong(),
                body.path("deliveredSeq").asLong(),
                body.path("readSeq").asLong(),
                body.path("members").asInt(),
                body.path("delivered").asInt(),
                body.path("read").asInt());
    }

    private TalkEvent.Said said(int number, JsonNode frame) {
        JsonNode body = frame.path("body");
        return new TalkEvent.Said(
                target,
                number,
                frame.path("itemSeq").asLong(),
                frame.path("kind").asText(),
                body.path("conversationId").asText(),
                body.path("messageSeq").asLong(),
                body.path("messageId").asText(),
                body.path("senderId").asText(),
                body.has("content") ? Content.said(body.path("content")) : "");
    }

    /** Sends a message; the reply, or a failure if the socket went first. */
    CompletableFuture<JsonNode> send(ObjectNode message) {
        CompletableFuture<JsonNode> reply;
        synchronized (this) {
            if (!welcomed || socket.isEmpty()) {
                return CompletableFuture.failedFuture(new IOException("not connected"));
            }
            int number = epoch;
            ObjectNode frame = Answer.JSON.createObjectNode().put("t", "send");
            reply = replies.awaited(number, frame);
            frame.setAll(message);
            say(socket.get(), frame.toString()).whenComplete((sent, failure) -> {
                if (failure != null) {
                    replies.lost(number);
                }
            });
        }
        return reply.orTimeout(Api.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Optional<String> text(JsonNode frame, String field) {
        return frame.has(field) ? Optional.of(frame.get(field).asText()) : Optional.empty();
    }

    private synchronized void onGone(WebSocket from, int number, JsonNode frame) {
        long toSeq = frame.path("toSeq").asLong();
        recorder.add(new HistoryEvent.Gone(
                target,
                number,
                frame.path("fromSeq").asLong(),
                toSeq,
                frame.path("fate").asText()));
        received(from, number, toSeq);
    }

    private void received(WebSocket from, int number, long upTo) {
        if (number != epoch) {
            return;
        }
        receivedSeq = Math.max(receivedSeq, upTo);
        if (ackBatch == 0) {
            return;
        }
        if (receivedSeq - ackedSeq >= ackBatch) {
            acknowledge(from, number);
        } else if (!clock.isShutdown()) {
            clock.schedule(() -> acknowledge(from, number), ACK_AT_LATEST.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void acknowledge(WebSocket to, int number) {
        if (number != epoch || receivedSeq <= ackedSeq || closed) {
            return;
        }
        ackedSeq = receivedSeq;
        recorder.add(new HistoryEvent.Acked(target, number, ackedSeq));
        say(to, "{\"t\":\"ack\",\"itemSeq\":" + ackedSeq + "}");
    }

    private synchronized void sayFirst(WebSocket to, String text) {
        lastSaid = to.sendText(text, true);
    }

    private synchronized CompletableFuture<WebSocket> say(WebSocket to, String text) {
        lastSaid = lastSaid.handle((before, failure) -> to).thenCompose(open -> open.sendText(text, true));
        return lastSaid;
    }

    private void pingLater(WebSocket to, int number) {
        if (clock.isShutdown()) {
            return;
        }
        clock.schedule(
                () -> {
                    if (isCurrent(number)) {
                        awaitAnything(number);
                        say(to, "{\"t\":\"ping\"}");
                        pingLater(to, number);
                    }
                },
                PING.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private synchronized void isHeard(int number) {
        heard |= number == epoch;
    }

    /** A server that froze neither answers nor closes. */
    private synchronized void awaitAnything(int number) {
        heard = false;
        if (clock.isShutdown()) {
            return;
        }
        clock.schedule(
                () -> {
                    if (isSilent(number)) {
                        cut();
                    }
                },
                PONG.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private synchronized boolean isSilent(int number) {
        return number == epoch && !closed && !heard;
    }

    private synchronized boolean isCurrent(int number) {
        return number == epoch && !closed && welcomed;
    }

    /** Whether it has been welcomed and not cut off since. */
    public synchronized boolean connected() {
        return welcomed;
    }

    public synchronized long ackedSeq() {
        return ackedSeq;
    }

    public synchronized long receivedSeq() {
        return receivedSeq;
    }

    public synchronized String streamId() {
        return streamId;
    }

    /** The code of the last close, 0 if there was none. */
    public synchronized int closeCode() {
        return closeCode;
    }

    public Target target() {
        return target;
    }

    /** Breaks the connection without a word, as a phone in a tunnel does; it comes back by itself. */
    public void cut() {
        Optional<WebSocket> broken;
        int number;
        synchronized (this) {
            broken = socket;
            number = epoch;
        }
        broken.ifPresent(cut -> {
            cut.abort();
            connectLater(number);
        });
    }

    @Override
    public void close() {
        Optional<WebSocket> last;
        synchronized (this) {
            closed = true;
            last = socket;
            welcomed = false;
        }
        last.ifPresent(WebSocket::abort);
        replies.lost(Integer.MAX_VALUE);
    }

    /** Puts frames together; one at a time, in order. */
    private final class Frames implements WebSocket.Listener {
        private final int number;
        private final StringBuilder text = new StringBuilder();

        Frames(int number) {
            this.number = number;
        }

        @Override
        public void onOpen(WebSocket opened) {
            Optional<String> first = hello(opened, number);
            if (first.isEmpty()) {
                opened.abort();
                return;
            }
            sayFirst(opened, first.get());
            awaitAnything(number);
            pingLater(opened, number);
            opened.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                onFrame(from, number, whole);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
            synchronized (App.this) {
                if (number == epoch) {
                    closeCode = statusCode;
                    welcomed = false;
                }
            }
            connectLater(number);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            connectLater(number);
        }
    }
}
