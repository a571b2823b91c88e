package io.lanying.http.error;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;
import io.micrometer.core.instrument.Metrics;
import java.util.UUID;

/**
 * Answers what is not even an HTTP request in the same shape as everything else. Akka HTTP finds it by its name in the
 * settings and takes it from {@code MODULE$}, as if it were a Scala object.
 */
public final class ParsingErrors extends ParsingErrorHandler {

    @SuppressWarnings("checkstyle:ConstantName") // the name is Scala's
    public static final ParsingErrors MODULE$ = new ParsingErrors();

    /** Counted in Micrometer's global registry: no other is reachable from here. */
    private final ErrorRendering errors = new ErrorRendering(Metrics.globalRegistry);

    private ParsingErrors() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        // The detail may quote what was sent: it is neither logged nor repeated.
        log.debug("refused a malformed request with {}", status.intValue());
        String requestId = UUID.randomUUID().toString();
        return errors.normalise(requestId, HttpResponse.create().withStatus(status.intValue()))
                .addHeader(akka.http.javadsl.model.headers.RawHeader.create("X-Request-Id", requestId));
    }
}
