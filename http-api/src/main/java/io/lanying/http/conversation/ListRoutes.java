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
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.sealing.Sealing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/users/{userId}/conversations}: the registry says which, and each of a page is asked for what is unread and for its last
 * message, {@value #AT_ONCE} at a time; all of them, if the newest are wanted first. One that cannot be asked fails the page: repeat.
 */
public final class ListRoutes {

    static final int AT_ONCE = 8;

    private static final String ALL = "/v1/users/{userId}/conversations";
    private static final String UNREADABLE = "the registry cannot be read";
    private static final TextRule ORDER = TextRule.matching("id|recent");
    private static final TextRule VERSION = TextRule.matching("[0-9]{1,15}");

    /** Rows are written with the time of their nodes, and may take a moment: what changed so long before is told again. */
    private static final Duration OVERLAP = Duration.ofSeconds(60);

    /** @param membership empty if the user is not in it any more */
    private record Found(MemberRow row, Optional<Membership> membership) {

        boolean pinned() {
            return membership.orElseThrow().member().pinned();
        }

        Instant newest() {
            var is = membership.orElseThrow();
            return is.last().map(StoredMessage::sentAt).orElse(is.member().joinedAt());
        }
    }

    private static final Comparator<Found> NEWEST_FIRST = Comparator.comparing(Found::pinned)
            .thenComparing(Found::newest)
            .reversed()
            .thenComparing(each -> each.row().conversationId());

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
    private final int maxOrdered;

    /** @param maxOrdered all of so many conversations are asked when the newest are wanted first; of more it is refused */
    public ListRoutes(
            Endpoints endpoints,
            ConversationEntities conversations,
            RegistryQueries registry,
            Sealing sealing,
            Clock clock,
            int maxOrdered) {
        this.endpoints = endpoints;
        this.conversations = conversations;
        this.registry = registry;
        this.seals = new ContentSeals(sealing);
        this.clock = clock;
        this.maxOrdered = maxOrdered;
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
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit", "since", "order"));
        var ask = Page.ask(parameters);
        var since = parameters.text("since", VERSION).map(version -> Instant.ofEpochMilli(Long.parseLong(version)));
        boolean recent =
                parameters.text("order", ORDER).filter("recent"::equals).isPresent();
        if (recent && (since.isPresent() || ask.after().isPresent())) {
            parameters.error("order", "combination", "recent goes with neither cursor nor since");
        }
        return endpoints.continued(
                call,
                parameters.orElse(() -> ask),
                page -> recent ? recent(call, userId, page.limit()) : byId(call, userId, page, since));
    }

    private CompletionStage<HttpResponse> byId(Call call, String userId, Page.Ask page, Optional<Instant> since) {
        var version = version();
        return Unavailable.when(
                        UNREADABLE,
                        () -> registry.conversations(call.tenant(), userId, since, page.after(), page.limit()))
                .thenCompose(rows -> found(call.tenant(), userId, rows.rows())
                        .thenCompose(found -> shown(call.tenant(), found, since.isPresent()))
                        .thenApply(items -> {
                            var shown = Page.of(items, rows.next(), item -> item);
                            return Answers.json(200, new ListJson(shown.items(), shown.nextCursor(), version));
                        }));
    }

    private CompletionStage<HttpResponse> recent(Call call, String userId, int limit) {
        var version = version();
        return Unavailable.when(
                        UNREADABLE,
                        () -> registry.conversations(
                                call.tenant(), userId, Optional.empty(), Optional.empty(), maxOrdered + 1))
                .thenCompose(rows -> rows.rows().size() > maxOrdered
                        ? endpoints.refuse(
                                call,
                                Problem.of(
                                        ErrorCode.LIMIT_REACHED,
                                        "of more than " + maxOrdered
                                                + " conversations there is no order but that of their ids"))
                        : found(call.tenant(), userId, rows.rows())
                                .thenCompose(found -> shown(call.tenant(), newest(found, limit), false))
                                .thenApply(items -> Answers.json(200, new ListJson(items, null, version))));
    }

    private static List<Found> newest(List<Found> found, int limit) {
        return found.stream()
                .filter(each -> each.membership().isPresent())
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList();
    }

    private String version() {
        return Long.toString(clock.instant().minus(OVERLAP).toEpochMilli());
    }

    private CompletionStage<List<Found>> found(String tenant, String userId, List<MemberRow> rows) {
        CompletionStage<List<Found>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int from = 0; from < rows.size(); from += AT_ONCE) {
            var some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
            all = all.thenCompose(before -> together(
                            some.stream().map(row -> ask(tenant, userId, row)).toList())
                    .thenApply(more -> {
                        before.addAll(more);
                        return before;
                    }));
        }
        return all;
    }

    private static <T> CompletionStage<List<T>> together(List<CompletionStage<T>> stages) {
        CompletionStage<List<T>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (CompletionStage<T> stage : stages) {
            all = all.thenCombine(stage, (results, result) -> {
                results.add(result);
                return results;
            });
        }
        return all;
    }

    /** The conversation knows better than a row that is just being written. */
    private CompletionStage<Found> ask(String tenant, String userId, MemberRow row) {
        if (row.gone()) {
            return CompletableFuture.completedFuture(new Found(row, Optional.empty()));
        }
        return conversations
                .ask(new EntityId(tenant, row.conversationId()), replyTo -> new GetMembership(userId, replyTo))
                .thenApply(reply -> new Found(row, membership(reply)));
    }

    private static Optional<Membership> membership(ConversationReply reply) {
        if (reply instanceof Membership membership) {
            return Optional.of(membership);
        }
        if (reply instanceof Refused refused
                && (refused.code() == ErrorCode.NOT_FOUND || refused.code() == ErrorCode.NOT_A_MEMBER)) {
            return Optional.empty();
        }
        throw reply instanceof Refused
                ? new Unavailable("a conversation cannot be asked just now")
                : new IllegalStateException(
                        "a conversation answered with " + reply.getClass().getSimpleName());
    }

    /** @param alsoLeft whether those are told of, too, which the user is not in any more */
    private CompletionStage<List<ListItemJson>> shown(String tenant, List<Found> found, boolean alsoLeft) {
        return together(found.stream()
                .filter(each -> alsoLeft || each.membership().isPresent())
                .map(each -> each.membership()
                        .map(membership -> shown(tenant, each.row(), membership))
                        .orElseGet(() -> CompletableFuture.completedFuture(ListItemJson.left(each.row()))))
                .toList());
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
