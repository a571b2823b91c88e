package io.lanying.http.auth;

import io.lanying.http.error.Problem;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * What a source address whose credentials keep failing still gets: 429 instead of 401, and for it hardly any entity is asked,
 * whatever the credential pretends to be. Thread-safe.
 *
 * <p>Its good credentials still work while their tenant is known on this node: a proxy's other clients do not suffer, and
 * 256-bit secrets are not guessed. What is limited is work.
 */
public final class CredentialGuard {

    private final TenantCache tenants;
    private final KeyedBuckets failures;
    private final KeyedBuckets strangers;

    /**
     * @param failures how many failed attempts each source address has
     * @param strangers how many tenants that nobody has heard of are asked for in all by addresses that keep failing
     */
    public CredentialGuard(TenantCache tenants, KeyedBuckets failures, KeyedBuckets strangers) {
        this.tenants = tenants;
        this.failures = failures;
        this.strangers = strangers;
    }

    /** The answer to a credential that is not valid: 401 or 429. */
    Problem failed(String source) {
        var wait = failures.take(source);
        return wait.isZero() ? Problem.of(ErrorCode.UNAUTHORIZED, "the credential is not valid") : tooMany(wait);
    }

    /** The refusal to ask a tenant about a credential that what is known of the tenant here does not bear out. */
    Optional<Problem> refusalToAsk(String source, String tenant) {
        var wait = failures.peek(source);
        return wait.isZero() || mayAsk(tenant) ? Optional.empty() : Optional.of(tooMany(wait));
    }

    /** Of an address that keeps failing: tenants that only were not asked for lately, and few that nobody has heard of. */
    private boolean mayAsk(String tenant) {
        return tenants.known(tenant).isEmpty()
                && (tenants.wasSeen(tenant) || strangers.take("").isZero());
    }

    private static Problem tooMany(Duration wait) {
        return Problem.of(ErrorCode.TOO_MANY_REQUESTS, "too many failed credentials from this address")
                .after(wait);
    }
}
