package io.lanying.http.call;

import akka.http.javadsl.coding.Coder;
import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.AcceptEncoding;
import akka.http.javadsl.model.headers.HttpEncodings;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.headers.TimeoutAccess;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The outermost layer round all routes: request id and trace context on every answer, problem+json for every error whoever
 * made it, gzip, one measurement for each request.
 *
 * <p>Measured as timer {@code push.http.requests} with method, route template and status.
 */
public final class Edge {

    /** Below this, packing costs more than it saves. */
    static final int MIN_GZIP_BYTES = 1024;

    private static final String UNMATCHED = "unmatched";
    private static final AttributeKey<String> TEMPLATE = AttributeKey.create("lanying-template", String.class);
    private static final AttributeKey<Boolean> AS_IT_IS = AttributeKey.create("lanying-as-it-is", Boolean.class);
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final ErrorRendering errors;
    private final MeterRegistry metrics;

    /** Bounded: methods × templates × statuses, all from fixed lists. */
    private final ConcurrentHashMap<Measured, Timer> timers = new ConcurrentHashMap<>();

    public Edge(ErrorRendering errors, MeterRegistry metrics) {
        this.errors = errors;
        this.metrics = metrics;
    }

    /** Says which route template an answer came from. */
    public static HttpResponse named(String template, HttpResponse response) {
        return response.addAttribute(TEMPLATE, template);
    }

    /** Says that an answer's bytes are what was asked for, and not to be packed. */
    public static HttpResponse asItIs(HttpResponse response) {
        return response.addAttribute(AS_IT_IS, true);
    }

    /** All routes with this layer round them; answers everything, also what no route matches. */
    public Route around(Route routes) {
        Route sealed = Directives.handleRejections(
                RejectionHandler.defaultHandler(), () -> Directives.handleExceptions(exceptions(), () -> routes));
        return Directives.extractRequest(request -> {
            var trace = Trace.start(request);
            tellTimeout(request, trace);
            return Directives.mapRequest(
                    trace::on, () -> Directives.mapResponse(answer -> finish(request, trace, answer), () -> sealed));
        });
    }

    private ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> Directives.extractRequest(request ->
                        Directives.complete(errors.failed(Trace.of(request).requestId(), failure))))
                .build();
    }

    private void tellTimeout(HttpRequest request, Trace trace) {
        request.getHeader(TimeoutAccess.class).ifPresent(access -> access.timeoutAccess()
                .updateHandler(late -> withIds(
                        trace,
                        errors.render(
                                trace.requestId(),
                                Problem.of(
                                        ErrorCode.UNAVAILABLE,
                                        "no answer in time; whether the call was"
                                                + " carried out is unknown: repeat it with the same key")))));
    }

    private HttpResponse finish(HttpRequest request, Trace trace, HttpResponse answer) {
        var response = withIds(trace, errors.normalise(trace.requestId(), answer));
        measure(request, trace, answer, response);
        return packed(request, response);
    }

    private static HttpResponse withIds(Trace trace, HttpResponse response) {
        var result = response.addHeader(RawHeader.create("X-Request-Id", trace.requestId()));
        return trace.traceparent().isPresent()
                ? result.addHeader(
                        RawHeader.create("traceparent", trace.traceparent().get()))
                : result;
    }

    private void measure(HttpRequest request, Trace trace, HttpResponse answer, HttpResponse response) {
        String method = request.method().name();
        var measured = new Measured(
                METHODS.contains(method) ? method : "other",
                answer.getAttribute(TEMPLATE).orElse(UNMATCHED),
                response.status().intValue());
        timers.computeIfAbsent(measured, key -> Timer.builder("push.http.requests")
                        .description("Requests answered, until the answer's headers")
                        .tags("method", key.method, "route", key.template, "status", Integer.toString(key.status))
                        .register(metrics))
                .record(System.nanoTime() - trace.startedNanos(), TimeUnit.NANOSECONDS);
    }

    private static HttpResponse packed(HttpRequest request, HttpResponse response) {
        var entity = response.entity();
        boolean small = entity.getContentLengthOption().orElse(Long.MAX_VALUE) < MIN_GZIP_BYTES;
        // Packing would hold live events back until a block is full.
        boolean live = entity.getContentType().mediaType().equals(MediaTypes.TEXT_EVENT_STREAM);
        if (small
                || live
                || response.getAttribute(AS_IT_IS).isPresent()
                || entity instanceof HttpEntity.CloseDelimited
                || response.getHeader("content-encoding").isPresent()) {
            return response;
        }
        var varying = response.addHeader(RawHeader.create("Vary", "Accept-Encoding"));
        return acceptsGzip(request) ? Coder.Gzip.encodeMessage(varying) : varying;
    }

    /** Whether the caller said that it can unpack gzip. */
    public static boolean acceptsGzip(HttpRequest request) {
        return request.getHeader(AcceptEncoding.class)
                .filter(accepted -> {
                    for (var range : accepted.getEncodings()) {
                        if (range.matches(HttpEncodings.GZIP) && range.qValue() > 0) {
                            return true;
                        }
                    }
                    return false;
                })
                .isPresent();
    }

    private record Measured(String method, String template, int status) {}
}
