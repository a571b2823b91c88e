package io.lanying.http.tenant;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.ApiKeyText;
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
import io.lanying.http.json.Times;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.ApiKeyMade;
import io.lanying.protocol.tenant.TenantReply.Refused;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/admin/tenants/{tenantId}/api-keys}: the operator or a tenant's own administrator manages its keys. */
final class ApiKeyRoutes {

    private static final String ALL = "/v1/admin/tenants/{tenantId}/api-keys";
    private static final String ONE = ALL + "/{keyId}";

    /** A role sums scopes up: who needs many of them needs another role. */
    private static final int MAX_ROLES = 10;

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final TenantCache cache;
    private final Sealing sealing;

    ApiKeyRoutes(Endpoints endpoints, TenantEntities tenants, TenantCache cache, Sealing sealing) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.cache = cache;
        this.sealing = sealing;
    }

    Route route(String tenant) {
        var access = Access.keysOf(tenant);
        return pathPrefix(
                "api-keys",
                () -> concat(
                        pathEnd(() -> concat(
                                endpoints.post(ALL, access, (call, body) -> create(call, tenant, body)),
                                endpoints.get(ALL, access, call -> list(call, tenant)))),
                        path(segment(), keyId -> endpoints.delete(ONE, access, call -> revoke(call, tenant, keyId)))));
    }

    /** What was asked for; fingerprinted, so what is absent stays out of it. */
    private record Creation(
            String name, List<String> scopes, Optional<List<String>> roles, Optional<Instant> expiresAt) {}

    private record MadeJson(
            String keyId,
            String key,
            String name,
            List<String> scopes,
            List<String> roles,
            Instant createdAt,
            Optional<Instant> expiresAt) {}

    private record KeyJson(
            String keyId,
            String name,
            List<String> scopes,
            List<String> roles,
            Instant createdAt,
            Optional<Instant> expiresAt) {}

    private CompletionStage<HttpResponse> create(Call call, String tenant, JsonNode body) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return endpoints.continued(
                call,
                call.idempotencyKey(),
                key -> endpoints.continued(call, read(body), creation -> create(call, tenant, key, creation)));
    }

    private static Checked<Creation> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        String name = fields.requiredText("name", TextRule.NAME);
        var scopes = RoleRoutes.scopes(fields);
        var roles = fields.texts("roles", TextRule.ID, MAX_ROLES).stream()
                .distinct()
                .sorted()
                .toList();
        if (scopes.isEmpty() && roles.isEmpty()) {
            fields.error("scopes", "required", "must name at least one scope, or roles at least one role");
        }
        var expiresAt = fields.text("expiresAt", Times.RULE).map(Instant::parse);
        fields.end();
        return errors.orElse(
                () -> new Creation(name, scopes, Optional.of(roles).filter(names -> !names.isEmpty()), expiresAt));
    }

    private CompletionStage<HttpResponse> create(Call call, String tenant, String key, Creation creation) {
        // The tenant is looked at first, so that nobody's typing error makes a key for a tenant that is not there.
        return tenants.ask(TenantAnswers.id(tenant), TenantCommand.Get::new)
                .thenCompose(reply -> reply instanceof TenantView
                        ? make(call, tenant, key, creation)
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    private CompletionStage<HttpResponse> make(Call call, String tenant, String key, Creation creation) {
        var text = ApiKeyText.create(tenant);
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(tenant, Subject.TENANT))
                .thenCompose(sealer -> tenants.ask(
                        TenantAnswers.id(tenant),
                        replyTo -> new TenantCommand.CreateApiKey(
                                text.keyId(),
                                creation.name(),
                                creation.scopes(),
                                creation.roles().orElse(List.of()),
                                Secrets.hash(text.secret()),
                                creation.expiresAt(),
                                RequestKeys.of("k", tenant, key),
                                sealer.fingerprint(Json.bytes(creation)),
                                replyTo)))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return made(call, text, reply);
                });
    }

    private CompletionStage<HttpResponse> made(Call call, ApiKeyText text, TenantReply reply) {
        if (reply instanceof ApiKeyMade made) {
            var key = made.apiKey();
            return CompletableFuture.completedFuture(Answers.json(
                    201,
                    new MadeJson(
                            key.keyId(),
                            text.reveal(),
                            key.name(),
                            key.scopes(),
                            key.roles(),
                            key.createdAt(),
                            key.expiresAt())));
        }
        if (reply instanceof Refused refused && refused.code() == ErrorCode.SECRET_ALREADY_SHOWN) {
            return endpoints.refuse(
                    call,
                    Problem.of(refused.code(), "the key was shown in the first answer; revoke it and make another"));
        }
        return TenantAnswers.refused(endpoints, call, reply);
    }

    private CompletionStage<HttpResponse> list(Call call, String tenant) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(call, parameters.orElse(() -> ask), page -> tenants.ask(
                        TenantAnswers.id(tenant), TenantCommand.Get::new)
                .thenCompose(reply -> reply instanceof TenantView view
                        ? CompletableFuture.completedFuture(Answers.json(200, pageOf(view, page)))
                        : TenantAnswers.refused(endpoints, call, reply)));
    }

    private static Page<KeyJson> pageOf(TenantView view, Page.Ask page) {
        var rows = view.apiKeys().stream()
                .sorted(Comparator.comparing(ApiKey::keyId))
                .filter(key -> page.after().isEmpty()
                        || key.keyId().compareTo(page.after().get()) > 0)
                .toList();
        boolean more = rows.size() > page.limit();
        var shown = more ? rows.subList(0, page.limit()) : rows;
        return Page.of(
                shown,
                more ? Optional.of(shown.get(shown.size() - 1).keyId()) : Optional.empty(),
                key -> new KeyJson(
                        key.keyId(), key.name(), key.scopes(), key.roles(), key.createdAt(), key.expiresAt()));
    }

    private CompletionStage<HttpResponse> revoke(Call call, String tenant, String keyId) {
        if (!EntityId.isValid(tenant) || !EntityId.isValid(keyId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), replyTo -> new TenantCommand.RevokeApiKey(keyId, replyTo))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return TenantAnswers.deleted(endpoints, call, reply);
                });
    }
}
