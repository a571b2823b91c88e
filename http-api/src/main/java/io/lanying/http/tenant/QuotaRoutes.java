package io.lanying.http.tenant;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply.QuotasAre;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/admin/tenants/{tenantId}/quotas}: the operator says how much of each node a tenant may take. */
final class QuotaRoutes {

    private static final String PATH = "/v1/admin/tenants/{tenantId}/quotas";
    private static final int MOST = 1_000_000;

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final TenantCache cache;

    QuotaRoutes(Endpoints endpoints, TenantEntities tenants, TenantCache cache) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.cache = cache;
    }

    Route route(String tenant) {
        return path(
                "quotas",
                () -> concat(
                        endpoints.put(PATH, Access.OPERATOR, (call, body) -> put(call, tenant, body)),
                        endpoints.get(PATH, Access.OPERATOR, call -> show(call, tenant))));
    }

    private CompletionStage<HttpResponse> put(Call call, String tenant, JsonNode body) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return endpoints.continued(call, read(body), quotas -> tenants.ask(
                        TenantAnswers.id(tenant), replyTo -> new TenantCommand.SetQuotas(quotas, replyTo))
                .thenCompose(reply -> {
                    cache.forget(tenant);
                    return reply instanceof QuotasAre set
                            ? shown(set.quotas())
                            : TenantAnswers.refused(endpoints, call, reply);
                }));
    }

    private static Checked<Quotas> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var quotas = new Quotas(
                whole(fields.integer("notificationsPerSecond", 1, MOST)),
                whole(fields.integer("sockets", 1, MOST)),
                whole(fields.integer("messagesPerSecond", 1, MOST)),
                whole(fields.integer("senderMessagesPerSecond", 1, MOST)));
        fields.end();
        return errors.orElse(() -> quotas);
    }

    private static Optional<Integer> whole(OptionalLong number) {
        return number.isPresent() ? Optional.of((int) number.getAsLong()) : Optional.empty();
    }

    private CompletionStage<HttpResponse> show(Call call, String tenant) {
        if (!EntityId.isValid(tenant)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return tenants.ask(TenantAnswers.id(tenant), TenantCommand.Get::new)
                .thenCompose(reply -> reply instanceof TenantView view
                        ? shown(view.quotas().orElse(Quotas.UNLIMITED))
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    /** What is not limited is left out. */
    private record QuotasJson(
            Optional<Integer> notificationsPerSecond,
            Optional<Integer> sockets,
            Optional<Integer> messagesPerSecond,
            Optional<Integer> senderMessagesPerSecond) {}

    private static CompletionStage<HttpResponse> shown(Quotas quotas) {
        return CompletableFuture.completedFuture(Answers.json(
                200,
                new QuotasJson(
                        quotas.notificationsPerSecond(),
                        quotas.sockets(),
                        quotas.messagesPerSecond(),
                        quotas.senderMessagesPerSecond())));
    }
}
