package io.lanying.http.attachment;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Parameters;
import io.lanying.http.json.Checked;
import io.lanying.http.json.TextRule;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /v1/conversations/{conversationId}/attachments}: services' uploads and downloads. */
public final class AttachmentRoutes {

    private static final String ALL = "/v1/conversations/{conversationId}/attachments";
    private static final String ONE = ALL + "/{attachmentId}";
    private static final String CONTENT = ONE + "/content";
    private static final Access READ = Access.scope(Scope.CONVERSATIONS_READ);
    private static final Access WRITE = Access.scope(Scope.CONVERSATIONS_WRITE);

    private final Endpoints endpoints;
    private final AttachmentCalls calls;

    public AttachmentRoutes(Endpoints endpoints, AttachmentCalls calls) {
        this.endpoints = endpoints;
        this.calls = calls;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "conversations",
                () -> concat(
                        path(
                                segment().slash("attachments"),
                                id -> endpoints.post(ALL, WRITE, (call, body) -> begin(call, id, body))),
                        path(
                                segment().slash("attachments").slash(segment()),
                                (id, attachment) -> concat(
                                        endpoints.get(
                                                ONE,
                                                READ,
                                                call -> forReader(call, reader -> calls.show(reader, id, attachment))),
                                        endpoints.patchBytes(
                                                ONE,
                                                WRITE,
                                                call -> answer(
                                                        call,
                                                        calls.append(service(call), id, attachment, call.request()))),
                                        endpoints.delete(
                                                ONE,
                                                WRITE,
                                                call -> withoutParameters(
                                                        call, () -> calls.remove(service(call), id, attachment))))),
                        path(
                                segment().slash("attachments").slash(segment()).slash("content"),
                                (id, attachment) -> endpoints.getAnyType(
                                        CONTENT,
                                        READ,
                                        call -> forReader(
                                                call,
                                                reader -> calls.content(reader, id, attachment, call.request()))))));
    }

    private CompletionStage<HttpResponse> begin(Call call, String id, JsonNode body) {
        return endpoints.continued(
                call, call.idempotencyKey(), key -> answer(call, calls.begin(service(call), id, key, body)));
    }

    /** For the member that the query names, or the service, which sees all. */
    private CompletionStage<HttpResponse> forReader(
            Call call, Function<Caller, CompletionStage<Checked<HttpResponse>>> next) {
        var parameters = Parameters.of(call.request(), Set.of("userId"));
        var reader = parameters.text("userId", TextRule.ID);
        return endpoints.continued(
                call,
                parameters.orElse(() -> new Caller(call.tenant(), reader)),
                caller -> answer(call, next.apply(caller)));
    }

    private CompletionStage<HttpResponse> withoutParameters(
            Call call, Supplier<CompletionStage<Checked<HttpResponse>>> next) {
        return endpoints.continued(
                call, Parameters.of(call.request(), Set.of()).orElse(() -> call), same -> answer(call, next.get()));
    }

    private CompletionStage<HttpResponse> answer(Call call, CompletionStage<Checked<HttpResponse>> answer) {
        return answer.thenCompose(checked -> endpoints.continued(call, checked, CompletableFuture::completedFuture));
    }

    private static Caller service(Call call) {
        return new Caller(call.tenant(), Optional.empty());
    }
}
