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
import io.lanying.http.error.Problem;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.hook.HookQuestion;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.History;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.sealing.Sealer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** {@code /v1/conversations/{conversationId}/messages}: post, read, edit, recall. */
final class MessageRoutes {

    private static final String ALL = ConversationRoutes.ONE + "/messages";
    private static final String ONE = ALL + "/{messageId}";

    private final Endpoints endpoints;
    private final ConversationAsk conversations;
    private final AskedMessages askedMessages;
    private final ContentSeals seals;

    MessageRoutes(Endpoints endpoints, ConversationAsk conversations, AskedMessages askedMessages, ContentSeals seals) {
        this.endpoints = endpoints;
        this.conversations = conversations;
        this.askedMessages = askedMessages;
        this.seals = seals;
    }

    /** Matches below {@code /v1/conversations}. */
    Route route() {
        return concat(
                path(
                        segment().slash("messages"),
                        id -> concat(
                                endpoints.post(ALL, ConversationRoutes.WRITE, (call, body) -> post(call, id, body)),
                                endpoints.get(ALL, ConversationRoutes.READ, call -> history(call, id)))),
                path(
                        segment().slash("messages").slash(segment()),
                        (id, messageId) -> concat(
                                endpoints.patch(
                                        ONE, ConversationRoutes.WRITE, (call, body) -> edit(call, id, messageId, body)),
                                endpoints.delete(ONE, ConversationRoutes.WRITE, call -> recall(call, id, messageId)))));
    }

    private CompletionStage<HttpResponse> post(Call call, String id, JsonNode document) {
        return endpoints.continued(
                call,
                MessageBody.post(id, document),
                message -> conversations.answered(
                        call,
                        id,
                        Posted.class,
                        () -> seals.ofSender(call.tenant(), message.senderId())
                                .thenCompose(sealer ->
                                        post(sealer, message, message.asked(call.tenant(), id, document, sealer))),
                        posted -> CompletableFuture.completedFuture(posted(id, posted))));
    }

    private CompletionStage<ConversationReply> post(Sealer sealer, MessageBody message, HookQuestion asked) {
        return askedMessages
                .post(
                        asked,
                        (content, replyTo) -> new Post(
                                message.senderId(),
                                message.clientMessageId(),
                                asked.fingerprint(),
                                message.type(),
                                ContentSeals.content(sealer, content, message.push()),
                                message.mentions(),
                                message.replyToSeq(),
                                message.silent(),
                                replyTo))
                .thenCompose(Supplier::get);
    }

    private static HttpResponse posted(String id, Posted posted) {
        var sent = new MessageJson.Sent(
                MessageRef.messageId(id, posted.messageSeq()), posted.messageSeq(), posted.sentAt());
        return Answers.replayed(Answers.json(posted.repeated() ? 200 : 201, sent), posted.repeated());
    }

    private CompletionStage<HttpResponse> edit(Call call, String id, String messageId, JsonNode document) {
        return withNumber(
                call,
                id,
                messageId,
                seq -> endpoints.continued(
                        call,
                        MessageBody.edit(id, document),
                        message -> conversations.answered(
                                call,
                                id,
                                ConversationReply.Edited.class,
                                () -> seals.ofSender(call.tenant(), message.senderId())
                                        .thenCompose(sealer -> edit(
                                                sealer,
                                                seq,
                                                message,
                                                message.asked(call.tenant(), id, document, sealer)
                                                        .ofEdit(seq))),
                                edited -> CompletableFuture.completedFuture(Answers.json(
                                        200,
                                        new MessageJson.Edited(
                                                messageId, seq, edited.version(), edited.editedAt()))))));
    }

    private CompletionStage<ConversationReply> edit(Sealer sealer, long seq, MessageBody message, HookQuestion asked) {
        return askedMessages.edit(
                asked,
                (content, replyTo) -> new Edit(
                        seq,
                        message.senderId(),
                        asked.fingerprint(),
                        message.type(),
                        ContentSeals.content(sealer, content, message.push()),
                        message.mentions(),
                        replyTo));
    }

    private CompletionStage<HttpResponse> recall(Call call, String id, String messageId) {
        return withNumber(
                call,
                id,
                messageId,
                seq -> conversations.by(
                        call,
                        Set.of(),
                        (parameters, by) -> endpoints.continued(
                                call,
                                parameters.orElse(() -> by),
                                actor -> conversations.ask(
                                        call,
                                        id,
                                        ConversationReply.Recalled.class,
                                        replyTo -> new Recall(seq, actor, replyTo),
                                        recalled -> CompletableFuture.completedFuture(Answers.noContent())))));
    }

    /** The next step with the message's number; 404 if the id can be of no message of this conversation. */
    private CompletionStage<HttpResponse> withNumber(
            Call call, String id, String messageId, LongFunction<CompletionStage<HttpResponse>> next) {
        OptionalLong seq = MessageRef.seqOf(id, messageId);
        return seq.isPresent() ? next.apply(seq.getAsLong()) : endpoints.refuse(call, Problem.notFound());
    }

    private CompletionStage<HttpResponse> history(Call call, String id) {
        var parameters = Parameters.of(call.request(), Set.of("afterSeq", "beforeSeq", "limit", "userId"));
        var after = boxed(parameters.number("afterSeq", 0, Long.MAX_VALUE - 1));
        var before = boxed(parameters.number("beforeSeq", 1, Long.MAX_VALUE));
        int limit = (int) parameters.number("limit", 1, Page.MAX_LIMIT).orElse(Page.DEFAULT_LIMIT);
        var reader = parameters.text("userId", TextRule.ID);
        return endpoints.continued(
                call,
                parameters.orElse(() -> limit),
                most -> conversations.ask(
                        call,
                        id,
                        History.class,
                        replyTo -> new ReadHistory(reader, after, before, most, replyTo),
                        history -> seals.open(call.tenant(), id, history.messages())
                                .thenApply(items -> Answers.json(
                                        200, new MessageJson.History(items, history.more(), history.lastSeq())))));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }
}
