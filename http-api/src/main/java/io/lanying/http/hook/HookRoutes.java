package io.lanying.http.hook;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.path;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Scope;
import io.lanying.http.auth.Secrets;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.call.Access;
import io.lanying.http.call.Answers;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.http.outbound.WebhookSignature;
import io.lanying.http.tenant.TenantAnswers;
import io.lanying.protocol.address.AddressGuard;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply.MessageHookIs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/message-hook}: a tenant says whom to ask before its messages are accepted. */
public final class HookRoutes {

    private static final String PATH = "/v1/message-hook";
    private static final Access ADMIN = Access.scope(Scope.HOOKS_ADMIN);
    private static final int SECRET_BYTES = 32;
    private static final int LEAST_MILLIS = 100;
    private static final int MOST_MILLIS = 5_000;
    private static final int DEFAULT_MILLIS = 2_000;
    private static final TextRule SECRET =
            new TextRule(text -> WebhookSignature.secret(text).isPresent(), "whsec_ and 24 to 64 bytes in Base64");
    private static final TextRule ON_SILENCE =
            new TextRule(Set.of("allow", "refuse")::contains, "one of allow, refuse");

    private final Endpoints endpoints;
    private final TenantEntities tenants;
    private final TenantCache cache;
    private final Sealing sealing;
    private final AddressGuard guard;

    public HookRoutes(
            Endpoints endpoints, TenantEntities tenants, TenantCache cache, Sealing sealing, AddressGuard guard) {
        this.endpoints = endpoints;
        this.tenants = tenants;
        this.cache = cache;
        this.sealing = sealing;
        this.guard = guard;
    }

    /** Matches below {@code /v1}. */
    public Route route() {
        return path(
                "message-hook",
                () -> concat(
                        endpoints.put(PATH, ADMIN, this::put),
                        endpoints.get(PATH, ADMIN, this::show),
                        endpoints.delete(PATH, ADMIN, this::delete)));
    }

    /** @param secret absent: the one the hook has, or a new one */
    private record Wanted(String url, Optional<String> secret, int timeoutMillis, OnSilence onSilence) {

        @Override
        public String toString() {
            return "Wanted[" + timeoutMillis + " ms, " + onSilence + "]";
        }
    }

    /** @param secret only in the answer to the call that made it */
    private record HookJson(String url, int timeoutMillis, String onSilence, Instant putAt, Optional<String> secret) {}

    private CompletionStage<HttpResponse> put(Call call, JsonNode body) {
        byte[] fresh = Secrets.random(SECRET_BYTES);
        return endpoints.continued(call, read(body), wanted -> sealer(call)
                .thenCompose(sealer -> tenants.ask(
                        TenantAnswers.id(call.tenant()),
                        replyTo -> new TenantCommand.PutMessageHook(
                                print(sealer, MessageHook.URL, wanted.url().getBytes(StandardCharsets.UTF_8)),
                                wanted.secret()
                                        .flatMap(WebhookSignature::secret)
                                        .map(secret -> print(sealer, MessageHook.SECRET, secret)),
                                print(sealer, MessageHook.SECRET, fresh),
                                wanted.timeoutMillis(),
                                wanted.onSilence(),
                                replyTo)))
                .thenCompose(reply -> {
                    cache.forget(call.tenant());
                    return reply instanceof MessageHookIs is
                            ? CompletableFuture.completedFuture(stored(wanted, is, fresh))
                            : TenantAnswers.refused(endpoints, call, reply);
                }));
    }

    private static MessageHook.Print print(Sealer sealer, String field, byte[] clear) {
        return new MessageHook.Print(sealer.seal(MessageHook.ITEM, field, clear), sealer.fingerprint(clear));
    }

    private static HttpResponse stored(Wanted wanted, MessageHookIs is, byte[] fresh) {
        var secret = is.fresh() ? Optional.of(WebhookSignature.text(fresh)) : Optional.<String>empty();
        var answer = Answers.json(is.created() ? 201 : 200, json(wanted.url(), is.hook(), secret));
        return is.created() ? Answers.located(answer, PATH) : answer;
    }

    private static HookJson json(String url, MessageHook hook, Optional<String> secret) {
        return new HookJson(url, hook.timeoutMillis(), hook.onSilence().wireName(), hook.putAt(), secret);
    }

    private Checked<Wanted> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        String url = fields.requiredText("url", TextRule.ANY);
        if (!url.isEmpty()) {
            guard.fault(url).ifPresent(fault -> fields.error("url", "format", fault));
        }
        var secret = fields.text("secret", SECRET);
        int timeout =
                (int) fields.integer("timeoutMillis", LEAST_MILLIS, MOST_MILLIS).orElse(DEFAULT_MILLIS);
        var onSilence = fields.requiredText("onSilence", ON_SILENCE);
        fields.end();
        return errors.orElse(() -> new Wanted(url, secret, timeout, OnSilence.of(onSilence)));
    }

    private CompletionStage<HttpResponse> show(Call call) {
        return tenants.ask(TenantAnswers.id(call.tenant()), TenantCommand.GetMessageHook::new)
                .thenCompose(reply -> reply instanceof MessageHookIs is
                        ? shown(call, is.hook())
                        : TenantAnswers.refused(endpoints, call, reply));
    }

    private CompletionStage<HttpResponse> shown(Call call, MessageHook hook) {
        return sealer(call).thenApply(sealer -> {
            byte[] url =
                    sealer.open(MessageHook.ITEM, MessageHook.URL, hook.url().sealed());
            return Answers.json(200, json(new String(url, StandardCharsets.UTF_8), hook, Optional.empty()));
        });
    }

    private CompletionStage<HttpResponse> delete(Call call) {
        return tenants.ask(TenantAnswers.id(call.tenant()), TenantCommand.DeleteMessageHook::new)
                .thenCompose(reply -> {
                    cache.forget(call.tenant());
                    return TenantAnswers.deleted(endpoints, call, reply);
                });
    }

    private CompletionStage<Sealer> sealer(Call call) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(call.tenant(), Subject.TENANT));
    }
}
