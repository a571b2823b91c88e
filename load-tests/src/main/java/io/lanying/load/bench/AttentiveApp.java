package io.lanying.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.rig.Rig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of a device's app that acknowledges each item at once. */
final class AttentiveApp implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HELLO = "{\"t\":\"hello\",\"streamId\":null,\"ackedSeq\":0,\"features\":[]}";

    private final CompletableFuture<Boolean> welcomed = new CompletableFuture<>();
    private final AtomicInteger received;
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    /**
     * Connects, and returns when it has been welcomed.
     *
     * @param received counts the items
     */
    AttentiveApp(HttpClient http, ServerProcess server, String token, AtomicInteger received) {
        this.received = received;
        URI address = URI.create("ws://127.0.0.1:" + server.settings().httpPort() + "/v1/device/socket");
        socket = Rig.await(http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .subprotocols("lanying.v1.json")
                .buildAsync(address, this));
        Rig.await(socket.sendText(HELLO, true));
        Rig.await(welcomed);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        CompletionStage<?> done = CompletableFuture.completedStage(true);
        if (last) {
            done = onFrame(from, text.toString());
            text.setLength(0);
        }
        // Not before its acknowledgement is written: the next one has to wait for that.
        return done.thenRun(() -> from.request(1));
    }

    private CompletionStage<?> onFrame(WebSocket from, String frame) {
        try {
            JsonNode json = JSON.readTree(frame);
            switch (json.path("t").asText()) {
                case "welcome" -> welcomed.complete(true);
                case "item" -> {
                    received.incrementAndGet();
                    return from.sendText(
                            "{\"t\":\"ack\",\"itemSeq\":" + json.path("itemSeq").asLong() + "}", true);
                }
                default -> {}
            }
            return CompletableFuture.completedStage(true);
        } catch (JsonProcessingException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        welcomed.completeExceptionally(error);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        welcomed.completeExceptionally(new IllegalStateException("closed with " + code));
        return CompletableFuture.completedStage(true);
    }

    /** Says goodbye and waits until that is written. */
    @Override
    public void close() {
        Rig.await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }
}
