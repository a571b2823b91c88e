package io.lanying.http.conversation;

import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.error.Problem;
import io.lanying.http.position.PositionBody;
import io.lanying.http.position.PositionJson;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/conversations/{conversationId}/read-positions}: up to where members have read. */
final class PositionRoutes {

    private static final String ONE = ConversationRoutes.ONE + "/read-positions/{userId}";

    private final Endpoints endpoints;
    private final ConversationAsk conversations;

    PositionRoutes(Endpoints endpoints, ConversationAsk conversations) {
        this.endpoints = endpoints;
        this.conversations = conversations;
    }

    /** Matches below {@code /v1/conversations}. */
    Route route() {
        return path(
                segment().slash("read-positions").slash(segment()),
                (id, userId) ->
                        endpoints.put(ONE, ConversationRoutes.WRITE, (call, body) -> put(call, id, userId, body)));
    }

    private CompletionStage<HttpResponse> put(Call call, String id, String userId, JsonNode body) {
        return EntityId.isValid(userId)
                ? endpoints.continued(
                        call,
                        PositionBody.read(body),
                        messageSeq -> conversations.ask(
                                call,
                                id,
                                PositionIs.class,
                                replyTo -> new SetRead(userId, messageSeq, Optional.empty(), replyTo),
                                position -> CompletableFuture.completedFuture(
                                        Answers.json(200, PositionJson.of(position)))))
                : endpoints.refuse(call, Problem.notFound());
    }
}
