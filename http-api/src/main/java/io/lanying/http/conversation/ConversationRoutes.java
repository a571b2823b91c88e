package io.lanying.http.conversation;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.attachment.EndedConversations;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.conversation.Wishes.Changes;
import io.lanying.http.conversation.Wishes.NewConversation;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.json.CanonicalJson;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Get;
import io.lanying.protocol.conversation.ConversationCommand.NameChange;
import io.lanying.protocol.conversation.ConversationReply.ConversationView;
import io.lanying.protocol.conversation.ConversationReply.Created;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.sealing.Sealing;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /v1/conversations}: make one, look at it, change and end it. */
public final class ConversationRoutes {

    static final String ALL = "/v1/conversations";
    static final String ONE = ALL + "/{conversationId}";
    static final Access READ = Access.scope(Scope.CONVERSATIONS_READ);
    static final Access WRITE = Access.scope(Scope.CONVERSATIONS_WRITE);

    private final Endpoints endpoints;
    private final ConversationAsk conversations;
    private final ContentSeals seals;
    private final MemberRoutes members;
    private final MessageRoutes messages;
    private final EndedConversations ended;
    private final PositionRoutes positions;
    private final ReceiptRoutes receipts;

    public ConversationRoutes(
            Endpoints endpoints,
            ConversationEntities entities,
            AskedMessages askedMessages,
            Sealing sealing,
            EndedConversations ended) {
        this.endpoints = endpoints;
        this.conversations = new ConversationAsk(endpoints, entities);
        this.seals = new ContentSeals(sealing);
        this.members = new MemberRoutes(endpoints, conversations);
        this.messages = new MessageRoutes(endpoints, conversations, askedMessages, seals);
        this.ended = ended;
        this.positions = new PositionRoutes(endpoints, conversations);
        this.receipts = new ReceiptRoutes(endpoints, conversations);
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        var create = endpoints.post(ALL, WRITE, this::create);
        return pathPrefix(
                "conversations",
                () -> concat(
                        pathEnd(() -> create),
                        path(
                                segment(),
                                id -> concat(
                                        endpoints.get(ONE, READ, call -> show(call, id)),
                                        endpoints.patch(ONE, WRITE, (call, body) -> change(call, id, body)),
                                        endpoints.delete(ONE, WRITE, call -> delete(call, id)))),
                        members.route(),
                        messages.route(),
                        positions.route(),
                        receipts.route()));
    }

    private CompletionStage<HttpResponse> create(Call call, JsonNode body) {
        return endpoints.continued(
                call,
                call.idempotencyKey(),
                key -> endpoints.continued(
                        call, Wishes.create(body), wanted -> create(call, key, wanted, CanonicalJson.bytes(body))));
    }

    private CompletionStage<HttpResponse> create(Call call, String key, NewConversation wanted, byte[] body) {
        String id = idOf(call.tenant(), key, wanted);
        return seals.ofTenant(call.tenant()).thenCompose(sealer -> {
            var name = wanted.name().map(clear -> ContentSeals.name(sealer, id, clear));
            return conversations.ask(
                    call,
                    id,
                    Created.class,
                    replyTo -> new Create(
                            wanted.type(),
                            name,
                            wanted.settings(),
                            wanted.members(),
                            key,
                            sealer.fingerprint(body),
                            replyTo),
                    created -> shown(
                                    call,
                                    id,
                                    created.conversation(),
                                    created.created() || created.repeated() ? 201 : 200)
                            .thenApply(answer ->
                                    Answers.replayed(Answers.located(answer, ALL + "/" + id), created.repeated())));
        });
    }

    private static String idOf(String tenant, String key, NewConversation wanted) {
        if (wanted.type() == ConversationType.DIRECT) {
            return ConversationIds.ofPair(
                    tenant,
                    wanted.members().get(0).userId(),
                    wanted.members().get(1).userId());
        }
        return wanted.conversationId().orElseGet(() -> ConversationIds.ofCommand(tenant, key));
    }

    private CompletionStage<HttpResponse> show(Call call, String id) {
        return conversations.ask(call, id, ConversationView.class, Get::new, view -> shown(call, id, view, 200));
    }

    private CompletionStage<HttpResponse> change(Call call, String id, JsonNode body) {
        return conversations.by(
                call,
                Set.of(),
                (parameters, by) -> endpoints.continued(
                        call,
                        parameters.orElse(() -> by).then(actor -> Wishes.change(body)),
                        changes -> change(call, id, changes, by)));
    }

    private CompletionStage<HttpResponse> change(Call call, String id, Changes changes, Optional<String> by) {
        return seals.ofTenant(call.tenant())
                .thenCompose(sealer -> conversations.ask(
                        call,
                        id,
                        ConversationView.class,
                        replyTo -> new Change(
                                changes.name()
                                        .map(rename -> new NameChange(
                                                rename.name().map(clear -> ContentSeals.name(sealer, id, clear)))),
                                changes.settings(),
                                changes.archived(),
                                by,
                                replyTo),
                        view -> shown(call, id, view, 200)));
    }

    private CompletionStage<HttpResponse> delete(Call call, String id) {
        return conversations.by(
                call,
                Set.of(),
                (parameters, by) -> endpoints.continued(call, parameters.orElse(() -> by), actor -> ended.note(
                                call.tenant(), id)
                        .thenCompose(noted -> conversations.ask(
                                call, id, Gone.class, replyTo -> new Delete(actor, replyTo), gone -> ended.clear(
                                                call.tenant(), id)
                                        .thenApply(cleared -> Answers.noContent())))));
    }

    private CompletionStage<HttpResponse> shown(Call call, String id, ConversationView view, int status) {
        return seals.open(call.tenant(), id, view.name())
                .thenApply(name -> Answers.json(status, ConversationJson.of(id, name, view)));
    }
}
