package io.lanying.http.device;

import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.Json;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply.Redelivered;
import java.util.concurrent.CompletionStage;

/** {@code /v1/devices/{deviceId}/redeliveries}: items of the stream once more, under new numbers. */
public final class RedeliveryRoutes {

    private static final String ALL = "/v1/devices/{deviceId}/redeliveries";
    private static final long MAX_ITEMS = 1_000;

    private final Endpoints endpoints;
    private final SealedAsk devices;

    public RedeliveryRoutes(Endpoints endpoints, SealedAsk devices) {
        this.endpoints = endpoints;
        this.devices = devices;
    }

    Route route(String deviceId) {
        return path(
                "redeliveries",
                () -> endpoints.post(
                        ALL, Access.scope(Scope.NOTIFICATIONS_SEND), (call, body) -> redeliver(call, deviceId, body)));
    }

    private record Range(long fromItemSeq, long toItemSeq) {}

    private record RedeliveryJson(long firstItemSeq, long lastItemSeq) {}

    private CompletionStage<HttpResponse> redeliver(Call call, String deviceId, JsonNode body) {
        if (!EntityId.isValid(deviceId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return endpoints.continued(
                call,
                call.idempotencyKey(),
                key -> endpoints.continued(
                        call,
                        read(body),
                        range -> endpoints.withinQuota(
                                call, () -> redeliver(call, new EntityId(call.tenant(), deviceId), key, range))));
    }

    private static Checked<Range> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var range = new Range(
                fields.requiredInteger("fromItemSeq", 1, Long.MAX_VALUE),
                fields.requiredInteger("toItemSeq", 1, Long.MAX_VALUE));
        if (range.toItemSeq < range.fromItemSeq || range.toItemSeq - range.fromItemSeq >= MAX_ITEMS) {
            fields.error("toItemSeq", "range", "must be from fromItemSeq to at most 999 more");
        }
        fields.end();
        return errors.orElse(() -> range);
    }

    private CompletionStage<HttpResponse> redeliver(Call call, EntityId device, String key, Range range) {
        String requestKey = DerivedId.of("r", device, key);
        return devices.ask(
                        device,
                        (sealer, replyTo) -> new DeviceCommand.Redeliver(
                                range.fromItemSeq,
                                range.toItemSeq,
                                requestKey,
                                sealer.subject(),
                                sealer.fingerprint(Json.bytes(range)),
                                replyTo))
                .thenCompose(reply -> DeviceAnswers.of(
                        endpoints,
                        call,
                        reply,
                        Redelivered.class,
                        done -> Answers.replayed(
                                Answers.json(202, new RedeliveryJson(done.firstItemSeq(), done.lastItemSeq())),
                                done.repeated())));
    }
}
