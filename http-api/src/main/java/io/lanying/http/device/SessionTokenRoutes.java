package io.lanying.http.device;

import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.DeviceTokens;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** {@code /v1/devices/{deviceId}/session-tokens}: what an app connects with. */
public final class SessionTokenRoutes {

    private static final String ALL = "/v1/devices/{deviceId}/session-tokens";
    private static final long DEFAULT_TTL_SECONDS = 3_600;
    private static final long MAX_TTL_SECONDS = 86_400;

    private final Endpoints endpoints;
    private final DeviceEntities devices;
    private final DeviceTokens tokens;

    public SessionTokenRoutes(Endpoints endpoints, DeviceEntities devices, DeviceTokens tokens) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.tokens = tokens;
    }

    Route route(String deviceId) {
        return path(
                "session-tokens",
                () -> endpoints.postOptional(
                        ALL, Access.scope(Scope.DEVICES_WRITE), (call, body) -> issue(call, deviceId, body)));
    }

    private record TokenJson(String token, Instant expiresAt) {}

    private CompletionStage<HttpResponse> issue(Call call, String deviceId, JsonNode body) {
        if (!EntityId.isValid(deviceId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return endpoints.continued(call, read(body), timeToLive -> {
            var device = new EntityId(call.tenant(), deviceId);
            return devices.ask(device, DeviceCommand.Get::new)
                    .thenCompose(reply -> issue(call, device, reply, timeToLive));
        });
    }

    private static Checked<Duration> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        long seconds = fields.integer("ttlSeconds", 1, MAX_TTL_SECONDS).orElse(DEFAULT_TTL_SECONDS);
        fields.end();
        return errors.orElse(() -> Duration.ofSeconds(seconds));
    }

    private CompletionStage<HttpResponse> issue(Call call, EntityId device, DeviceReply reply, Duration timeToLive) {
        if (!(reply instanceof DeviceView view)) {
            return DeviceAnswers.of(endpoints, call, reply, DeviceView.class, never -> Answers.noContent());
        }
        return tokens.issue(device, view.userId(), view.binding(), timeToLive)
                .thenCompose(issued -> endpoints.continued(
                        call,
                        issued.map(Checked::ok).orElseGet(() -> Checked.refused(Problem.notFound())),
                        token -> java.util.concurrent.CompletableFuture.completedFuture(
                                Answers.json(201, new TokenJson(token.token(), token.expiresAt())))));
    }
}
