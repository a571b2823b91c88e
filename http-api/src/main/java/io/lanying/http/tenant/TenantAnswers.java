package io.lanying.http.tenant;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.error.Problem;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers made from what tenants say. */
public final class TenantAnswers {

    private TenantAnswers() {}

    /** The entity of a tenant. */
    public static EntityId id(String tenant) {
        return new EntityId(tenant, tenant);
    }

    /** The answer to a deletion. */
    public static CompletionStage<HttpResponse> deleted(Endpoints endpoints, Call call, TenantReply reply) {
        return reply instanceof TenantReply.Deleted
                ? CompletableFuture.completedFuture(Answers.noContent())
                : refused(endpoints, call, reply);
    }

    /** The tenant's refusal as a problem; any other reply is a bug. */
    public static CompletionStage<HttpResponse> refused(Endpoints endpoints, Call call, TenantReply reply) {
        if (!(reply instanceof Refused refused)) {
            return CompletableFuture.failedFuture(new IllegalStateException("unexpected reply of a tenant"));
        }
        var problem = refused.code() == ErrorCode.NOT_FOUND
                ? Problem.notFound()
                : Problem.of(refused.code(), refused.detail());
        return endpoints.refuse(call, problem.asRepeated(refused.repeated()));
    }
}
