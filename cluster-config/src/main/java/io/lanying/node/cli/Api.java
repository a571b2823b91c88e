package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The public HTTP API with one credential. Thread-safe; each call blocks until its answer, at most {@link #TIMEOUT}. */
final class Api {

    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;
    private final String credential;

    /** @param base without a slash at its end */
    Api(URI base, String credential) {
        this.base = base;
        this.credential = credential;
    }

    /** An answer; {@code body} is an empty object if there was none. */
    record Answer(int status, JsonNode body, Optional<Duration> retryAfter) {

        boolean ok() {
            return status >= 200 && status < 300;
        }

        /** The problem's code, or the status where there is none. */
        String problem() {
            String code = body.path("code").asText(String.valueOf(status));
            String detail = body.path("detail").asText("");
            return detail.isEmpty() ? code : code + ": " + detail;
        }
    }

    URI base() {
        return base;
    }

    HttpClient http() {
        return http;
    }

    Api with(String otherCredential) {
        return new Api(base, otherCredential);
    }

    Answer get(String path) throws IOException {
        return call("GET", path, Optional.empty(), Map.of());
    }

    Answer put(String path, JsonNode body) throws IOException {
        return call("PUT", path, Optional.of(body), Map.of());
    }

    Answer delete(String path) throws IOException {
        return call("DELETE", path, Optional.empty(), Map.of());
    }

    Answer post(String path, JsonNode body, String idempotencyKey) throws IOException {
        return call("POST", path, Optional.of(body), Map.of("Idempotency-Key", idempotencyKey));
    }

    /** A {@code POST} that changes nothing and so needs no key. */
    Answer post(String path, JsonNode body) throws IOException {
        return call("POST", path, Optional.of(body), Map.of());
    }

    private Answer call(String method, String path, Optional<JsonNode> body, Map<String, String> headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + credential)
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.toString()))
                                .orElseGet(BodyPublishers::noBody));
        body.ifPresent(json -> request.header("Content-Type", "application/json"));
        headers.forEach(request::header);
        try {
            return answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Answer answer(HttpResponse<String> response) throws IOException {
        Optional<Duration> retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        try {
            JsonNode body = response.body().isBlank() ? Json.object() : Json.parse(response.body());
            return new Answer(response.statusCode(), body, retryAfter);
        } catch (IllegalArgumentException e) {
            throw new IOException("the answer is not JSON: is this a Lanying Push node?", e);
        }
    }
}
