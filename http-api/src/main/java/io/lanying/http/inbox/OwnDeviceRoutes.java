package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.device.VendorTokens;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.NoteOpened;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Noted;
import io.lanying.protocol.device.DeviceReply.Registered;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/device/tokens} and {@code /v1/device/opened}: what an app says of its own device. */
final class OwnDeviceRoutes {

    private static final String TOKENS = "/v1/device/tokens";
    private static final String OPENED = "/v1/device/opened";
    private static final TextRule NOTIFICATION = TextRule.matching("[A-Za-z0-9._~-]{1,128}");

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final VendorTokens tokens;

    OwnDeviceRoutes(DeviceEndpoints endpoints, DeviceEntities devices, VendorTokens tokens) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.tokens = tokens;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return concat(
                path("tokens", () -> endpoints.put(TOKENS, this::bind)),
                path("opened", () -> endpoints.post(OPENED, this::opened)));
    }

    // --- PUT tokens

    private record TokenJson(String channel, Optional<String> environment, Optional<String> topic, Instant since) {

        static TokenJson of(VendorToken token) {
            return new TokenJson(token.channel(), token.environment(), token.topic(), token.since());
        }
    }

    private record TokensJson(List<TokenJson> tokens) {}

    private CompletionStage<HttpResponse> bind(DeviceCall call, JsonNode body) {
        return endpoints.continued(call, readTokens(body), clear -> bind(call, clear)
                .thenCompose(reply -> DeviceReplies.of(
                        endpoints,
                        call,
                        reply,
                        Registered.class,
                        registered -> DeviceReplies.done(Answers.json(
                                200,
                                new TokensJson(registered.device().profile().tokens().stream()
                                        .map(TokenJson::of)
                                        .toList()))))));
    }

    private static Checked<List<VendorTokens.Clear>> readTokens(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        if (!fields.has("tokens")) {
            fields.error("tokens", "required", "is required");
        }
        var tokens = VendorTokens.read(fields);
        fields.end();
        return errors.orElse(() -> tokens);
    }

    /** The token's binding says who the owner is, so what is sealed for that owner fits, or the binding is an earlier one. */
    private CompletionStage<DeviceReply> bind(DeviceCall call, List<VendorTokens.Clear> clear) {
        String owner = Subject.ofRecipient(call.device().id(), call.principal().userId());
        return tokens.sealed(call.device(), clear, owner)
                .thenCompose(
                        bound -> devices.ask(call.device(), replyTo -> new BindTokens(call.binding(), bound, replyTo)))
                .thenCompose(reply -> reply instanceof SealedForOther
                        ? CompletableFuture.failedFuture(new Unavailable("the device is changing hands"))
                        : CompletableFuture.completedFuture(reply));
    }

    // --- POST opened

    private CompletionStage<HttpResponse> opened(DeviceCall call, JsonNode body) {
        return endpoints.continued(call, readOpened(body), id -> devices.ask(
                        call.device(), replyTo -> new NoteOpened(call.binding(), id, replyTo))
                .thenCompose(reply -> DeviceReplies.of(
                        endpoints, call, reply, Noted.class, noted -> DeviceReplies.done(Answers.noContent()))));
    }

    private static Checked<String> readOpened(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        String id = fields.requiredText("notificationId", NOTIFICATION);
        fields.end();
        return errors.orElse(() -> id);
    }
}
