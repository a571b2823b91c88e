package io.lanying.http.outbound;

import io.lanying.protocol.address.AddressGuard;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Looks names up through the guard, each once at a time, and at most {@value #MAX} at a time: a stranger's name server may take
 * as long as it likes. Thread-safe.
 */
final class Lookups {

    static final int MAX = 8;

    private final AddressGuard guard;
    private final Executor blocking;
    private final ConcurrentHashMap<String, CompletableFuture<InetSocketAddress>> underWay = new ConcurrentHashMap<>();

    Lookups(AddressGuard guard, Executor blocking) {
        this.guard = guard;
        this.blocking = blocking;
    }

    /** The address to connect to. A failed stage: {@link AddressRefused}, or the name means nothing, or too many are looked up. */
    CompletionStage<InetSocketAddress> lookUp(String host, int port) {
        String key = host + ":" + port;
        var promise = new CompletableFuture<InetSocketAddress>();
        var other = underWay.putIfAbsent(key, promise);
        if (other != null) {
            return other;
        }
        if (underWay.size() > MAX) {
            underWay.remove(key, promise);
            promise.completeExceptionally(new IllegalStateException("too many names are being looked up"));
            return promise;
        }
        blocking.execute(() -> {
            try {
                var found = guard.resolve(host, port);
                underWay.remove(key, promise);
                found.ifPresentOrElse(promise::complete, () -> promise.completeExceptionally(new AddressRefused()));
            } catch (UnknownHostException | RuntimeException e) {
                underWay.remove(key, promise);
                promise.completeExceptionally(e);
            }
        });
        return promise;
    }
}
