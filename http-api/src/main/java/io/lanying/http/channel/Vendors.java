package io.lanying.http.channel;

import io.lanying.http.entity.Admission;
import io.lanying.http.error.Problem;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldError;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Has credentials checked and tried, with bounds on what that costs: reading a key takes time, asking a vendor takes longer.
 * Thread-safe.
 */
public final class Vendors {

    /** Shorter than a request may take. */
    private static final int TRY_SECONDS = 15;

    private final CredentialCheck check;
    private final KeyedBuckets rates;
    private final Admission tries;
    private final Executor blocking;

    /**
     * @param rates how many checks and tries each tenant has
     * @param tries how many tries are under way on this node
     * @param blocking where reading a key may take its time
     */
    public Vendors(CredentialCheck check, KeyedBuckets rates, Admission tries, Executor blocking) {
        this.check = check;
        this.rates = rates;
        this.tries = tries;
        this.blocking = blocking;
    }

    /** What can be known of a credential without the vendor, or why it cannot be used: 422, or 429. */
    CompletionStage<Checked<Verdict>> check(String tenant, ChannelId channel, byte[] credential) {
        return limited(tenant)
                .fold(
                        go -> CompletableFuture.supplyAsync(() -> checked(channel, credential), blocking)
                                .thenApply(Vendors::usable),
                        problem -> CompletableFuture.completedFuture(Checked.refused(problem)));
    }

    /** What the vendor says to it, or 429; a failed stage if nobody answers in time. */
    CompletionStage<Checked<Verdict>> tryOut(String tenant, ChannelCredential credential) {
        return limited(tenant)
                .fold(
                        go -> Unavailable.when(
                                "the vendor cannot be asked",
                                () -> tries.admit(() -> check.tryOut(tenant, credential)
                                        .toCompletableFuture()
                                        .copy()
                                        .orTimeout(TRY_SECONDS, TimeUnit.SECONDS)
                                        .thenApply(Checked::ok))),
                        problem -> CompletableFuture.completedFuture(Checked.refused(problem)));
    }

    /** What goes wrong inside a vendor's library may quote the credential: neither its words nor its cause go any further. */
    private Verdict checked(ChannelId channel, byte[] credential) {
        try {
            return check.check(channel, credential);
        } catch (RuntimeException bug) {
            throw new IllegalStateException("the check of a credential for " + channel + " failed with "
                    + bug.getClass().getName());
        }
    }

    private Checked<Boolean> limited(String tenant) {
        var wait = rates.take(tenant);
        return wait.isZero()
                ? Checked.ok(true)
                : Checked.refused(
                        Problem.of(ErrorCode.TOO_MANY_REQUESTS, "the tenant's credentials are put or tried too often")
                                .after(wait));
    }

    private static Checked<Verdict> usable(Verdict verdict) {
        return verdict.isGood()
                ? Checked.ok(verdict)
                : Checked.refused(Problem.fields(
                        ErrorCode.INVALID_CREDENTIAL,
                        verdict.problems().stream()
                                .map(problem -> new FieldError(problem.pointer(), problem.code(), problem.detail()))
                                .toList()));
    }
}
