package io.lanying.http.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One token bucket for each key, for at most {@code maxKeys} keys: the least used are forgotten first, which makes them
 * full again. Thread-safe.
 */
public final class KeyedBuckets {

    private final LoadingCache<String, TokenBucket> buckets;

    public KeyedBuckets(double perSecond, double burst, int maxKeys, LongSupplier nanoTime) {
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .executor(Runnable::run)
                .build(key -> new TokenBucket(perSecond, burst, nanoTime));
    }

    /** Takes one token of a key: zero if there was one, else how long until there is. */
    public Duration take(String key) {
        return buckets.get(key).take();
    }

    /** How long until there is a token; zero if there is one now. Takes none. */
    public Duration peek(String key) {
        var bucket = buckets.getIfPresent(key);
        return bucket == null ? Duration.ZERO : bucket.peek();
    }
}
