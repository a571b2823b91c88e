package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.message.Draft;
import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/device/messages}: what an app sends by a request. Its {@code clientMessageId} is the key of a repeat. */
final class OwnMessageRoutes {

    private static final String MESSAGES = "/v1/device/messages";

    private record PostedJson(String messageId, long messageSeq, Instant sentAt) {}

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final OwnMessages messages;

    OwnMessageRoutes(DeviceEndpoints endpoints, DeviceEntities devices, OwnMessages messages) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.messages = messages;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return path("messages", () -> endpoints.post(MESSAGES, this::send));
    }

    private CompletionStage<HttpResponse> send(DeviceCall call, JsonNode body) {
        var sender = call.principal().userId();
        return sender.isEmpty()
                ? endpoints.refuse(call, Problem.of(ErrorCode.NOT_PERMITTED, "the device is nobody's: it cannot send"))
                : endpoints.continued(call, Draft.read(body), draft -> send(call, sender.get(), draft));
    }

    /** An earlier owner's token must not speak for them any more; only the device knows. */
    private CompletionStage<HttpResponse> send(DeviceCall call, String senderId, Draft draft) {
        return devices.ask(call.device(), Get::new)
                .thenCompose(reply -> reply instanceof DeviceView view && view.binding() == call.binding()
                        ? messages.post(call.principal().tenant(), senderId, draft)
                                .thenCompose(posted -> answer(call, draft, posted))
                        : endpoints.refuse(
                                call, Problem.of(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding")));
    }

    private CompletionStage<HttpResponse> answer(DeviceCall call, Draft draft, ConversationReply reply) {
        if (reply instanceof Posted posted) {
            return DeviceReplies.done(Answers.json(
                    posted.repeated() ? 200 : 201,
                    new PostedJson(
                            MessageRef.messageId(draft.conversationId(), posted.messageSeq()),
                            posted.messageSeq(),
                            posted.sentAt())));
        }
        if (reply instanceof ConversationReply.Refused refused) {
            return endpoints.refuse(
                    call,
                    refused.code() == ErrorCode.NOT_FOUND
                            ? Problem.notFound()
                            : Problem.of(refused.code(), refused.detail()));
        }
        return CompletableFuture.failedFuture(new IllegalStateException(
                "a conversation answered with " + reply.getClass().getSimpleName()));
    }
}
