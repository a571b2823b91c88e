package io.lanying.http.attachment;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what goes on at once on this node, in all and of each tenant, so that slow ones of one tenant leave room for others.
 * Thread-safe.
 */
final class TenantSlots {

    private final int max;
    private final int maxOfTenant;
    private final AtomicInteger taken;

    /** Holds only tenants that have a slot. */
    private final ConcurrentHashMap<String, Integer> ofTenants = new ConcurrentHashMap<>();

    /** @param gauge says how many are taken */
    TenantSlots(int max, int maxOfTenant, String gauge, MeterRegistry metrics) {
        this.max = max;
        this.maxOfTenant = maxOfTenant;
        this.taken = metrics.gauge(gauge, new AtomicInteger());
    }

    boolean isFull(String tenant) {
        return taken.get() >= max || ofTenants.getOrDefault(tenant, 0) >= maxOfTenant;
    }

    /** Takes one, whether there is one or not: for who has looked just before. */
    void take(String tenant) {
        taken.incrementAndGet();
        ofTenants.merge(tenant, 1, Integer::sum);
    }

    boolean takeIfFree(String tenant) {
        if (isFull(tenant)) {
            return false;
        }
        take(tenant);
        return true;
    }

    void release(String tenant) {
        taken.decrementAndGet();
        ofTenants.computeIfPresent(tenant, (id, held) -> held == 1 ? null : held - 1);
    }
}
