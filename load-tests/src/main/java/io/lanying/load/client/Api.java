package io.lanying.load.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Calls the HTTP API with one credential. Thread-safe; HTTP/1.1 with connections kept alive.
 *
 * <p>A future fails when there was no answer in {@link #PATIENCE}: then it is unknown whether the call was carried out.
 */
public final class Api {

    /** Longer than the server may take to say 503. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int MOST_ATTEMPTS = 20;
    private static final Executor PAUSE = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    private final HttpClient http;
    private final Entrances entrances;
    private final String credential;

    /** Calls one address. */
    public Api(HttpClient http, URI base, String credential) {
        this(http, Entrances.only(base), credential);
    }

    /** Calls any of the addresses, each time another. */
    public Api(HttpClient http, Entrances entrances, String credential) {
        this.http = http;
        this.entrances = entrances;
        this.credential = credential;
    }

    /** A client for any number of {@link Api}s and sockets. */
    public static HttpClient newHttpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    public CompletableFuture<Answer> get(String path) {
        return call("GET", path, Optional.empty(), Optional.empty());
    }

    public CompletableFuture<Answer> put(String path, JsonNode body) {
        return call("PUT", path, Optional.of(body), Optional.empty());
    }

    public CompletableFuture<Answer> post(String path, JsonNode body, String idempotencyKey) {
        return call("POST", path, Optional.of(body), Optional.of(idempotencyKey));
    }

    /** A {@code POST} whose body holds what makes it repeatable. */
    public CompletableFuture<Answer> post(String path, JsonNode body) {
        return call("POST", path, Optional.of(body), Optional.empty());
    }

    public CompletableFuture<Answer> patch(String path, JsonNode body) {
        return call("PATCH", path, Optional.of(body), Optional.empty());
    }

    /** The same API, with the same credential, at this address only. */
    public Api at(URI base) {
        return new Api(http, base, credential);
    }

    /** The same API with another credential. */
    public Api with(String other) {
        return new Api(http, entrances, other);
    }

    public CompletableFuture<Answer> delete(String path) {
        return call("DELETE", path, Optional.empty(), Optional.empty());
    }

    /**
     * Repeats a call that may be repeated for as long as the server says that it cannot just now, within reason.
     *
     * @param call given the number of the attempt, from 1
     */
    public static CompletableFuture<Answer> patiently(IntFunction<CompletableFuture<Answer>> call) {
        return attempt(call, 1);
    }

    private static CompletableFuture<Answer> attempt(IntFunction<CompletableFuture<Answer>> call, int number) {
        return call.apply(number).thenCompose(answer -> {
            boolean later = answer.status() == 503 || answer.status() == 429;
            return later && number < MOST_ATTEMPTS
                    ? CompletableFuture.supplyAsync(() -> number + 1, PAUSE).thenCompose(next -> attempt(call, next))
                    : CompletableFuture.completedFuture(answer);
        });
    }

    private CompletableFuture<Answer> call(
            String method, String path, Optional<JsonNode> body, Optional<String> idempotencyKey) {
        HttpRequest.Builder request = HttpRequest.newBuilder(entrances.any().resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + credential)
                .method(
                        method,
                        body.map(json -> HttpRequest.BodyPublishers.ofString(json.toString()))
                                .orElseGet(HttpRequest.BodyPublishers::noBody));
        body.ifPresent(json -> request.header("Content-Type", "application/json"));
        idempotencyKey.ifPresent(key -> request.header("Idempotency-Key", key));
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .thenApply(response -> new Answer(response.statusCode(), response.headers(), response.body()));
    }
}
