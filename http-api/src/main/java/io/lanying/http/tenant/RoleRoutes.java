package io.lanying.http.tenant;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply.RoleIs;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /v1/admin/tenants/{tenantId}/roles}: named sets of scopes. Whoever may give scopes to keys, the operator or a key with
 * {@code keys:admin}, may put scopes together.
 */
final class RoleRoutes {

    private static final String ALL = "/v1/admin/tenants/{tenantId}/roles";
    private static final String ONE = ALL + "/{role}";
    private static final TextRule SCOPE =
            new TextRule(text -> Scope.of(text).isPresent(), "a scope of this API, such as devices:read, or *");

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final TenantCache cache;

    RoleRoutes(Endpoints endpoints, TenantEntities tenants, TenantCache cache) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.cache = cache;
    }

    Route route(String tenant) {
        var access = Access.keysOf(tenant);
        return pathPrefix(
                "roles",
                () -> concat(
                        pathEnd(() -> endpoints.get(ALL, access, call -> list(call, tenant))),
                        path(
                                segment(),
                                name -> concat(
                                        endpoints.put(ONE, access, (call, body) -> put(call, tenant, name, body)),
                                        endpoints.get(ONE, access, call -> show(call, tenant, name)),
                                        endpoints.delete(ONE, access, call -> delete(call, tenant, name))))));
    }

    /** The field {@code scopes}: known ones, each once, sorted; perhaps none. */
    static List<String> scopes(Fields fields) {
        return fields.texts("scopes", SCOPE, Scope.values().length).stream()
                .distinct()
                .sorted()
                .toList();
    }

    private record RoleJson(String name, List<String> scopes) {

        static RoleJson of(Role role) {
            return new RoleJson(role.name(), role.scopes());
        }
    }

    private CompletionStage<HttpResponse> put(Call call, String tenant, String name, JsonNode body) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        if (!EntityId.isValid(name)) {
            return endpoints.refuse(
                    call, Problem.of(ErrorCode.INVALID_REQUEST, "a role's name is " + TextRule.ID.description()));
        }
        return endpoints.continued(call, read(body), scopes -> tenants.ask(
                        TenantAnswers.id(tenant), replyTo -> new TenantCommand.PutRole(new Role(name, scopes), replyTo))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return reply instanceof RoleIs is
                            ? CompletableFuture.completedFuture(
                                    Answers.json(is.created() ? 201 : 200, RoleJson.of(is.role())))
                            : TenantAnswers.refused(endpoints, call, reply);
                }));
    }

    private static Checked<List<String>> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var scopes = scopes(fields);
        if (scopes.isEmpty()) {
            fields.error("scopes", "required", "must name at least one scope");
        }
        fields.end();
        return errors.orElse(() -> scopes);
    }

    private CompletionStage<HttpResponse> show(Call call, String tenant, String name) {
        return withRoles(call, tenant, roles -> roles.stream()
                .filter(role -> role.name().equals(name))
                .findFirst()
                .<CompletionStage<HttpResponse>>map(
                        role -> CompletableFuture.completedFuture(Answers.json(200, RoleJson.of(role))))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound())));
    }

    private CompletionStage<HttpResponse> list(Call call, String tenant) {
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(
                call,
                parameters.orElse(() -> ask),
                page -> withRoles(
                        call,
                        tenant,
                        roles -> CompletableFuture.completedFuture(Answers.json(200, pageOf(roles, page)))));
    }

    private static Page<RoleJson> pageOf(List<Role> roles, Page.Ask page) {
        var rows = roles.stream()
                .sorted(Comparator.comparing(Role::name))
                .filter(role -> page.after().isEmpty()
                        || role.name().compareTo(page.after().get()) > 0)
                .toList();
        boolean more = rows.size() > page.limit();
        var shown = more ? rows.subList(0, page.limit()) : rows;
        return Page.of(shown, more ? Optional.of(shown.get(shown.size() - 1).name()) : Optional.empty(), RoleJson::of);
    }

    private CompletionStage<HttpResponse> delete(Call call, String tenant, String name) {
        if (!EntityId.isValid(tenant) || !EntityId.isValid(name)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), replyTo -> new TenantCommand.DeleteRole(name, replyTo))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return TenantAnswers.deleted(endpoints, call, reply);
                });
    }

    private CompletionStage<HttpResponse> withRoles(
            Call call, String tenant, Function<List<Role>, CompletionStage<HttpResponse>> answer) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), TenantCommand.Get::new)
                .thenCompose(reply -> reply instanceof TenantView view
                        ? answer.apply(view.roles())
                        : TenantAnswers.refused(endpoints, call, reply));
    }
}
