package io.lanying.http.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply.Refused;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of tenants, under a lease: a view counts for {@code lease} from the moment it was asked for, so a
 * revoked key stops within that time everywhere. Used views are asked for again in the background; a tenant without a
 * valid lease that cannot be asked gives a failed stage (503). One question per tenant at a time; bounded. Thread-safe.
 */
public final class TenantCache {

    private static final double REREADS_PER_SECOND = 5;
    private static final double REREADS_AT_ONCE = 50;

    private final TenantEntities tenants;
    private final LongSupplier nanoTime;
    private final long leaseNanos;
    private final Cache<String, Held> held;
    private final KeyedBuckets rereads;

    /** Bounded by the node's admission of entity commands. */
    private final ConcurrentHashMap<String, CompletableFuture<Held>> asking = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();

    public TenantCache(TenantEntities tenants, Duration lease, int maxTenants, LongSupplier nanoTime) {
        this.tenants = tenants;
        this.nanoTime = nanoTime;
        this.leaseNanos = lease.toNanos();
        this.rereads = new KeyedBuckets(REREADS_PER_SECOND, REREADS_AT_ONCE, maxTenants, nanoTime);
        this.held = Caffeine.newBuilder()
                .maximumSize(maxTenants)
                .executor(Runnable::run)
                .build();
    }

    /** The tenant as it was at most a lease ago; empty if there is none. */
    public CompletionStage<Optional<TenantView>> view(String tenant) {
        var leased = leased(tenant);
        return leased != null
                ? CompletableFuture.completedFuture(leased.view)
                : ask(tenant).thenApply(Held::view);
    }

    /**
     * The tenant as it is now or later: asked after this call began, unless nothing was known of it before. Whoever asks for
     * one tenant too often, as with made-up key ids, gets what is known.
     */
    public CompletionStage<Optional<TenantView>> newer(String tenant) {
        var leased = leased(tenant);
        boolean wasKnown = leased != null;
        if (leased != null && !rereads.take(tenant).isZero()) {
            return CompletableFuture.completedFuture(leased.view);
        }
        var underWay = asking.get(tenant);
        // A question that is under way may have been answered before what the caller knows of happened.
        return underWay == null || !wasKnown
                ? ask(tenant).thenApply(Held::view)
                : underWay.handle((any, failure) -> failure == null)
                        .thenCompose(over -> ask(tenant))
                        .thenApply(Held::view);
    }

    /** What is known without asking; empty without a lease, or if the tenant does not exist. */
    public Optional<TenantView> known(String tenant) {
        var leased = leased(tenant);
        return leased == null ? Optional.empty() : leased.view;
    }

    /** Whether the tenant existed when it was last asked for, however long ago. */
    public boolean wasSeen(String tenant) {
        var last = held.getIfPresent(tenant);
        return last != null && last.view.isPresent();
    }

    /** The tenant was changed through this node: what is known of it no longer counts, only that it was there. */
    public void forget(String tenant) {
        changes.incrementAndGet();
        held.asMap().computeIfPresent(tenant, (id, known) -> new Held(known.view, nanoTime.getAsLong() - leaseNanos));
    }

    private @Nullable Held leased(String tenant) {
        var known = held.getIfPresent(tenant);
        if (known == null) {
            return null;
        }
        long age = nanoTime.getAsLong() - known.askedAt;
        if (age >= leaseNanos) {
            return null;
        }
        if (age >= leaseNanos / 3 && !asking.containsKey(tenant)) {
            // A refresh that fails is tried again at the next use; when the lease is over the caller hears of it.
            var unused = ask(tenant);
        }
        return known;
    }

    private CompletableFuture<Held> ask(String tenant) {
        var promise = new CompletableFuture<Held>();
        var underWay = asking.putIfAbsent(tenant, promise);
        if (underWay != null) {
            return underWay;
        }
        long askedAt = nanoTime.getAsLong();
        long changesBefore = changes.get();
        var unused = Unavailable.when(
                        "the tenant cannot be asked",
                        () -> tenants.ask(new EntityId(tenant, tenant), TenantCommand.Get::new))
                .thenApply(reply -> new Held(viewOf(reply), askedAt))
                .whenComplete((answer, failure) -> {
                    if (answer != null && changes.get() == changesBefore) {
                        held.put(tenant, answer);
                    }
                    asking.remove(tenant, promise);
                    if (answer != null) {
                        promise.complete(answer);
                    } else {
                        promise.completeExceptionally(failure);
                    }
                });
        return promise;
    }

    private static Optional<TenantView> viewOf(Object reply) {
        if (reply instanceof TenantView view) {
            return Optional.of(view);
        }
        if (reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND) {
            return Optional.empty();
        }
        throw new Unavailable("the tenant gave no view");
    }

    private record Held(Optional<TenantView> view, long askedAt) {}
}
