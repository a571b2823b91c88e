package io.lanying.http.conversation;

import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.TextRule;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.GetMembership;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Membership;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.sealing.Sealing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/users/{userId}/conversations}: the registry says which, and each of a page is asked for what is unread and for its last
 * message, {@value #AT_ONCE} at a time. One that cannot be asked fails the page: repeat.
 */
public final class ListRoutes {

    static final int AT_ONCE = 8;

    private static final String ALL = "/v1/users/{userId}/conversations";
    private static final TextRule VERSION = TextRule.matching("[0-9]{1,15}");

    /** Rows are written with the time of their nodes, and may take a moment: what changed so long before is told again. */
    private static final Duration OVERLAP = Duration.ofSeconds(60);

    /** @param version what to give as {@code since} for what changes from now on */
    private record ListJson(
            List<ListItemJson> items,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String nextCursor,

            String version) {}

    private final Endpoints endpoints;
    private final ConversationEntities conversations;
    private final RegistryQueries registry;
    private final ContentSeals seals;
    private final Clock clock;

    public ListRoutes(
            Endpoints endpoints,
            ConversationEntities conversations,
            RegistryQueries registry,
            Sealing sealing,
            Clock clock) {
        this.endpoints = endpoints;
        this.conversations = conversations;
        this.registry = registry;
        this.seals = new ContentSeals(sealing);
        this.clock = clock;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "users",
                () -> path(
                        segment().slash("conversations"),
                        userId -> endpoints.get(ALL, ConversationRoutes.READ, call -> list(call, userId))));
    }

    private CompletionStage<HttpResponse> list(Call call, String userId) {
        if (!EntityId.isValid(userId)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit", "since"));
        var ask = Page.ask(parameters);
        var since = parameters.text("since", VERSION).map(version -> Instant.ofEpochMilli(Long.parseLong(version)));
        return endpoints.continued(call, parameters.orElse(() -> ask), page -> list(call, userId, page, since));
    }

    private CompletionStage<HttpResponse> list(Call call, String userId, Page.Ask page, Optional<Instant> since) {
        var version = clock.instant().minus(OVERLAP);
        return Unavailable.when(
                        "the registry cannot be read",
                        () -> registry.conversations(call.tenant(), userId, since, page.after(), page.limit()))
                .thenCompose(rows -> items(call.tenant(), userId, rows.rows(), since.isPresent())
                        .thenApply(items -> {
                            var shown = Page.of(items, rows.next(), item -> item);
                            return Answers.json(
                                    200,
                                    new ListJson(
                                            shown.items(), shown.nextCursor(), Long.toString(version.toEpochMilli())));
                        }));
    }

    private CompletionStage<List<ListItemJson>> items(
            String tenant, String userId, List<MemberRow> rows, boolean alsoLeft) {
        CompletionStage<List<ListItemJson>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int from = 0; from < rows.size(); from += AT_ONCE) {
            var some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
            all = all.thenCompose(
                    before -> together(tenant, userId, some, alsoLeft).thenApply(more -> {
                        before.addAll(more);
                        return before;
                    }));
        }
        return all;
    }

    private CompletionStage<List<ListItemJson>> together(
            String tenant, String userId, List<MemberRow> rows, boolean alsoLeft) {
        CompletionStage<List<ListItemJson>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (var item :
                rows.stream().map(row -> item(tenant, userId, row, alsoLeft)).toList()) {
            all = all.thenCombine(item, (items, found) -> {
                found.ifPresent(items::add);
                return items;
            });
        }
        return all;
    }

    private CompletionStage<Optional<ListItemJson>> item(
            String tenant, String userId, MemberRow row, boolean alsoLeft) {
        var left = alsoLeft ? Optional.of(ListItemJson.left(row)) : Optional.<ListItemJson>empty();
        if (row.gone()) {
            return CompletableFuture.completedFuture(left);
        }
        return conversations
                .ask(new EntityId(tenant, row.conversationId()), replyTo -> new GetMembership(userId, replyTo))
                .thenCompose(reply -> item(tenant, row, reply, left));
    }

    /** The conversation knows better than a row that is just being written. */
    private CompletionStage<Optional<ListItemJson>> item(
            String tenant, MemberRow row, ConversationReply reply, Optional<ListItemJson> left) {
        if (reply instanceof Membership membership) {
            return shown(tenant, row, membership).thenApply(Optional::of);
        }
        if (reply instanceof Refused refused
                && (refused.code() == ErrorCode.NOT_FOUND || refused.code() == ErrorCode.NOT_A_MEMBER)) {
            return CompletableFuture.completedFuture(left);
        }
        return CompletableFuture.failedFuture(
                reply instanceof Refused
                        ? new Unavailable("a conversation cannot be asked just now")
                        : new IllegalStateException("a conversation answered with "
                                + reply.getClass().getSimpleName()));
    }

    private CompletionStage<ListItemJson> shown(String tenant, MemberRow row, Membership membership) {
        String id = row.conversationId();
        return seals.open(tenant, id, membership.conversation().name())
                .thenCombine(
                        seals.open(tenant, id, membership.last().stream().toList()),
                        (name, messages) -> ListItemJson.of(
                                row, membership, name, messages.stream().findFirst()));
    }
}
