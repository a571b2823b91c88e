package io.lanying.http.error;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.json.FieldError;
import io.lanying.http.json.Json;
import io.lanying.protocol.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The one place where failures become answers: RFC 9457 problem+json. Counts refusals by code. Thread-safe. */
public final class ErrorRendering {

    static final ContentType PROBLEM = ContentTypes.create(
            MediaTypes.customWithFixedCharset("application", "problem+json", HttpCharsets.UTF_8, Map.of(), false));

    private static final Logger LOG = LoggerFactory.getLogger(ErrorRendering.class);

    private final MeterRegistry metrics;

    public ErrorRendering(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** The answer that tells a problem. */
    public HttpResponse render(String requestId, Problem problem) {
        return render(requestId, problem, problem.code().status());
    }

    /** The answer to a call that failed: 503 if something was unavailable, else 500, which is a bug and logged. */
    public HttpResponse failed(String requestId, Throwable thrown) {
        return failed(requestId, Optional.empty(), thrown);
    }

    /** The same; what is logged also names the caller's trace. */
    public HttpResponse failed(String requestId, Optional<String> traceparent, Throwable thrown) {
        return render(requestId, problemOf(requestId, traceparent, thrown));
    }

    /** What a call that failed is told: unavailable, or a bug, which is logged. */
    @SuppressWarnings("try") // the MDC entries only have to be closed
    public Problem problemOf(String requestId, Optional<String> traceparent, Throwable thrown) {
        Throwable failure = Unavailable.unwrap(thrown);
        try (var id = MDC.putCloseable("requestId", requestId);
                var trace = MDC.putCloseable("traceparent", traceparent.orElse("-"))) {
            if (failure instanceof Unavailable) {
                LOG.warn("unavailable: {}", failure.getMessage());
                return Problem.of(
                        ErrorCode.UNAVAILABLE,
                        failure.getMessage() + "; whether the call was carried out is unknown unless it was"
                                + " refused for overload: repeat it with the same key");
            }
            LOG.error("a call failed", failure);
            return Problem.of(ErrorCode.INTERNAL, "an error of this server; it was logged");
        }
    }

    /** Counts a refusal that is told within an answer. */
    public void count(Problem problem) {
        metrics.counter("push.http.refusals", "code", problem.code().wireName()).increment();
    }

    /** An error that the framework told in its own words, in ours; any other answer unchanged. */
    public HttpResponse normalise(String requestId, HttpResponse response) {
        int status = response.status().intValue();
        if (status < 400 || response.entity().getContentType().equals(PROBLEM)) {
            return response;
        }
        var code = codeOf(status);
        String detail = code == ErrorCode.INTERNAL
                ? "an error of this server; it was logged"
                : response.status().reason().toLowerCase(Locale.ROOT);
        var rendered = render(requestId, Problem.of(code, detail), status);
        for (var header : response.getHeaders()) {
            if (header.is("allow") || header.is("retry-after") || header.is("sec-websocket-protocol")) {
                rendered = rendered.removeHeader(header.name()).addHeader(header);
            }
        }
        return rendered;
    }

    private HttpResponse render(String requestId, Problem problem, int status) {
        count(problem);
        var body = new Body(
                "urn:lanying:problem:" + problem.code().wireName(),
                titleOf(problem.code()),
                status,
                problem.code().wireName(),
                problem.detail(),
                requestId,
                problem.errors().isEmpty() ? Optional.empty() : Optional.of(problem.errors()),
                problem.homeRegion());
        var response = HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(HttpEntities.create(PROBLEM, Json.bytes(body)));
        if (status == 401) {
            response = response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"lanying\""));
        }
        if (status == 413) {
            // What is left of the body is not read: a next request on this connection would find it closed.
            response = response.addHeader(Connection.create("close"));
        }
        if (problem.code().retryable()) {
            response = response.addHeader(RawHeader.create("Retry-After", Long.toString(problem.retryAfterSeconds())));
        }
        return problem.repeated() ? response.addHeader(RawHeader.create("Idempotent-Replayed", "true")) : response;
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.ORIGIN_NOT_ALLOWED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405, 501 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case 421 -> ErrorCode.OTHER_REGION;
            case 429 -> ErrorCode.TOO_MANY_REQUESTS;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID_REQUEST;
        };
    }

    /** {@code tooManyRequests} as "Too many requests". */
    private static String titleOf(ErrorCode code) {
        String words = code.wireName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private record Body(
            String type,
            String title,
            int status,
            String code,
            String detail,
            String requestId,
            Optional<List<FieldError>> errors,
            Optional<String> homeRegion) {}
}
