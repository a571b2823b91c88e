package io.lanying.http.journal;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Bodies;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.journal.EntityReplay;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.user.UserSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code /v1/journal}: what happened to a device, a notification to many, a user, a conversation or one of its companions, and its state
 * as it was.
 */
public final class JournalRoutes {

    /** What can be audited, by its place in the address. */
    private enum Kind {
        DEVICES("devices", "{deviceId}", EntityKind.DEVICE),
        NOTIFICATIONS("notifications", "{notificationId}", EntityKind.NOTIFICATION),
        USERS("users", "{userId}", EntityKind.USER),
        CONVERSATIONS("conversations", "{conversationId}", EntityKind.CONVERSATION),
        POSITIONS("positions", "{positionsId}", EntityKind.POSITIONS);

        private final String segment;
        private final String template;
        private final EntityKind entity;

        Kind(String segment, String id, EntityKind entity) {
            this.segment = segment;
            this.template = "/v1/journal/" + segment + "/" + id;
            this.entity = entity;
        }
    }

    private static final Access READ = Access.scope(Scope.JOURNAL_READ);
    private static final Pattern EVENT_SEQ = Pattern.compile("[0-9]{1,18}");

    private final Endpoints endpoints;
    private final AuditReader reader;
    private final EventStreams streams;
    private final EntityReplay replay;

    public JournalRoutes(
            ActorSystem<?> system,
            Endpoints endpoints,
            Journal journal,
            EntityReplay replay,
            Sealing sealing,
            StreamLimits limits,
            MeterRegistry metrics) {
        this.endpoints = endpoints;
        this.reader = new AuditReader(journal, sealing);
        this.streams = new EventStreams(system, reader, limits, metrics);
        this.replay = replay;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "journal",
                () -> concat(
                        route(Kind.DEVICES),
                        route(Kind.NOTIFICATIONS),
                        route(Kind.USERS),
                        route(Kind.CONVERSATIONS),
                        route(Kind.POSITIONS)));
    }

    private Route route(Kind kind) {
        return pathPrefix(
                kind.segment,
                () -> pathPrefix(
                        segment(),
                        id -> concat(
                                path(
                                        "events",
                                        () -> endpoints.getAnyType(
                                                kind.template + "/events", READ, call -> events(call, kind, id))),
                                path(
                                        "state",
                                        () -> endpoints.get(
                                                kind.template + "/state", READ, call -> state(call, kind, id))))));
    }

    private CompletionStage<HttpResponse> events(Call call, Kind kind, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var audited = new Audited(kind.entity, new EntityId(call.tenant(), id));
        var parameters = Parameters.of(call.request(), Set.of("afterSeq", "limit"));
        long afterSeq = parameters.number("afterSeq", 0, Long.MAX_VALUE - 1).orElseGet(() -> lastSeen(call));
        int limit = (int) parameters.number("limit", 1, Page.MAX_LIMIT).orElse(Page.DEFAULT_LIMIT);
        return endpoints.continued(call, parameters.orElse(() -> afterSeq), after -> {
            boolean lines = Endpoints.names(call.request(), Bodies.NDJSON);
            if (lines || Endpoints.names(call.request(), MediaTypes.TEXT_EVENT_STREAM)) {
                return stream(call, audited, after, lines);
            }
            if (Endpoints.acceptsJson(call.request())) {
                return page(call, audited, after, limit);
            }
            return endpoints.refuse(
                    call,
                    Problem.of(
                            ErrorCode.NOT_ACCEPTABLE,
                            "this call answers in application/json, application/x-ndjson or text/event-stream"));
        });
    }

    private CompletionStage<HttpResponse> page(Call call, Audited entity, long after, int limit) {
        return reader.page(entity, after, limit + 1).thenCompose(items -> {
            if (!items.isEmpty()) {
                boolean more = items.size() > limit;
                var shown = more ? items.subList(0, limit) : items;
                String next = more ? Long.toString(shown.get(limit - 1).eventSeq()) : null;
                return CompletableFuture.completedFuture(Answers.json(200, new Page<>(shown, next)));
            }
            return reader.exists(entity)
                    .thenCompose(known -> known
                            ? CompletableFuture.completedFuture(Answers.json(200, new Page<>(items, null)))
                            : endpoints.refuse(call, Problem.notFound()));
        });
    }

    private CompletionStage<HttpResponse> stream(Call call, Audited entity, long after, boolean lines) {
        if (streams.isFull()) {
            return endpoints.refuse(call, Problem.of(ErrorCode.UNAVAILABLE, "too many streams on this node"));
        }
        return reader.exists(entity)
                .thenCompose(known -> known
                        ? CompletableFuture.completedFuture(
                                lines
                                        ? streamed(ContentTypes.create(Bodies.NDJSON), streams.lines(entity, after))
                                        : streamed(
                                                ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM),
                                                streams.live(entity, after)))
                        : endpoints.refuse(call, Problem.notFound()));
    }

    private static HttpResponse streamed(ContentType type, Source<ByteString, ?> source) {
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(type, source))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    private CompletionStage<HttpResponse> state(Call call, Kind kind, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var audited = new Audited(kind.entity, new EntityId(call.tenant(), id));
        var parameters = Parameters.of(call.request(), Set.of("asOfSeq", "asOf"));
        var asOfSeq = parameters.number("asOfSeq", 1, Long.MAX_VALUE);
        var asOf = parameters.time("asOf");
        if (asOfSeq.isPresent() && asOf.isPresent()) {
            parameters.error("asOf", "duplicate", "give asOfSeq or asOf");
        }
        return endpoints.continued(call, parameters.orElse(() -> audited), entity -> Unavailable.when(
                        "the journal cannot be read",
                        () -> asOf.isPresent()
                                // Times are told in milliseconds: an event told as this time is at or before it.
                                ? replay.asOfTime(
                                        entity.kind(),
                                        entity.id(),
                                        asOf.get()
                                                .truncatedTo(ChronoUnit.MILLIS)
                                                .plusNanos(999_999))
                                : replay.asOfSeq(entity.kind(), entity.id(), asOfSeq.orElse(Long.MAX_VALUE)))
                .thenCompose(found -> state(call, found)));
    }

    private CompletionStage<HttpResponse> state(Call call, Optional<StateAsOf> found) {
        return found.flatMap(state -> rendered(state.state()))
                .<CompletionStage<HttpResponse>>map(
                        state -> CompletableFuture.completedFuture(Answers.json(200, state)))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound()));
    }

    private static Optional<Object> rendered(Persisted state) {
        if (state instanceof DeviceSnapshot device) {
            return Optional.of(StateJson.of(device));
        }
        if (state instanceof NotificationSnapshot notification) {
            return Optional.of(NotificationStateJson.of(notification));
        }
        if (state instanceof ConversationSnapshot conversation) {
            return Optional.of(ConversationStateJson.of(conversation));
        }
        if (state instanceof PositionsSnapshot positions) {
            return Optional.of(PositionsStateJson.of(positions));
        }
        return state instanceof UserSnapshot user ? Optional.of(UserStateJson.of(user)) : Optional.empty();
    }

    private static long lastSeen(Call call) {
        return call.request()
                .getHeader("last-event-id")
                .map(HttpHeader::value)
                .filter(EVENT_SEQ.asMatchPredicate())
                .map(Long::parseLong)
                .orElse(0L);
    }
}
