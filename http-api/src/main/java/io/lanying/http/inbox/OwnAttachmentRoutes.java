package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.attachment.AttachmentCalls;
import io.lanying.http.attachment.Caller;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** {@code /v1/device/conversations/{conversationId}/attachments}: what the person behind a device uploads and downloads. */
final class OwnAttachmentRoutes {

    private static final String ALL = "/v1/device/conversations/{conversationId}/attachments";
    private static final String ONE = ALL + "/{attachmentId}";
    private static final String CONTENT = ONE + "/content";

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final AttachmentCalls calls;

    OwnAttachmentRoutes(DeviceEndpoints endpoints, DeviceEntities devices, AttachmentCalls calls) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.calls = calls;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return pathPrefix(
                "conversations",
                () -> concat(
                        path(
                                segment().slash("attachments"),
                                id -> endpoints.post(ALL, (call, body) -> begin(call, id, body))),
                        path(
                                segment().slash("attachments").slash(segment()),
                                (id, attachment) -> concat(
                                        endpoints.get(
                                                ONE,
                                                call -> withoutParameters(
                                                        call, owner -> calls.show(owner, id, attachment))),
                                        endpoints.patchBytes(ONE, call -> append(call, id, attachment)),
                                        endpoints.delete(
                                                ONE,
                                                call -> withoutParameters(
                                                        call, owner -> calls.remove(owner, id, attachment))))),
                        path(
                                segment().slash("attachments").slash(segment()).slash("content"),
                                (id, attachment) -> endpoints.get(
                                        CONTENT,
                                        request -> true,
                                        call -> withoutParameters(
                                                call,
                                                owner -> calls.content(owner, id, attachment, call.request()))))));
    }

    private CompletionStage<HttpResponse> begin(DeviceCall call, String id, JsonNode body) {
        var caller = new Caller(call.principal().tenant(), call.principal().userId());
        if (caller.userId().isEmpty()) {
            return nobodys(call);
        }
        return endpoints.continued(
                call,
                call.idempotencyKey().then(key -> calls.check(caller, body).then(checked -> Checked.ok(key))),
                key -> forOwner(call, owner -> calls.begin(owner, id, key, body)));
    }

    private CompletionStage<HttpResponse> append(DeviceCall call, String id, String attachment) {
        var passedOn = new AtomicBoolean();
        return forOwner(call, owner -> {
                    passedOn.set(true);
                    return calls.append(owner, id, attachment, call.request());
                })
                .whenComplete((answer, failure) -> {
                    if (!passedOn.get()) {
                        endpoints.discard(call);
                    }
                });
    }

    private CompletionStage<HttpResponse> withoutParameters(
            DeviceCall call, Function<Caller, CompletionStage<Checked<HttpResponse>>> next) {
        return endpoints.continued(
                call, Parameters.of(call.request(), Set.of()).orElse(() -> call), same -> forOwner(call, next));
    }

    private CompletionStage<HttpResponse> nobodys(DeviceCall call) {
        return endpoints.refuse(
                call, Problem.of(ErrorCode.NOT_PERMITTED, "the device is nobody's: it has no conversations"));
    }

    /** An earlier owner's token must not speak for them any more; only the device knows. */
    private CompletionStage<HttpResponse> forOwner(
            DeviceCall call, Function<Caller, CompletionStage<Checked<HttpResponse>>> next) {
        Optional<String> owner = call.principal().userId();
        if (owner.isEmpty()) {
            return nobodys(call);
        }
        return devices.ask(call.device(), Get::new)
                .thenCompose(reply -> reply instanceof DeviceView view && view.binding() == call.binding()
                        ? next.apply(new Caller(call.principal().tenant(), owner))
                                .thenCompose(checked -> endpoints.continued(call, checked, DeviceReplies::done))
                        : endpoints.refuse(
                                call, Problem.of(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding")));
    }
}
