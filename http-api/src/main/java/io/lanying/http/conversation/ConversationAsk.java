package io.lanying.http.conversation;

import akka.actor.typed.ActorRef;
import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks a conversation of the caller's tenant and answers with what it says. Thread-safe. */
final class ConversationAsk {

    private final Endpoints endpoints;
    private final ConversationEntities conversations;

    ConversationAsk(Endpoints endpoints, ConversationEntities conversations) {
        this.endpoints = endpoints;
        this.conversations = conversations;
    }

    /** The answer made of the reply hoped for to what is asked in another way; 404 for what can be no id. */
    <R extends ConversationReply> CompletionStage<HttpResponse> answered(
            Call call,
            String id,
            Class<R> hopedFor,
            Supplier<CompletionStage<ConversationReply>> question,
            Function<R, CompletionStage<HttpResponse>> answer) {
        return EntityId.isValid(id)
                ? question.get().thenCompose(reply -> answer(call, reply, hopedFor, answer))
                : endpoints.refuse(call, Problem.notFound());
    }

    /** The answer made of the reply hoped for; a refusal as a problem; 404 for what can be no id. */
    <R extends ConversationReply> CompletionStage<HttpResponse> ask(
            Call call,
            String id,
            Class<R> hopedFor,
            Function<ActorRef<ConversationReply>, ConversationCommand> command,
            Function<R, CompletionStage<HttpResponse>> answer) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return conversations
                .ask(new EntityId(call.tenant(), id), command)
                .thenCompose(reply -> answer(call, reply, hopedFor, answer));
    }

    private <R extends ConversationReply> CompletionStage<HttpResponse> answer(
            Call call, ConversationReply reply, Class<R> hopedFor, Function<R, CompletionStage<HttpResponse>> answer) {
        if (hopedFor.isInstance(reply)) {
            return answer.apply(hopedFor.cast(reply));
        }
        if (!(reply instanceof Refused refused)) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "a conversation answered with " + reply.getClass().getSimpleName()));
        }
        return endpoints.refuse(
                call,
                refused.code() == ErrorCode.NOT_FOUND
                        ? Problem.notFound()
                        : Problem.of(refused.code(), refused.detail()));
    }

    /** The next step with who acts: the query's {@code by}; absent: the service. */
    CompletionStage<HttpResponse> by(
            Call call,
            Set<String> others,
            BiFunction<Parameters, Optional<String>, CompletionStage<HttpResponse>> next) {
        var known = new HashSet<>(others);
        known.add("by");
        var parameters = Parameters.of(call.request(), known);
        var by = parameters.text("by", TextRule.ID);
        return next.apply(parameters, by);
    }
}
