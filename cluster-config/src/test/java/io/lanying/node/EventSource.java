package io.lanying.node;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A device's server-sent events as their wire shows them, everything kept. Thread-safe. */
final class EventSource implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One event. */
    record Event(String id, String type, JsonNode data) {}

    private final List<Event> received = new ArrayList<>();
    private final InputStream body;
    private final int status;
    private volatile boolean ended;

    private EventSource(HttpResponse<InputStream> response) {
        this.body = response.body();
        this.status = response.statusCode();
        Thread reader = new Thread(this::read, "event source");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens the stream of the token's device; {@code lastEventId} empty: a new one. */
    static EventSource open(String server, String token, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/v1/device/stream"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new EventSource(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request.build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new AssertionError("no stream", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    int status() {
        return status;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = "";
            String type = "message";
            JsonNode data = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = MAPPER.readTree(line.substring(6));
                } else if (line.isEmpty() && data != null) {
                    keep(new Event(id, type, data));
                    data = null;
                }
            }
        } catch (IOException e) {
            // Closed by either side: that is the end.
        }
        ended = true;
    }

    private synchronized void keep(Event event) {
        received.add(event);
    }

    synchronized List<Event> received(String type) {
        return received.stream().filter(event -> event.type().equals(type)).toList();
    }

    /** The first event of this type, waiting for it. */
    Event next(String type) {
        await("event " + type).atMost(PATIENCE).until(() -> !received(type).isEmpty());
        return received(type).get(0);
    }

    /** Numbers of the items received, in order, repeats included. */
    List<Long> itemSeqs() {
        return received("item").stream()
                .map(event -> event.data().path("itemSeq").asLong())
                .toList();
    }

    void awaitItems(long upTo) {
        await("item " + upTo).atMost(PATIENCE).until(() -> itemSeqs().contains(upTo));
    }

    void awaitEnd() {
        await("the stream's end").atMost(PATIENCE).until(() -> ended);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new AssertionError("not closed", e);
        }
    }
}
