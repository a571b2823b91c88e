package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.headers.TimeoutAccess;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.inbox.InboxReader.Ask;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.http.session.ShortSessions;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AckItems;
import io.lanying.protocol.device.DeviceReply.Inbox;
import io.lanying.protocol.device.DeviceReply.Position;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import scala.concurrent.duration.FiniteDuration;

/** {@code /v1/device/inbox} and {@code /v1/device/acks}: a device's stream for an app that asks for it. */
final class InboxRoutes {

    private static final String INBOX = "/v1/device/inbox";
    private static final String ACKS = "/v1/device/acks";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 200;
    private static final int MAX_WAIT_SECONDS = 50;

    /** What a waiting request may take besides its wait. */
    private static final Duration WORK = Duration.ofSeconds(20);

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final InboxReader reader;
    private final ShortSessions sessions;
    private final Duration longestWait;
    private final Clock clock;

    InboxRoutes(
            DeviceEndpoints endpoints,
            DeviceEntities devices,
            InboxReader reader,
            ShortSessions sessions,
            Duration longestWait,
            Clock clock) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.reader = reader;
        this.sessions = sessions;
        this.longestWait = longestWait;
        this.clock = clock;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return concat(
                path("inbox", () -> endpoints.get(INBOX, this::inbox)),
                path("acks", () -> endpoints.post(ACKS, this::acknowledge)));
    }

    // --- GET inbox

    private CompletionStage<HttpResponse> inbox(DeviceCall call) {
        var parameters = Parameters.of(call.request(), Set.of("after", "limit", "waitSeconds"));
        var after = parameters.number("after", 0, Long.MAX_VALUE - 1);
        int limit = (int) parameters.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        long seconds = parameters.number("waitSeconds", 0, MAX_WAIT_SECONDS).orElse(0);
        var ask = new Ask(
                after.isPresent() ? Optional.of(after.getAsLong()) : Optional.empty(),
                limit,
                longest(call, Duration.ofSeconds(seconds)));
        return endpoints.continued(call, parameters.orElse(() -> ask), asked -> {
            if (asked.within().isZero()) {
                return answerNow(call, asked);
            }
            call.request().getHeader(TimeoutAccess.class).ifPresent(access -> access.timeoutAccess()
                    .updateTimeout(
                            FiniteDuration.fromNanos(asked.within().plus(WORK).toNanos())));
            return new Wait(call, asked).attach();
        });
    }

    /** Not past the token's end, and not so long that the connection is cut. */
    private Duration longest(DeviceCall call, Duration asked) {
        var left = Duration.between(clock.instant(), call.principal().expiresAt());
        var most = left.compareTo(longestWait) < 0 ? left : longestWait;
        var within = asked.compareTo(most) < 0 ? asked : most;
        return within.isNegative() ? Duration.ZERO : within;
    }

    private CompletionStage<HttpResponse> answerNow(DeviceCall call, Ask ask) {
        return reader.look(call, ask)
                .thenCompose(reply ->
                        DeviceReplies.of(endpoints, call, reply, Inbox.class, inbox -> answer(call, ask, inbox)));
    }

    private CompletionStage<HttpResponse> answer(DeviceCall call, Ask ask, Inbox inbox) {
        return reader.answer(call, ask, inbox).thenApply(json -> HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json))
                .addHeader(RawHeader.create("Cache-Control", "no-store")));
    }

    /** One request that waits: attached first, so that what comes is not sent elsewhere meanwhile; then it looks. */
    private final class Wait {

        /** A wait that keeps finding nothing although it was told otherwise is over after so many looks. */
        private static final int MAX_LOOKS = 10;

        private final DeviceCall call;
        private final Ask ask;
        private final long until;
        private int looks;

        Wait(DeviceCall call, Ask ask) {
            this.call = call;
            this.ask = ask;
            this.until = System.nanoTime() + ask.within().toNanos();
        }

        CompletionStage<HttpResponse> attach() {
            return beyond(-1);
        }

        private CompletionStage<HttpResponse> beyond(long seq) {
            var left = Duration.ofNanos(Math.max(1, until - System.nanoTime()));
            return Unavailable.when(
                            "the device cannot be waited for", () -> sessions.await(call.principal(), seq, left))
                    .thenCompose(waited -> switch (waited) {
                        case READY -> look();
                        case OVER -> answerNow(call, ask);
                        case REPLACED -> refuse(ErrorCode.REPLACED, "a newer session of this device took over");
                        case REVOKED -> refuse(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding");
                        case QUOTA ->
                            refuse(ErrorCode.QUOTA_EXCEEDED, "the tenant has no more devices connected to each node");
                        case FULL -> refuse(ErrorCode.UNAVAILABLE, "this node takes no more sessions just now");
                    });
        }

        private CompletionStage<HttpResponse> look() {
            looks++;
            return reader.look(call, ask)
                    .thenCompose(reply -> DeviceReplies.of(endpoints, call, reply, Inbox.class, inbox -> {
                        boolean over = looks >= MAX_LOOKS || System.nanoTime() - until >= 0;
                        return over || ask.finds(inbox) || ask.isBeyond(inbox)
                                ? answer(call, ask, inbox)
                                : beyond(inbox.lastSeq());
                    }));
        }

        private CompletionStage<HttpResponse> refuse(ErrorCode code, String detail) {
            return endpoints.refuse(call, Problem.of(code, detail));
        }
    }

    // --- POST acks

    private record Ack(String streamId, long itemSeq) {}

    private record PositionJson(String streamId, long ackedSeq, long lastSeq) {}

    private CompletionStage<HttpResponse> acknowledge(DeviceCall call, JsonNode body) {
        return endpoints.continued(call, readAck(body), ack -> devices.ask(
                        call.device(), replyTo -> new AckItems(call.binding(), ack.streamId(), ack.itemSeq(), replyTo))
                .thenCompose(reply -> DeviceReplies.of(
                        endpoints,
                        call,
                        reply,
                        Position.class,
                        at -> DeviceReplies.done(
                                Answers.json(200, new PositionJson(at.streamId(), at.ackedSeq(), at.lastSeq()))))));
    }

    private static Checked<Ack> readAck(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var ack = new Ack(
                fields.requiredText("streamId", TextRule.ID), fields.requiredInteger("itemSeq", 0, Long.MAX_VALUE));
        fields.end();
        return errors.orElse(() -> ack);
    }
}
