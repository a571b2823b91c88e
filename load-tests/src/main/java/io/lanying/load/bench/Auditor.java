package io.lanying.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.HdrHistogram.Histogram;

/** What an auditor asks of one device's journal, one call after the other. Every answer is read and looked at. */
final class Auditor {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PAGE = 200;
    private static final int DIGITS = 3;

    /**
     * A journal that was read to its end.
     *
     * @param events how many; their numbers had no gap
     * @param bytes of the answers' bodies
     * @param callNanos of each call until its last byte
     */
    record Read(long events, long bytes, Histogram callNanos) {}

    /** A state as it was. */
    record State(long eventSeq, Instant at, double seconds) {}

    private final HttpClient http = Api.newHttpClient();
    private final URI device;
    private final String apiKey;

    Auditor(ServerProcess server, String apiKey, String device) {
        this.device = server.address().resolve("/v1/journal/devices/" + device + "/");
        this.apiKey = apiKey;
    }

    /** All events, {@value #PAGE} a page. */
    Read pages() throws IOException, InterruptedException {
        Histogram nanos = new Histogram(PATIENCE.toNanos(), DIGITS);
        long events = 0;
        long bytes = 0;
        boolean more = true;
        while (more) {
            long from = System.nanoTime();
            String page = get("events?limit=" + PAGE + "&afterSeq=" + events);
            nanos.recordValue(System.nanoTime() - from);
            bytes += page.length();
            JsonNode items = JSON.readTree(page).path("items");
            for (JsonNode event : items) {
                events = following(event, events);
            }
            more = items.size() == PAGE;
        }
        return new Read(events, bytes, nanos);
    }

    /** All events in one answer, one a line. */
    Read lines() throws IOException, InterruptedException {
        Histogram nanos = new Histogram(PATIENCE.toNanos(), DIGITS);
        long from = System.nanoTime();
        HttpRequest request =
                request("events").header("Accept", "application/x-ndjson").build();
        HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        require(answer.statusCode() == 200, "events were answered " + answer.statusCode());
        long events = 0;
        long bytes = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events = following(JSON.readTree(line), events);
                bytes += line.length() + 1L;
            }
        }
        nanos.recordValue(System.nanoTime() - from);
        return new Read(events, bytes, nanos);
    }

    private static long following(JsonNode event, long before) {
        long number = event.path("eventSeq").asLong();
        require(number == before + 1, "event " + number + " came after " + before);
        return number;
    }

    /** When this event happened. */
    Instant timeOf(long eventSeq) throws IOException, InterruptedException {
        JsonNode items =
                JSON.readTree(get("events?limit=1&afterSeq=" + (eventSeq - 1))).path("items");
        return Instant.parse(items.path(0).path("at").asText());
    }

    /** The state after so many events. */
    State asOf(long eventSeq) throws IOException, InterruptedException {
        State state = state("asOfSeq=" + eventSeq);
        require(state.eventSeq() == eventSeq, "the state as of " + eventSeq + " is of " + state.eventSeq());
        return state;
    }

    /** The state at this time. */
    State asOf(Instant time) throws IOException, InterruptedException {
        State state = state("asOf=" + time);
        require(!state.at().isAfter(time), "the state as of " + time + " is of " + state.at());
        return state;
    }

    private State state(String query) throws IOException, InterruptedException {
        long from = System.nanoTime();
        String answer = get("state?" + query);
        double seconds = (System.nanoTime() - from) / 1e9;
        JsonNode state = JSON.readTree(answer);
        return new State(
                state.path("eventSeq").asLong(), Instant.parse(state.path("at").asText()), seconds);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request(path).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        require(answer.statusCode() == 200, path + " was answered " + answer.statusCode() + ": " + answer.body());
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(device.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + apiKey);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
