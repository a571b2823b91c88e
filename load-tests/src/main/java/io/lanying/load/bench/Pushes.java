package io.lanying.load.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Single pushes, one after the other, each timed. */
final class Pushes {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BODY = "x".repeat(290);

    private final HttpClient http = Api.newHttpClient();
    private final URI address;
    private final String apiKey;
    private final String prefix;
    private int sent;

    /** @param prefix of its idempotency keys */
    Pushes(ServerProcess server, String apiKey, String prefix) {
        this.address = server.address().resolve("/v1/notifications");
        this.apiKey = apiKey;
        this.prefix = prefix;
    }

    /** The seconds until it was accepted; throws if it was not. */
    double send(String device) throws IOException, InterruptedException {
        long from = System.nanoTime();
        int status = trySend(device);
        if (status != 202) {
            throw new IOException("a push was answered " + status);
        }
        return (System.nanoTime() - from) / 1e9;
    }

    /** The answer's status. */
    int trySend(String device) throws IOException, InterruptedException {
        ObjectNode push = Service.notification(device, "m" + sent, BODY);
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", prefix + "-" + sent++)
                .POST(HttpRequest.BodyPublishers.ofString(push.toString()))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
