package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** A device's WebSocket as its wire shows it: JSON text out, JSON text in, everything kept. Thread-safe. */
final class Socket implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PING = Duration.ofSeconds(20);

    private final List<JsonNode> received = new ArrayList<>();
    private final List<JsonNode> sent = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private volatile int closeCode;
    private volatile LongConsumer onItem = itemSeq -> {};
    private WebSocket socket;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

    private Socket() {}

    /** Called with each item that comes from now on, outside of any lock. */
    void onItem(LongConsumer action) {
        onItem = action;
    }

    static Socket open(String server, String token) {
        Socket self = new Socket();
        self.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .subprotocols("lanying.v1.json")
                .buildAsync(URI.create(server.replaceFirst("^http", "ws") + "/v1/device/socket"), self)
                .join();
        return self;
    }

    /** Opens, says hello from the stream's beginning and waits for welcome. */
    static Socket connected(String server, String token, String streamId, long ackedSeq) {
        Socket self = open(server, token);
        self.hello(streamId, ackedSeq);
        self.next("welcome");
        return self;
    }

    /** Is heard from often enough, until it is closed: who says nothing for 50 s is. */
    Socket pinging() {
        CompletableFuture.delayedExecutor(PING.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!closed() && !socket.isOutputClosed()) {
                        send("{\"t\":\"ping\"}");
                        pinging();
                    }
                });
        return this;
    }

    void hello(String streamId, long ackedSeq) {
        send("{\"t\":\"hello\",\"streamId\":" + (streamId == null ? "null" : "\"" + streamId + "\"") + ",\"ackedSeq\":"
                + ackedSeq + ",\"features\":[]}");
    }

    void ack(long itemSeq) {
        send("{\"t\":\"ack\",\"itemSeq\":" + itemSeq + "}");
    }

    synchronized void send(String frame) {
        try {
            sent.add(MAPPER.readTree(frame));
        } catch (IOException e) {
            // Deliberately broken frames are not noted as frames.
        }
        sending = sending.thenCompose(ready -> socket.sendText(frame, true));
    }

    /** The first frame of this type, waiting for it. */
    JsonNode next(String type) {
        return next(type, frame -> true);
    }

    JsonNode next(String type, Predicate<JsonNode> wanted) {
        await("frame " + type).atMost(PATIENCE).until(() -> received(type).stream()
                .anyMatch(wanted));
        return received(type).stream().filter(wanted).findFirst().orElseThrow();
    }

    synchronized List<JsonNode> received(String type) {
        return received.stream()
                .filter(frame -> frame.path("t").asText().equals(type))
                .toList();
    }

    /** Numbers of the items received, in order, repeats included. */
    List<Long> itemSeqs() {
        return received("item").stream()
                .map(item -> item.path("itemSeq").asLong())
                .toList();
    }

    synchronized List<String> typesReceived() {
        return received.stream().map(frame -> frame.path("t").asText()).toList();
    }

    synchronized List<String> typesSent() {
        return sent.stream().map(frame -> frame.path("t").asText()).toList();
    }

    void awaitItems(long upTo) {
        await("item " + upTo).atMost(PATIENCE).until(() -> itemSeqs().contains(upTo));
    }

    int awaitClose() {
        await("close").atMost(PATIENCE).until(() -> closeCode != 0);
        return closeCode;
    }

    boolean closed() {
        return closeCode != 0;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            JsonNode frame = keep(text.toString());
            text.setLength(0);
            if (frame.path("t").asText().equals("item")) {
                onItem.accept(frame.path("itemSeq").asLong());
            }
        }
        from.request(1);
        return null;
    }

    private synchronized JsonNode keep(String frame) {
        assertThat(frame).startsWith("{\"t\":");
        try {
            JsonNode read = MAPPER.readTree(frame);
            received.add(read);
            return read;
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + frame, e);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closeCode = 1006;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
