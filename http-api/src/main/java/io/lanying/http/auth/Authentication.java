package io.lanying.http.auth;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.OAuth2BearerToken;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds out who calls: the operator or the holder of an API key; nobody else, so a device's token opens no service route.
 *
 * <p>A source address that keeps failing is answered 429, see {@link CredentialGuard}.
 */
public final class Authentication {

    /** Compared with when there is no such key, so that the answer takes as long. */
    private static final String NO_HASH = Secrets.hash("");

    private final OperatorKey operator;
    private final TenantCache tenants;
    private final CredentialGuard guard;
    private final Clock clock;

    public Authentication(OperatorKey operator, TenantCache tenants, CredentialGuard guard, Clock clock) {
        this.operator = operator;
        this.tenants = tenants;
        this.guard = guard;
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
        var refusal = guard.refusalToAsk(source, key.tenant());
        if (refusal.isPresent()) {
            return done(Checked.refused(refusal.get()));
        }
        // Unknown here may only mean new: the key may have been made on another node a moment ago.
        return tenants.newer(key.tenant())
                .thenApply(view -> holder(key, view).map(Checked::ok).orElseGet(() -> failed(source)));
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
        return Checked.refused(guard.failed(source));
    }

    private static CompletionStage<Checked<Principal>> done(Checked<Principal> result) {
        return CompletableFuture.completedFuture(result);
    }
}
