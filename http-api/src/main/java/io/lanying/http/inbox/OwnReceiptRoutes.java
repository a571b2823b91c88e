package io.lanying.http.inbox;

import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.position.ReceiptsJson;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.ReceiptsAre;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/device/conversations/{conversationId}/messages/{messageId}/receipts}: who has a message of the device's person, and has
 * read it.
 */
final class OwnReceiptRoutes {

    private static final String RECEIPTS = "/v1/device/conversations/{conversationId}/messages/{messageId}/receipts";

    private final DeviceEndpoints endpoints;
    private final DeviceEntities devices;
    private final ConversationEntities conversations;

    OwnReceiptRoutes(DeviceEndpoints endpoints, DeviceEntities devices, ConversationEntities conversations) {
        this.endpoints = endpoints;
        this.devices = devices;
        this.conversations = conversations;
    }

    /** Matches below {@code /v1/device}. */
    Route route() {
        return path(
                segment("conversations")
                        .slash(segment())
                        .slash("messages")
                        .slash(segment())
                        .slash("receipts"),
                (id, messageId) -> endpoints.get(RECEIPTS, call -> show(call, id, messageId)));
    }

    private CompletionStage<HttpResponse> show(DeviceCall call, String id, String messageId) {
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(call, parameters.orElse(() -> ask), page -> show(call, id, messageId, page));
    }

    private CompletionStage<HttpResponse> show(DeviceCall call, String id, String messageId, Page.Ask page) {
        var sender = call.principal().userId();
        if (sender.isEmpty()) {
            return endpoints.refuse(
                    call, Problem.of(ErrorCode.NOT_PERMITTED, "the device is nobody's: it has no conversations"));
        }
        var seq = MessageRef.seqOf(id, messageId);
        return seq.isEmpty() || !EntityId.isValid(id)
                ? endpoints.refuse(call, Problem.notFound())
                : show(call, new EntityId(call.principal().tenant(), id), sender.get(), seq.getAsLong(), page);
    }

    /** An earlier owner's token must not look for them any more; only the device knows. */
    private CompletionStage<HttpResponse> show(
            DeviceCall call, EntityId conversation, String sender, long messageSeq, Page.Ask page) {
        return devices.ask(call.device(), Get::new)
                .thenCompose(reply -> reply instanceof DeviceView view && view.binding() == call.binding()
                        ? conversations
                                .ask(
                                        conversation,
                                        replyTo -> new GetReceipts(
                                                messageSeq, Optional.of(sender), page.after(), page.limit(), replyTo))
                                .thenCompose(found -> answer(call, conversation.id(), messageSeq, found))
                        : endpoints.refuse(
                                call, Problem.of(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding")));
    }

    private CompletionStage<HttpResponse> answer(DeviceCall call, String id, long messageSeq, ConversationReply reply) {
        if (reply instanceof ReceiptsAre found) {
            return DeviceReplies.done(Answers.json(200, ReceiptsJson.of(id, messageSeq, found)));
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
