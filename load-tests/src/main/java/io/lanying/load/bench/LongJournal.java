package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.rig.Rig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives one device a long journal as a phone's life would: pushes that it gets and acknowledges, and connections that come
 * and go. All through the API and a socket, with the shipped limits, one thing after the other.
 */
final class LongJournal {

    /** The device that has it. */
    static final String DEVICE = "long";

    /** What a device remembers of 7 days is 10,000 pushes at most; some are left for those who measure. */
    static final int MOST_PUSHES = 9_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PUSHES_AT_ONCE = 100;
    private static final int CONNECTIONS_AT_ONCE = 500;
    private static final int MESSAGE_BYTES = 300;
    private static final long TELL_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration STEP = Duration.ofSeconds(60);

    /** The last session's end is journaled by then, and with it the last acknowledgement. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final HttpClient http = Api.newHttpClient();
    private final AtomicInteger received = new AtomicInteger();
    private final ServerProcess server;
    private final String apiKey;
    private final String token;
    private final DeviceJournal journal;
    private int sent;

    /** @param token the device's */
    LongJournal(ServerProcess server, String apiKey, String token, DeviceJournal journal) {
        this.server = server;
        this.apiKey = apiKey;
        this.token = token;
        this.journal = journal;
    }

    /**
     * Fills the journal up to so many events, or for as long as that may take. Once only.
     *
     * @param pushes how many of them are pushes; the rest are connections, spread between them
     */
    void fill(long events, int pushes, Duration limit) throws IOException, InterruptedException {
        long began = System.nanoTime();
        long told = began;
        long length = journal.length();
        AttentiveApp app = connected();
        while (length < events && System.nanoTime() - began < limit.toNanos()) {
            int batches = (pushes - sent + PUSHES_AT_ONCE - 1) / PUSHES_AT_ONCE;
            // A connection is two events: its beginning and its end.
            long connections = Math.max(0, events - length - (pushes - sent)) / 2 / (batches + 1);
            push(Math.min(PUSHES_AT_ONCE, pushes - sent));
            for (long left = Math.min(CONNECTIONS_AT_ONCE, Math.max(1, connections)); left > 0; left--) {
                app.close();
                app = connected();
            }
            length = journal.length();
            if (System.nanoTime() - told > TELL_EVERY_NANOS) {
                told = System.nanoTime();
                System.out.printf(
                        "bench: %3d s, %d events, %d of them pushes%n", (told - began) / 1_000_000_000, length, sent);
            }
        }
        app.close();
        LockSupport.parkNanos(SETTLED.toNanos());
    }

    private AttentiveApp connected() {
        return new AttentiveApp(http, server, token, received);
    }

    /** Returns when all are accepted and have been received. */
    private void push(int count) throws IOException, InterruptedException {
        if (count <= 0) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (int push = 0; push < count; push++) {
            lines.append(push(sent++, MESSAGE_BYTES)).append('\n');
        }
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/v1/notifications/batch"))
                .timeout(STEP)
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
        String answers =
                http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        long accepted = answers.lines()
                .filter(answer -> answer.contains("\"status\":202"))
                .count();
        if (accepted != count) {
            throw new IOException("of %d pushes %d were accepted: %s".formatted(count, accepted, answers));
        }
        Rig.awaitUntil(STEP, "the device has all that was pushed", () -> received.get() >= sent);
    }

    private static ObjectNode push(int number, int bytes) {
        String title = "m" + number;
        ObjectNode push = JSON.createObjectNode().put("idempotencyKey", "long-" + number);
        push.putObject("audience").putArray("devices").add(DEVICE);
        push.putObject("message").put("title", title).put("body", "x".repeat(bytes - title.length()));
        return push;
    }
}
