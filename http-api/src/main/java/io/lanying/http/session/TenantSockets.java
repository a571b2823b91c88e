package io.lanying.http.session;

import java.util.concurrent.ConcurrentHashMap;

/** How many sockets each tenant has on this node; tenants without any take no room. Thread-safe. */
final class TenantSockets {

    private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

    void opened(String tenant) {
        open.merge(tenant, 1, Integer::sum);
    }

    void ended(String tenant) {
        open.computeIfPresent(tenant, (any, count) -> count > 1 ? count - 1 : null);
    }

    int of(String tenant) {
        return open.getOrDefault(tenant, 0);
    }
}
