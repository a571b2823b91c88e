package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.position.PositionBody;
import io.lanying.http.position.PositionBody.OfConversation;
import io.lanying.http.position.PositionJson;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/device/read-positions}: up to where the device's person has read, answered once that is kept. */
final class OwnPositionRoutes {

    private static final String POSITIONS = "/v1/device/read-positions";

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final ConversationEntities conversations;

    OwnPositionRoutes(DeviceEndpoints endpoints, DeviceEntities devices, ConversationEntities conversations) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.conversations = conversations;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return path("read-positions", () -> endpoints.post(POSITIONS, this::read));
    }

    private CompletionStage<HttpResponse> read(DeviceCall call, JsonNode body) {
        var reader = call.principal().userId();
        return reader.isEmpty()
                ? endpoints.refuse(call, Problem.of(ErrorCode.NOT_PERMITTED, "the device is nobody's: nobody reads"))
                : endpoints.continued(call, PositionBody.readOwn(body), read -> read(call, reader.get(), read));
    }

    /** An earlier owner's token must not read for them any more; only the device knows. */
    private CompletionStage<HttpResponse> read(DeviceCall call, String userId, OfConversation read) {
        return devices.ask(call.device(), Get::new)
                .thenCompose(reply -> reply instanceof DeviceView view && view.binding() == call.binding()
                        ? conversations
                                .ask(
                                        new EntityId(call.principal().tenant(), read.conversationId()),
                                        replyTo -> new SetRead(
                                                userId,
                                                read.messageSeq(),
                                                Optional.of(call.device().id()),
                                                replyTo))
                                .thenCompose(position -> answer(call, position))
                        : endpoints.refuse(
                                call, Problem.of(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding")));
    }

    private CompletionStage<HttpResponse> answer(DeviceCall call, ConversationReply reply) {
        if (reply instanceof PositionIs position) {
            return DeviceReplies.done(Answers.json(200, PositionJson.of(position)));
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
