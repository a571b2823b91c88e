package io.lanying.http.channel;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
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
import io.lanying.http.call.Page;
import io.lanying.http.call.Parameters;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.Json;
import io.lanying.http.tenant.RequestKeys;
import io.lanying.http.tenant.TenantAnswers;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply.ChannelView;
import io.lanying.protocol.tenant.TenantReply.ChannelsAre;
import io.lanying.protocol.tenant.TenantReply.CredentialIs;
import io.lanying.protocol.tenant.TenantReply.CredentialRestored;
import io.lanying.protocol.tenant.TenantReply.CredentialStored;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/channels}: the tenant's credentials for the push vendors. A secret that went in never comes out. */
public final class ChannelRoutes {

    private static final String ALL = "/v1/channels";
    private static final String ONE = ALL + "/{channel}/{environment}";
    private static final String TEST = ONE + "/test";
    private static final String RESTORE = ONE + "/restore";
    private static final Access ADMIN = Access.scope(Scope.CHANNELS_ADMIN);

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final Sealing sealing;
    private final Vendors vendors;
    private final Clock clock;

    public ChannelRoutes(Endpoints endpoints, TenantEntities tenants, Sealing sealing, Vendors vendors, Clock clock) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.sealing = sealing;
        this.vendors = vendors;
        this.clock = clock;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return pathPrefix(
                "channels",
                () -> concat(
                        pathEnd(() -> endpoints.get(ALL, ADMIN, this::list)),
                        pathPrefix(segment().slash(segment()), this::one)));
    }

    private Route one(String channel, String environment) {
        return concat(
                pathEnd(() -> concat(
                        endpoints.put(
                                ONE,
                                ADMIN,
                                (call, body) -> named(call, channel, environment, id -> put(call, id, body))),
                        endpoints.get(ONE, ADMIN, call -> named(call, channel, environment, id -> show(call, id))),
                        endpoints.delete(
                                ONE, ADMIN, call -> named(call, channel, environment, id -> delete(call, id))))),
                path(
                        "test",
                        () -> endpoints.postOptional(
                                TEST,
                                ADMIN,
                                (call, body) -> named(call, channel, environment, id -> test(call, id, body)))),
                path(
                        "restore",
                        () -> endpoints.post(
                                RESTORE,
                                ADMIN,
                                (call, body) -> named(call, channel, environment, id -> restore(call, id, body)))));
    }

    private CompletionStage<HttpResponse> named(
            Call call, String channel, String environment, Function<ChannelId, CompletionStage<HttpResponse>> next) {
        return ChannelId.isValid(channel) && ChannelId.isValid(environment)
                ? next.apply(new ChannelId(channel, environment))
                : endpoints.refuse(call, Problem.notFound());
    }

    // --- put

    private CompletionStage<HttpResponse> put(Call call, ChannelId channel, JsonNode body) {
        if (!body.isObject()) {
            return endpoints.refuse(call, Problem.field(ErrorCode.INVALID_REQUEST, "", "type", "must be an object"));
        }
        byte[] credential = CanonicalJson.bytes(body);
        return vendors.check(call.tenant(), channel, credential)
                .thenCompose(checked ->
                        endpoints.continued(call, checked, verdict -> store(call, channel, credential, verdict)));
    }

    private CompletionStage<HttpResponse> store(Call call, ChannelId channel, byte[] credential, Verdict verdict) {
        return sealer(call)
                .thenCompose(sealer -> tenants.ask(
                        TenantAnswers.id(call.tenant()),
                        replyTo -> new TenantCommand.PutCredential(
                                channel,
                                sealer.seal(channel.toString(), "credential", credential),
                                sealer.fingerprint(credential),
                                verdict.summary(),
                                verdict.expiresAt(),
                                replyTo)))
                .thenCompose(reply -> reply instanceof CredentialStored stored
                        ? CompletableFuture.completedFuture(stored(channel, stored))
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    private HttpResponse stored(ChannelId channel, CredentialStored stored) {
        var answer = Answers.json(stored.created() ? 201 : 200, ChannelJson.of(stored.channel(), clock.instant()));
        return stored.created() ? Answers.located(answer, ALL + "/" + channel) : answer;
    }

    // --- look

    private CompletionStage<HttpResponse> show(Call call, ChannelId channel) {
        return withChannels(call, channels -> channels.stream()
                .filter(view -> view.channel().equals(channel))
                .findFirst()
                .<CompletionStage<HttpResponse>>map(view ->
                        CompletableFuture.completedFuture(Answers.json(200, ChannelJson.of(view, clock.instant()))))
                .orElseGet(() -> endpoints.refuse(call, Problem.notFound())));
    }

    private CompletionStage<HttpResponse> list(Call call) {
        var parameters = Parameters.of(call.request(), Set.of("cursor", "limit"));
        var ask = Page.ask(parameters);
        return endpoints.continued(
                call,
                parameters.orElse(() -> ask),
                page -> withChannels(
                        call,
                        channels -> CompletableFuture.completedFuture(Answers.json(200, pageOf(channels, page)))));
    }

    private Page<ChannelJson> pageOf(List<ChannelView> channels, Page.Ask page) {
        var rows = channels.stream()
                .sorted(Comparator.comparing(ChannelRoutes::keyOf))
                .filter(view -> page.after().isEmpty()
                        || keyOf(view).compareTo(page.after().get()) > 0)
                .toList();
        boolean more = rows.size() > page.limit();
        var shown = more ? rows.subList(0, page.limit()) : rows;
        return Page.of(
                shown,
                more ? Optional.of(keyOf(shown.get(shown.size() - 1))) : Optional.empty(),
                view -> ChannelJson.of(view, clock.instant()));
    }

    /** As an id, which is what cursors are made of. */
    private static String keyOf(ChannelView view) {
        return view.channel().channel() + "~" + view.channel().environment();
    }

    private CompletionStage<HttpResponse> withChannels(
            Call call, Function<List<ChannelView>, CompletionStage<HttpResponse>> answer) {
        return tenants.ask(TenantAnswers.id(call.tenant()), TenantCommand.GetChannels::new)
                .thenCompose(reply -> reply instanceof ChannelsAre are
                        ? answer.apply(are.channels())
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    // --- delete, restore, test

    private CompletionStage<HttpResponse> delete(Call call, ChannelId channel) {
        return tenants.ask(
                        TenantAnswers.id(call.tenant()),
                        replyTo -> new TenantCommand.DeleteCredential(channel, replyTo))
                .thenCompose(reply -> TenantAnswers.deleted(endpoints, call, reply));
    }

    private record Restoring(String channel, String environment, long version) {}

    private CompletionStage<HttpResponse> restore(Call call, ChannelId channel, JsonNode body) {
        return endpoints.continued(
                call,
                call.idempotencyKey(),
                key -> endpoints.continued(call, read(channel, body), asked -> restore(call, channel, key, asked)));
    }

    private static Checked<Restoring> read(ChannelId channel, JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var restoring = new Restoring(
                channel.channel(), channel.environment(), fields.requiredInteger("version", 1, Long.MAX_VALUE));
        fields.end();
        return errors.orElse(() -> restoring);
    }

    private CompletionStage<HttpResponse> restore(Call call, ChannelId channel, String key, Restoring asked) {
        return sealer(call)
                .thenCompose(sealer -> tenants.ask(
                        TenantAnswers.id(call.tenant()),
                        replyTo -> new TenantCommand.RestoreCredential(
                                channel,
                                asked.version(),
                                RequestKeys.of("c", call.tenant(), key),
                                sealer.fingerprint(Json.bytes(asked)),
                                replyTo)))
                .thenCompose(reply -> reply instanceof CredentialRestored restored
                        ? CompletableFuture.completedFuture(Answers.replayed(
                                Answers.json(
                                        201,
                                        new Restoring(channel.channel(), channel.environment(), restored.version())),
                                restored.repeated()))
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    private record ProblemJson(String pointer, String code, String detail) {}

    private record TestJson(long version, boolean works, String summary, List<ProblemJson> problems) {}

    private CompletionStage<HttpResponse> test(Call call, ChannelId channel, JsonNode body) {
        var errors = new FieldErrors();
        Fields.root(body, errors).end();
        return endpoints.continued(call, errors.orElse(() -> channel), any -> tenants.ask(
                        TenantAnswers.id(call.tenant()), replyTo -> new TenantCommand.GetCredential(channel, replyTo))
                .thenCompose(reply -> reply instanceof CredentialIs is
                        ? tryOut(call, is)
                        : TenantAnswers.refused(endpoints, call, reply)));
    }

    private CompletionStage<HttpResponse> tryOut(Call call, CredentialIs is) {
        return vendors.tryOut(call.tenant(), is.credential())
                .thenCompose(checked -> endpoints.continued(
                        call,
                        checked,
                        verdict -> CompletableFuture.completedFuture(Answers.json(
                                200,
                                new TestJson(
                                        is.credential().version(),
                                        verdict.isGood(),
                                        is.credential().summary(),
                                        verdict.problems().stream()
                                                .map(ChannelRoutes::json)
                                                .toList())))));
    }

    private static ProblemJson json(CredentialCheck.Problem problem) {
        return new ProblemJson(problem.pointer(), problem.code(), problem.detail());
    }

    private CompletionStage<Sealer> sealer(Call call) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(call.tenant(), Subject.TENANT));
    }
}
