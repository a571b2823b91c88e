package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.Accept;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import io.lanying.http.call.Parameters;
import io.lanying.http.session.ShortSessions;
import io.lanying.http.session.ShortSessions.Seen;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v1/device/stream}: the device's stream as server-sent events. */
final class EventStreamRoutes {

    private static final String STREAM = "/v1/device/stream";
    private static final Pattern EVENT_ID = Pattern.compile("([A-Za-z0-9._~-]{1,64}):([0-9]{1,18})");

    private final DeviceEndpoints endpoints;
    private final ShortSessions sessions;

    EventStreamRoutes(DeviceEndpoints endpoints, ShortSessions sessions) {
        this.endpoints = endpoints;
        this.sessions = sessions;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return path("stream", () -> endpoints.get(STREAM, EventStreamRoutes::acceptsEvents, this::stream));
    }

    private CompletionStage<HttpResponse> stream(DeviceCall call) {
        var parameters = Parameters.of(call.request(), Set.of());
        return endpoints.continued(
                call,
                parameters.orElse(() -> lastSeen(call.request())),
                seen -> endpoints.continued(
                        call,
                        sessions.stream(call.principal(), seen),
                        events -> DeviceReplies.done(HttpResponse.create()
                                .withEntity(HttpEntities.createChunked(
                                        ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), events))
                                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                                .addHeader(RawHeader.create("X-Accel-Buffering", "no")))));
    }

    /** What is not an id of ours counts as none: a browser would send it for ever. */
    private static Optional<Seen> lastSeen(HttpRequest request) {
        return request.getHeader("last-event-id")
                .map(HttpHeader::value)
                .map(EVENT_ID::matcher)
                .filter(Matcher::matches)
                .map(id -> new Seen(id.group(1), Long.parseLong(id.group(2))));
    }

    private static boolean acceptsEvents(HttpRequest request) {
        boolean asked = false;
        for (Accept accept : request.getHeaders(Accept.class)) {
            for (var range : accept.getMediaRanges()) {
                asked = true;
                if (range.matches(MediaTypes.TEXT_EVENT_STREAM)) {
                    return true;
                }
            }
        }
        return !asked;
    }
}
