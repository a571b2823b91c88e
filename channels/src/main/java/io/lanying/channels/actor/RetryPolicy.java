package io.lanying.channels.actor;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a request waits before its next attempt: a random time between nothing and a bound that doubles with every failure
 * ("full jitter", which spreads a crowd best: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/),
 * never less than what the vendor asked for.
 *
 * @param min the bound after the first failure
 * @param max what the bound does not grow beyond
 */
record RetryPolicy(Duration min, Duration max) {

    /** No vendor's wish is followed further than an item can live. */
    static final Duration LONGEST_WISH = Duration.ofDays(28);

    private static final int MAX_DOUBLINGS = 30;

    /**
     * The wait after this many failures.
     *
     * @param failures at least 1
     */
    Duration delay(int failures, Duration asked, RandomGenerator random) {
        long bound = bound(failures).toMillis();
        Duration jittered = Duration.ofMillis(random.nextLong(bound + 1));
        Duration wish = wish(asked);
        return wish.compareTo(jittered) > 0 ? wish : jittered;
    }

    /** The longest that {@link #delay} waits of its own accord after this many failures. */
    Duration bound(int failures) {
        long factor = 1L << Math.min(Math.max(failures, 1) - 1, MAX_DOUBLINGS);
        return factor >= max.toMillis() / min.toMillis() + 1 ? max : least(min.multipliedBy(factor), max);
    }

    /** What the vendor asked for, made sane. */
    static Duration wish(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : least(asked, LONGEST_WISH);
    }

    static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
