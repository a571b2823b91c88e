package io.lanying.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.rig.Rig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One notification to all devices with a tag: sends it, looks at it now and then, and says what became of it. */
final class Crowd {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Looking adds up all its companions, which costs the server something: not too often. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS);

    /**
     * What became of it.
     *
     * @param took from the acceptance to the last page, by the server's journal
     * @param counts of devices, as the API says it
     */
    record Outcome(Duration took, JsonNode counts) {

        int count(String fate) {
            return counts.path(fate).asInt();
        }
    }

    private final Api api;
    private final String tag;
    private final String key;
    private CompletableFuture<String> sent = new CompletableFuture<>();

    /** @param key tells its notification from others to the same devices */
    Crowd(Api api, String tag, String key) {
        this.api = api;
        this.tag = tag;
        this.key = key;
    }

    /** Sends it; returns at once. */
    void send() {
        JsonNode notification = JSON.valueToTree(Map.of(
                "audience", Map.of("tags", Map.of("any", new String[] {tag})),
                "message", Map.of("title", "to all of you", "body", "x".repeat(250))));
        sent = Api.patiently(attempt -> api.post("/v1/notifications", notification, key))
                .thenCompose(answer ->
                        untilSent(answer.orThrow().json().path("notificationId").asText()));
    }

    /** Whether every device has been asked, as seen at the last look; also when that cannot be found out. */
    boolean isSent() {
        return sent.isDone();
    }

    private CompletableFuture<String> untilSent(String id) {
        return CompletableFuture.supplyAsync(() -> "/v1/notifications/" + id, LATER)
                .thenCompose(path -> Api.patiently(attempt -> api.get(path)))
                .thenCompose(answer -> {
                    String status = answer.orThrow().json().path("status").asText();
                    return status.equals("scheduled") || status.equals("sending")
                            ? untilSent(id)
                            : CompletableFuture.completedFuture(id);
                });
    }

    /** Only after {@link #isSent}. */
    Outcome outcome() {
        String id = Rig.await(sent);
        JsonNode counts = read("/v1/notifications/" + id).path("counts");
        Instant accepted = Instant.MAX;
        Instant last = Instant.MIN;
        String after = "0";
        while (!after.isEmpty()) {
            JsonNode page = read("/v1/journal/notifications/" + id + "/events?limit=200&afterSeq=" + after);
            for (JsonNode event : page.path("items")) {
                Instant at = Instant.parse(event.path("at").asText());
                accepted = at.isBefore(accepted) ? at : accepted;
                last = at.isAfter(last) ? at : last;
                after = event.path("eventSeq").asText();
            }
            after = page.path("items").isEmpty() ? "" : after;
        }
        return new Outcome(Duration.between(accepted, last), counts);
    }

    private JsonNode read(String path) {
        return Rig.await(Api.patiently(attempt -> api.get(path)).thenApply(Answer::orThrow))
                .json();
    }
}
