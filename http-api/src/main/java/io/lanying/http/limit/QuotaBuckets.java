package io.lanying.http.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One token bucket for each key, each with a rate of its own that may change: so many a second on average, and as many at
 * once. Another rate starts with a full bucket. At most {@code maxKeys} keys: the least used are forgotten first, which makes
 * them full again. Thread-safe.
 */
public final class QuotaBuckets {

    private final LongSupplier nanoTime;
    private final Cache<String, Rated> buckets;

    public QuotaBuckets(int maxKeys, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .executor(Runnable::run)
                .build();
    }

    /** Takes one token of a key: zero if there was one, else how long until there is. */
    public Duration take(String key, int perSecond) {
        var known = buckets.getIfPresent(key);
        var rated = known != null && known.perSecond == perSecond
                ? known
                : buckets.asMap().compute(key, (any, present) -> rated(present, perSecond));
        return rated.bucket.take();
    }

    private Rated rated(@Nullable Rated present, int perSecond) {
        return present != null && present.perSecond == perSecond
                ? present
                : new Rated(perSecond, new TokenBucket(perSecond, perSecond, nanoTime));
    }

    private record Rated(int perSecond, TokenBucket bucket) {}
}
