package io.lanying.http.call;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What follows one request through logs and answers.
 *
 * @param requestId the caller's, if it is sane, else a new one
 * @param traceparent the caller's W3C trace context, if it is well-formed
 */
public record Trace(String requestId, Optional<String> traceparent, long startedNanos) {

    private static final AttributeKey<Trace> KEY = AttributeKey.create("lanying-trace", Trace.class);
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    static Trace start(HttpRequest request) {
        String id = header(request, "x-request-id", REQUEST_ID)
                .orElseGet(() -> UUID.randomUUID().toString());
        return new Trace(id, header(request, "traceparent", TRACEPARENT), System.nanoTime());
    }

    /** The trace that {@link Edge} put on the request. */
    public static Trace of(HttpRequest request) {
        return request.getAttribute(KEY).orElseGet(() -> start(request));
    }

    HttpRequest on(HttpRequest request) {
        return request.addAttribute(KEY, this);
    }

    private static Optional<String> header(HttpRequest request, String name, Pattern shape) {
        return request.getHeader(name).map(HttpHeader::value).filter(shape.asMatchPredicate());
    }
}
