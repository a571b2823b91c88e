package io.lanying.http.conversation;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.conversation.Wishes.MemberWish;
import io.lanying.http.error.Problem;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.ListMembers;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationReply.MemberSaved;
import io.lanying.protocol.conversation.ConversationReply.Members;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/conversations/{conversationId}/members}. */
final class MemberRoutes {

    private static final String ALL = ConversationRoutes.ONE + "/members";
    private static final String ONE = ALL + "/{userId}";

    private final Endpoints endpoints;
    private final ConversationAsk conversations;

    MemberRoutes(Endpoints endpoints, ConversationAsk conversations) {
        this.endpoints = endpoints;
        this.conversations = conversations;
    }

    /** Matches below {@code /v1/conversations}. */
    Route route() {
        return concat(
                path(
                        segment().slash("members"),
                        id -> endpoints.get(ALL, ConversationRoutes.READ, call -> list(call, id))),
                path(
                        segment().slash("members").slash(segment()),
                        (id, userId) -> concat(
                                endpoints.put(
                                        ONE, ConversationRoutes.WRITE, (call, body) -> put(call, id, userId, body)),
                                endpoints.delete(ONE, ConversationRoutes.WRITE, call -> remove(call, id, userId)))));
    }

    private CompletionStage<HttpResponse> list(Call call, String id) {
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(
                call,
                parameters.orElse(() -> ask),
                page -> conversations.ask(
                        call,
                        id,
                        Members.class,
                        replyTo -> new ListMembers(page.after(), page.limit(), replyTo),
                        MemberRoutes::page));
    }

    private static CompletionStage<HttpResponse> page(Members found) {
        var rows = found.members();
        Optional<String> next =
                found.more() ? Optional.of(rows.get(rows.size() - 1).userId()) : Optional.empty();
        return CompletableFuture.completedFuture(Answers.json(200, Page.of(rows, next, ConversationJson.Member::of)));
    }

    private CompletionStage<HttpResponse> put(Call call, String id, String userId, JsonNode body) {
        if (!EntityId.isValid(userId)) {
            return endpoints.refuse(
                    call, Problem.of(ErrorCode.INVALID_REQUEST, "a user id is " + TextRule.ID.description()));
        }
        return conversations.by(
                call,
                Set.of(),
                (parameters, by) -> endpoints.continued(
                        call,
                        parameters.orElse(() -> by).then(actor -> Wishes.member(body)),
                        wish -> put(call, id, userId, wish, by)));
    }

    private CompletionStage<HttpResponse> put(
            Call call, String id, String userId, MemberWish wish, Optional<String> by) {
        return conversations.ask(
                call,
                id,
                MemberSaved.class,
                replyTo -> new PutMember(userId, wish.role(), wish.push(), wish.pinned(), by, replyTo),
                saved -> CompletableFuture.completedFuture(
                        Answers.json(saved.added() ? 201 : 200, ConversationJson.Member.of(saved.member()))));
    }

    private CompletionStage<HttpResponse> remove(Call call, String id, String userId) {
        if (!EntityId.isValid(userId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        return conversations.by(call, Set.of("banSeconds"), (parameters, by) -> {
            long ban = parameters
                    .number("banSeconds", 0, ConversationLimits.MAX_BAN_SECONDS)
                    .orElse(0);
            return endpoints.continued(
                    call,
                    parameters.orElse(() -> by),
                    actor -> conversations.ask(
                            call,
                            id,
                            Gone.class,
                            replyTo -> new RemoveMember(userId, ban, actor, replyTo),
                            gone -> CompletableFuture.completedFuture(Answers.noContent())));
        });
    }
}
