package io.lanying.http.tenant;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Secrets;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.Json;
import io.lanying.http.json.TextRule;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/admin/tenants}: the operator makes, lists and deletes tenants. */
public final class TenantRoutes {

    private static final String ALL = "/v1/admin/tenants";
    private static final String ONE = ALL + "/{tenantId}";

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final TenantCache cache;
    private final Sealing sealing;
    private final RegistryQueries registry;
    private final String region;
    private final ApiKeyRoutes apiKeys;
    private final RoleRoutes roles;
    private final QuotaRoutes quotas;

    /** @param region this node's: the home of tenants that name none */
    public TenantRoutes(
            Endpoints endpoints,
            TenantEntities tenants,
            TenantCache cache,
            Sealing sealing,
            RegistryQueries registry,
            String region) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.cache = cache;
        this.sealing = sealing;
        this.registry = registry;
        this.region = region;
        this.roles = new RoleRoutes(endpoints, tenants, cache);
        this.quotas = new QuotaRoutes(endpoints, tenants, cache);
        this.apiKeys = new ApiKeyRoutes(endpoints, tenants, cache, sealing);
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "admin",
                () -> pathPrefix(
                        "tenants",
                        () -> concat(
                                pathEnd(() -> concat(
                                        endpoints.post(ALL, Access.OPERATOR, this::create),
                                        endpoints.get(ALL, Access.OPERATOR, this::list))),
                                path(
                                        segment(),
                                        id -> concat(
                                                endpoints.get(ONE, Access.OPERATOR, call -> show(call, id)),
                                                endpoints.delete(ONE, Access.OPERATOR, call -> delete(call, id)))),
                                pathPrefix(
                                        segment(),
                                        id -> concat(apiKeys.route(id), roles.route(id), quotas.route(id))))));
    }

    /** What was asked for; fingerprinted, so what is absent stays out of it. */
    private record Creation(String tenantId, String name, Optional<String> homeRegion) {}

    /** @param homeRegion left out in lists */
    private record TenantJson(String tenantId, String name, Instant createdAt, Optional<String> homeRegion) {}

    private CompletionStage<HttpResponse> create(Call call, JsonNode body) {
        return endpoints.continued(
                call,
                call.idempotencyKey(),
                key -> endpoints.continued(call, read(body), creation -> create(call, key, creation)));
    }

    private static Checked<Creation> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var creation = new Creation(
                fields.requiredText("tenantId", TextRule.ID),
                fields.requiredText("name", TextRule.NAME),
                fields.text("homeRegion", TextRule.ID));
        fields.end();
        return errors.orElse(() -> creation);
    }

    private CompletionStage<HttpResponse> create(Call call, String key, Creation creation) {
        String tenant = creation.tenantId();
        return Unavailable.when("keys cannot be made", () -> sealing.sealer(tenant, Subject.TENANT))
                .thenCompose(sealer -> tenants.ask(
                        TenantAnswers.id(tenant),
                        replyTo -> new TenantCommand.Create(
                                creation.name(),
                                newSigningKey(sealer),
                                Optional.of(creation.homeRegion().orElse(region)),
                                RequestKeys.of("t", tenant, key),
                                sealer.fingerprint(Json.bytes(creation)),
                                replyTo)))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return created(call, tenant, reply);
                });
    }

    private static SigningKey newSigningKey(Sealer sealer) {
        String keyId = Secrets.newId("s");
        return new SigningKey(keyId, sealer.seal(keyId, "signingKey", Secrets.random(32)));
    }

    private CompletionStage<HttpResponse> created(Call call, String tenant, TenantReply reply) {
        if (!(reply instanceof TenantView view)) {
            return TenantAnswers.refused(endpoints, call, reply);
        }
        var answer = Answers.located(Answers.json(201, json(tenant, view)), ALL + "/" + tenant);
        return CompletableFuture.completedFuture(Answers.replayed(answer, view.repeated()));
    }

    private CompletionStage<HttpResponse> list(Call call) {
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(call, parameters.orElse(() -> ask), page -> Unavailable.when(
                        "the registry cannot be read", () -> registry.tenants(page.after(), page.limit()))
                .thenApply(found -> Answers.json(
                        200,
                        Page.of(
                                found.rows(),
                                found.next(),
                                row -> new TenantJson(
                                        row.tenantId(), row.name(), row.createdAt(), Optional.empty())))));
    }

    private CompletionStage<HttpResponse> show(Call call, String tenant) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), TenantCommand.Get::new)
                .thenCompose(reply -> reply instanceof TenantView view
                        ? CompletableFuture.completedFuture(Answers.json(200, json(tenant, view)))
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    private CompletionStage<HttpResponse> delete(Call call, String tenant) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), TenantCommand.Delete::new).thenCompose(reply -> {
            cache.forget(tenant);
            return TenantAnswers.deleted(endpoints, call, reply);
        });
    }

    private static TenantJson json(String tenant, TenantView view) {
        return new TenantJson(tenant, view.name(), view.createdAt(), Optional.of(view.region()));
    }
}
