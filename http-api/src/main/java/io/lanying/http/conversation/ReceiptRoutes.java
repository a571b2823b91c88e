package io.lanying.http.conversation;

import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.error.Problem;
import io.lanying.http.position.ReceiptsJson;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationReply.ReceiptsAre;
import io.lanying.protocol.conversation.MessageRef;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/conversations/{conversationId}/messages/{messageId}/receipts}: who has a message, and has read it. */
final class ReceiptRoutes {

    private static final String RECEIPTS = ConversationRoutes.ONE + "/messages/{messageId}/receipts";

    private final Endpoints endpoints;
    private final ConversationAsk conversations;

    ReceiptRoutes(Endpoints endpoints, ConversationAsk conversations) {
        this.endpoints = endpoints;
        this.conversations = conversations;
    }

    /** Matches below {@code /v1/conversations}. */
    Route route() {
        return path(
                segment().slash("messages").slash(segment()).slash("receipts"),
                (id, messageId) -> endpoints.get(RECEIPTS, ConversationRoutes.READ, call -> show(call, id, messageId)));
    }

    private CompletionStage<HttpResponse> show(Call call, String id, String messageId) {
        var seq = MessageRef.seqOf(id, messageId);
        if (seq.isEmpty()) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(
                call,
                parameters.orElse(() -> ask),
                page -> conversations.ask(
                        call,
                        id,
                        ReceiptsAre.class,
                        replyTo ->
                                new GetReceipts(seq.getAsLong(), Optional.empty(), page.after(), page.limit(), replyTo),
                        found -> CompletableFuture.completedFuture(
                                Answers.json(200, ReceiptsJson.of(id, seq.getAsLong(), found)))));
    }
}
