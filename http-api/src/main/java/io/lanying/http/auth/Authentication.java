package io.lanying.http.auth;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.OAuth2BearerToken;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds out who calls: the operator or the holder of an API key; nobody else, so a device's token opens no service route.
 *
 * <p>A source address that keeps failing is answered 429. Its good credentials still work while their tenant is known on
 * this node: a proxy's other clients do not suffer, and 256-bit secrets are not guessed. What is limited is work: for such
 * an address hardly any entity is asked.
 */
public final class Authentication {

    /** Compared with when there is no such key, so that the answer takes as long. */
    private static final String NO_HASH = Secrets.hash("");

    private final OperatorKey operator;
    private final TenantCache tenants;
    private final KeyedBuckets failures;
    private final KeyedBuckets strangers;
    private final Clock clock;

    /**
     * @param failures how many failed attempts each source address has
     * @param strangers how many tenants that nobody has heard of are asked for in all by addresses that keep failing
     */
    public Authentication(
            OperatorKey operator, TenantCache tenants, KeyedBuckets failures, KeyedBuckets strangers, Clock clock) {
        this.operator = operator;
        this.tenants = tenants;
        this.failures = failures;
        this.strangers = strangers;
        this.clock = clock;
    }

    /** The caller, or 401 or 429; a failed stage if the tenant cannot be asked. */
    public CompletionStage<Checked<Principal>> authenticate(HttpRequest request) {
        var credential = request.getHeader(Authorization.class).map(Authorization::credentials);
        if (credential.isEmpty()) {
            return done(Checked.refused(Problem.of(ErrorCode.UNAUTHORIZED, "this call needs a Bearer credential")));
        }
        String source = Sources.of(request);
        if (!(credential.get() instanceof OAuth2BearerToken bearer)) {
            return done(failed(source));
        }
        if (!bearer.token().startsWith(ApiKeyText.PREFIX)) {
            return done(operator.matches(bearer.token()) ? Checked.ok(Principal.OPERATOR) : failed(source));
        }
        var key = ApiKeyText.parse(bearer.token());
        return key.isEmpty() ? done(failed(source)) : verify(key.get(), source);
    }

    private CompletionStage<Checked<Principal>> verify(ApiKeyText key, String source) {
        var known = tenants.known(key.tenant());
        var principal = holder(key, known);
        if (principal.isPresent()) {
            return done(Checked.ok(principal.get()));
        }
        var wait = failures.peek(source);
        if (!wait.isZero() && !mayAsk(key.tenant(), known)) {
            return done(Checked.refused(tooMany(wait)));
        }
        // Unknown here may only mean new: the key may have been made on another node a moment ago.
        return tenants.newer(key.tenant())
                .thenApply(view -> holder(key, view).map(Checked::ok).orElseGet(() -> failed(source)));
    }

    /** Of an address that keeps failing: tenants that only were not asked for lately, and few that nobody has heard of. */
    private boolean mayAsk(String tenant, Optional<TenantView> known) {
        return known.isEmpty() && (tenants.wasSeen(tenant) || strangers.take("").isZero());
    }

    private Optional<Principal> holder(ApiKeyText presented, Optional<TenantView> tenant) {
        var stored = tenant.stream()
                .flatMap(view -> view.apiKeys().stream())
                .filter(key -> key.keyId().equals(presented.keyId()))
                .findFirst();
        boolean equal = Secrets.equal(
                Secrets.hash(presented.secret()), stored.map(ApiKey::secretHash).orElse(NO_HASH));
        return stored.filter(key -> equal)
                .filter(key -> key.expiresAt().isEmpty()
                        || clock.instant().isBefore(key.expiresAt().get()))
                .flatMap(key -> tenant.map(view -> Principal.apiKey(presented.tenant(), key, view)));
    }

    private Checked<Principal> failed(String source) {
        var wait = failures.take(source);
        return Checked.refused(
                wait.isZero() ? Problem.of(ErrorCode.UNAUTHORIZED, "the credential is not valid") : tooMany(wait));
    }

    private static Problem tooMany(Duration wait) {
        return Problem.of(ErrorCode.TOO_MANY_REQUESTS, "too many failed credentials from this address")
                .after(wait);
    }

    private static CompletionStage<Checked<Principal>> done(Checked<Principal> result) {
        return CompletableFuture.completedFuture(result);
    }
}
