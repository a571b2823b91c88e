package io.lanying.http.push;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Parameters;
import io.lanying.http.device.DerivedId;
import io.lanying.http.device.DeviceAnswers;
import io.lanying.http.device.Recipients;
import io.lanying.http.device.SealedAsk;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.entity.NotificationEntities;
import io.lanying.http.entity.NotificationPartEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.why.Storyteller;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.sealing.Sealing;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/notifications}: push, look at it, take it back, ask why. */
public final class NotificationRoutes {

    private static final String ALL = "/v1/notifications";
    private static final String BATCH = ALL + "/batch";
    private static final String ONE = ALL + "/{notificationId}";
    private static final String WHY = ONE + "/devices/{deviceId}/why";
    private static final Access SEND = Access.scope(Scope.NOTIFICATIONS_SEND);
    private static final Access READ = Access.scope(Scope.NOTIFICATIONS_READ);

    private final Endpoints endpoints;
    private final DeviceEntities devices;
    private final DevicePushes pushes;
    private final NotificationBatch batches;
    private final Recipients recipients;
    private final Storyteller stories;
    private final Broadcasts broadcasts;
    private final Clock clock;

    public NotificationRoutes(
            Endpoints endpoints,
            DeviceEntities devices,
            SealedAsk sealedDevices,
            Recipients recipients,
            Storyteller stories,
            NotificationEntities notifications,
            NotificationPartEntities companions,
            Sealing sealing,
            Clock clock) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.pushes = new DevicePushes(sealedDevices);
        this.batches = new NotificationBatch(endpoints, pushes, clock);
        this.recipients = recipients;
        this.stories = stories;
        this.broadcasts = new Broadcasts(endpoints, notifications, companions, sealing, clock);
        this.clock = clock;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        var send = endpoints.post(ALL, SEND, this::send);
        var batch = endpoints.postLines(BATCH, SEND, batches::send);
        return pathPrefix(
                "notifications",
                () -> concat(
                        pathEnd(() -> send),
                        path("batch", () -> batch),
                        pathPrefix(
                                segment(),
                                id -> concat(
                                        pathEnd(() -> concat(
                                                endpoints.get(ONE, READ, call -> show(call, id)),
                                                endpoints.delete(ONE, SEND, call -> cancel(call, id)))),
                                        pathPrefix(
                                                "devices",
                                                () -> path(
                                                        segment().slash("why"),
                                                        device -> endpoints.get(
                                                                WHY, READ, call -> why(call, id, device))))))));
    }

    private record AcceptedJson(String notificationId) {}

    private record ValidJson(boolean valid) {}

    private CompletionStage<HttpResponse> send(Call call, JsonNode body) {
        var parameters = Parameters.of(call.request(), Set.of("validateOnly"));
        boolean validateOnly = parameters.flag("validateOnly");
        return endpoints.continued(
                call,
                parameters.orElse(() -> validateOnly),
                only -> only
                        ? endpoints.continued(
                                call,
                                NotificationReader.read(body, clock.instant()),
                                request -> validate(call, request))
                        : endpoints.continued(
                                call,
                                call.idempotencyKey(),
                                key -> endpoints.continued(
                                        call,
                                        NotificationReader.read(body, clock.instant()),
                                        request -> endpoints.withinQuota(call, () -> send(call, key, request)))));
    }

    private CompletionStage<HttpResponse> validate(Call call, NotificationRequest request) {
        if (request.onlyDevice().isEmpty()) {
            return CompletableFuture.completedFuture(Answers.json(200, new ValidJson(true)));
        }
        return recipients
                .isRegistered(new EntityId(call.tenant(), request.onlyDevice().get()))
                .thenCompose(registered -> registered
                        ? CompletableFuture.completedFuture(Answers.json(200, new ValidJson(true)))
                        : endpoints.refuse(call, Problem.notFound()));
    }

    private CompletionStage<HttpResponse> send(Call call, String key, NotificationRequest request) {
        if (request.onlyDevice().isEmpty()) {
            return broadcasts.send(call, key, request);
        }
        return pushes.send(call.tenant(), request.onlyDevice().get(), key, request)
                .thenCompose(reply -> DeviceAnswers.of(
                        endpoints,
                        call,
                        reply,
                        PushAccepted.class,
                        taken -> accepted(taken.notificationId(), taken.repeated())));
    }

    static HttpResponse accepted(String id, boolean repeated) {
        var answer = Answers.located(Answers.json(202, new AcceptedJson(id)), ALL + "/" + id);
        return Answers.replayed(answer, repeated);
    }

    private CompletionStage<HttpResponse> show(Call call, String id) {
        if (DerivedId.isOfMany(id)) {
            return broadcasts.show(call, id);
        }
        return DerivedId.deviceOf(call.tenant(), id)
                .map(device -> devices.ask(device, replyTo -> new DeviceCommand.GetPush(id, replyTo))
                        .thenCompose(reply -> isNotFound(reply) ? showOld(call, device, id) : shown(call, reply)))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound()));
    }

    private static boolean isNotFound(DeviceReply reply) {
        return reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND;
    }

    private CompletionStage<HttpResponse> shown(Call call, DeviceReply reply) {
        return DeviceAnswers.of(
                endpoints,
                call,
                reply,
                PushView.class,
                view -> Answers.json(200, NotificationJson.of(view.notificationId(), view.acceptedAt(), view.fate())));
    }

    /** The device remembers for 7 days, its journal for ever. */
    private CompletionStage<HttpResponse> showOld(Call call, EntityId device, String id) {
        return stories.tell(device, id).thenCompose(story -> story.acceptedAt()
                .<CompletionStage<HttpResponse>>map(at ->
                        CompletableFuture.completedFuture(Answers.json(200, NotificationJson.of(id, at, story.fate()))))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound())));
    }

    private CompletionStage<HttpResponse> cancel(Call call, String id) {
        if (DerivedId.isOfMany(id)) {
            return broadcasts.cancel(call, id);
        }
        return DerivedId.deviceOf(call.tenant(), id)
                .map(device -> devices.ask(device, replyTo -> new DeviceCommand.CancelPush(id, replyTo))
                        .thenCompose(reply -> shown(call, reply)))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound()));
    }

    private CompletionStage<HttpResponse> why(Call call, String id, String deviceId) {
        if (EntityId.isValid(deviceId) && DerivedId.isOfMany(id)) {
            return broadcasts.ifKnown(call, id, view -> told(call, id, deviceId));
        }
        boolean isItem = MessageRef.isMessageId(id)
                || DerivedId.deviceOf(call.tenant(), id).isPresent();
        if (!isItem || !EntityId.isValid(deviceId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return told(call, id, deviceId);
    }

    private CompletionStage<HttpResponse> told(Call call, String id, String deviceId) {
        return stories.tell(new EntityId(call.tenant(), deviceId), id)
                .thenCompose(story -> story.deviceKnown()
                        ? CompletableFuture.completedFuture(Answers.json(200, WhyJson.of(story)))
                        : endpoints.refuse(call, Problem.notFound()));
    }
}
