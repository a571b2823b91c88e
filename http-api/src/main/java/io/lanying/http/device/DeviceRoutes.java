package io.lanying.http.device;

import static akka.http.javadsl.server.Directives.concat;
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
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.TextRule;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.persistence.registry.RegistryQueries.DeviceFilter;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.DeviceReply.Registered;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.sealing.Subject;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /v1/devices}: the device registry. */
public final class DeviceRoutes {

    private static final String ALL = "/v1/devices";
    private static final String ONE = ALL + "/{deviceId}";
    private static final Access READ = Access.scope(Scope.DEVICES_READ);
    private static final Access WRITE = Access.scope(Scope.DEVICES_WRITE);

    private final Endpoints endpoints;
    private final DeviceEntities devices;
    private final RegistryQueries registry;
    private final Recipients recipients;
    private final VendorTokens tokens;
    private final SessionTokenRoutes sessionTokens;
    private final RedeliveryRoutes redeliveries;

    public DeviceRoutes(
            Endpoints endpoints,
            DeviceEntities devices,
            RegistryQueries registry,
            Recipients recipients,
            VendorTokens tokens,
            SessionTokenRoutes sessionTokens,
            RedeliveryRoutes redeliveries) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.registry = registry;
        this.recipients = recipients;
        this.tokens = tokens;
        this.sessionTokens = sessionTokens;
        this.redeliveries = redeliveries;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "devices",
                () -> concat(
                        pathEnd(() -> endpoints.get(ALL, READ, this::list)),
                        pathPrefix(
                                segment(),
                                id -> concat(
                                        pathEnd(() -> concat(
                                                endpoints.put(ONE, WRITE, (call, body) -> register(call, id, body)),
                                                endpoints.get(ONE, READ, call -> show(call, id)),
                                                endpoints.delete(ONE, WRITE, call -> delete(call, id)))),
                                        sessionTokens.route(id),
                                        redeliveries.route(id)))));
    }

    private CompletionStage<HttpResponse> register(Call call, String id, JsonNode body) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(
                    call, Problem.of(ErrorCode.INVALID_REQUEST, "a device id is " + TextRule.ID.description()));
        }
        return endpoints.continued(
                call,
                RegistrationBody.read(body),
                registration -> register(call, new EntityId(call.tenant(), id), registration));
    }

    private CompletionStage<HttpResponse> register(Call call, EntityId device, RegistrationBody registration) {
        String subject = Subject.ofRecipient(device.id(), registration.userId());
        return profile(device, registration, subject)
                .thenCompose(profile -> devices.ask(
                        device, replyTo -> new DeviceCommand.Register(registration.userId(), profile, replyTo)))
                .thenCompose(reply -> DeviceAnswers.of(endpoints, call, reply, Registered.class, registered -> {
                    recipients.learn(device, subject);
                    var answer = Answers.json(
                            registered.created() ? 201 : 200, DeviceJson.of(device.id(), registered.device()));
                    return registered.created() ? Answers.located(answer, ALL + "/" + device.id()) : answer;
                }));
    }

    private CompletionStage<Profile> profile(EntityId device, RegistrationBody registration, String subject) {
        return tokens.sealed(device, registration.tokens(), subject)
                .thenApply(tokenList -> new Profile(
                        registration.platform(),
                        registration.alias(),
                        registration.tags(),
                        registration.locale(),
                        registration.timezone(),
                        registration.appVersion(),
                        tokenList));
    }

    private CompletionStage<HttpResponse> show(Call call, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return devices.ask(new EntityId(call.tenant(), id), DeviceCommand.Get::new)
                .thenCompose(reply -> DeviceAnswers.of(
                        endpoints, call, reply, DeviceView.class, view -> Answers.json(200, DeviceJson.of(id, view))));
    }

    private CompletionStage<HttpResponse> delete(Call call, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var device = new EntityId(call.tenant(), id);
        return devices.ask(device, DeviceCommand.Delete::new)
                .thenCompose(reply -> DeviceAnswers.of(endpoints, call, reply, DeviceReply.Deleted.class, deleted -> {
                    recipients.forget(device);
                    return Answers.noContent();
                }));
    }

    private CompletionStage<HttpResponse> list(Call call) {
        var parameters = Parameters.of(call.request(), Set.of("userId", "tag", "alias", "cursor", "limit"));
        var filter = new DeviceFilter(
                parameters.text("userId", TextRule.ID),
                parameters.text("tag", TextRule.LABEL),
                parameters.text("alias", TextRule.LABEL));
        var ask = Page.ask(parameters);
        return endpoints.continued(call, parameters.orElse(() -> ask), page -> Unavailable.when(
                        "the registry cannot be read",
                        () -> registry.devices(call.tenant(), filter, page.after(), page.limit()))
                .thenApply(found -> Answers.json(200, Page.of(found.rows(), found.next(), DeviceJson.RowJson::of))));
    }
}
