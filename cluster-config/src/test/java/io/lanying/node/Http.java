package io.lanying.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A client of the public API that notes every call and status it saw. Thread-safe. */
final class Http {

    /** One kind of answer to one call, the path without its query. */
    record Observed(String method, String path, int status) {}

    /** An answer; {@code text} as it came. */
    record Answer(int status, String text, HttpResponse<byte[]> response) {

        JsonNode json() {
            try {
                return MAPPER.readTree(text);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String code() {
            return json().path("code").asText();
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String credential;
    private final Set<Observed> observed;

    Http(String base, String credential) {
        this(URI.create(base), credential, ConcurrentHashMap.newKeySet());
    }

    private Http(URI base, String credential, Set<Observed> observed) {
        this.base = base;
        this.credential = credential;
        this.observed = observed;
    }

    /** The same server and notes with another credential; empty: none. */
    Http as(String other) {
        return new Http(base, other, observed);
    }

    /** Another server, the same notes. */
    Http at(String url) {
        return new Http(URI.create(url), credential, observed);
    }

    Set<Observed> observed() {
        return observed;
    }

    URI base() {
        return base;
    }

    Answer get(String path) {
        return call("GET", path, null, Map.of());
    }

    Answer delete(String path) {
        return call("DELETE", path, null, Map.of());
    }

    Answer put(String path, String body) {
        return call("PUT", path, body, Map.of());
    }

    Answer post(String path, String body, String idempotencyKey) {
        return call("POST", path, body, Map.of("Idempotency-Key", idempotencyKey));
    }

    Answer post(String path, String body) {
        return call("POST", path, body, Map.of());
    }

    Answer call(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            observed.add(new Observed(method, URI.create(path).getPath(), response.statusCode()));
            return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
        } catch (IOException e) {
            throw new AssertionError("no answer to " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
