package io.lanying.load.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What an app sent and awaits the reply to. Thread-safe; what a lost socket leaves unanswered fails. */
final class Replies {

    private record Open(int epoch, CompletableFuture<JsonNode> reply) {}

    private final Map<Long, Open> open = new HashMap<>();
    private long lastRef;

    /** Puts a number into the frame and waits for its reply on this socket. */
    synchronized CompletableFuture<JsonNode> awaited(int epoch, ObjectNode frame) {
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        open.put(++lastRef, new Open(epoch, reply));
        frame.put("ref", lastRef);
        return reply;
    }

    void came(JsonNode frame) {
        Optional<Open> answered;
        synchronized (this) {
            answered = Optional.ofNullable(open.remove(frame.path("ref").asLong()));
        }
        answered.ifPresent(one -> one.reply().complete(frame));
    }

    /** The socket is gone, and those before it. */
    void lost(int epoch) {
        Map<Long, Open> lost = new HashMap<>();
        synchronized (this) {
            open.forEach((ref, one) -> {
                if (one.epoch() <= epoch) {
                    lost.put(ref, one);
                }
            });
            open.keySet().removeAll(lost.keySet());
        }
        lost.values().forEach(one -> one.reply().completeExceptionally(new IOException("the socket is gone")));
    }
}
