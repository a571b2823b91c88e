package io.lanying.http.user;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.entity.UserEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.Refused;
import io.lanying.protocol.user.UserReply.Saved;
import io.lanying.protocol.user.UserReply.UserView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/users/{userId}}: a person's name and settings, and the person's erasure. */
public final class UserRoutes {

    private static final String ONE = "/v1/users/{userId}";
    private static final Access READ = Access.scope(Scope.USERS_READ);
    private static final Access WRITE = Access.scope(Scope.USERS_WRITE);
    private static final String NAME = "name";

    private final Endpoints endpoints;
    private final UserEntities users;
    private final Sealing sealing;
    private final Attachments attachments;

    public UserRoutes(Endpoints endpoints, UserEntities users, Sealing sealing, Attachments attachments) {
        this.endpoints = endpoints;
        this.users = users;
        this.sealing = sealing;
        this.attachments = attachments;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "users",
                () -> path(
                        segment(),
                        id -> concat(
                                endpoints.put(ONE, WRITE, (call, body) -> put(call, id, body)),
                                endpoints.get(ONE, READ, call -> show(call, id)),
                                endpoints.delete(ONE, WRITE, call -> delete(call, id)))));
    }

    private CompletionStage<HttpResponse> put(Call call, String id, JsonNode body) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(
                    call, Problem.of(ErrorCode.INVALID_REQUEST, "a user id is " + TextRule.ID.description()));
        }
        var user = new EntityId(call.tenant(), id);
        return endpoints.continued(call, UserBody.read(body), wanted -> name(user, wanted.name())
                .thenCompose(name -> users.ask(user, replyTo -> new UserCommand.Put(name, wanted.settings(), replyTo)))
                .thenCompose(reply -> answer(call, reply, Saved.class, saved -> {
                    var answer =
                            Answers.json(saved.created() ? 201 : 200, UserJson.of(id, wanted.name(), saved.user()));
                    return CompletableFuture.completedFuture(
                            saved.created() ? Answers.located(answer, "/v1/users/" + id) : answer);
                })));
    }

    private CompletionStage<Optional<UserName>> name(EntityId user, Optional<String> name) {
        if (name.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        byte[] clear = name.get().getBytes(StandardCharsets.UTF_8);
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(user.tenant(), Subject.ofUser(user.id())))
                .thenApply(sealer ->
                        Optional.of(new UserName(sealer.seal(user.id(), NAME, clear), sealer.fingerprint(clear))));
    }

    private CompletionStage<HttpResponse> show(Call call, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var user = new EntityId(call.tenant(), id);
        return users.ask(user, UserCommand.Get::new)
                .thenCompose(reply -> answer(call, reply, UserView.class, view -> Unavailable.when(
                                "keys cannot be read", () -> sealing.existing(user.tenant(), Subject.ofUser(user.id())))
                        .thenApply(sealer -> Answers.json(200, UserJson.of(id, opened(id, view, sealer), view)))));
    }

    /** A name whose key is gone is as good as none. */
    private static Optional<String> opened(String id, UserView view, Optional<Sealer> sealer) {
        return view.name()
                .flatMap(name -> sealer.flatMap(key -> {
                    try {
                        return Optional.of(new String(key.open(id, NAME, name.sealed()), StandardCharsets.UTF_8));
                    } catch (IllegalArgumentException otherKey) {
                        return Optional.empty();
                    }
                }));
    }

    /** The key goes first: vendor tokens that are registered meanwhile are then of the next one. */
    private CompletionStage<HttpResponse> delete(Call call, String id) {
        if (!EntityId.isValid(id)) {
            return endpoints.refuse(call, Problem.notFound());
        }
        var user = new EntityId(call.tenant(), id);
        return Unavailable.when(
                        "the key cannot be erased", () -> sealing.erase(user.tenant(), Subject.ofUser(user.id())))
                .thenCompose(done -> Unavailable.when(
                        "attachments cannot be removed", () -> attachments.removeOf(user.tenant(), user.id())))
                .thenCompose(done -> users.ask(user, UserCommand.Delete::new))
                .thenCompose(reply -> answer(
                        call,
                        reply,
                        UserReply.Deleted.class,
                        deleted -> CompletableFuture.completedFuture(Answers.noContent())));
    }

    private <R extends UserReply> CompletionStage<HttpResponse> answer(
            Call call, UserReply reply, Class<R> hopedFor, Function<R, CompletionStage<HttpResponse>> answer) {
        if (hopedFor.isInstance(reply)) {
            return answer.apply(hopedFor.cast(reply));
        }
        if (!(reply instanceof Refused refused)) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "a user answered with " + reply.getClass().getSimpleName()));
        }
        return endpoints.refuse(
                call,
                refused.code() == ErrorCode.NOT_FOUND
                        ? Problem.notFound()
                        : Problem.of(refused.code(), refused.detail()));
    }
}
