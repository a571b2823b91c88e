package io.lanying.channels.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy POLICY = new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(60));

    @Test
    void theBoundDoublesUpToTheMost() {
        assertThat(POLICY.bound(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(POLICY.bound(2)).isEqualTo(Duration.ofSeconds(1));
        assertThat(POLICY.bound(7)).isEqualTo(Duration.ofSeconds(32));
        assertThat(POLICY.bound(8)).isEqualTo(Duration.ofSeconds(60));
        assertThat(POLICY.bound(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
    }

    @Property
    void aWaitIsNeverBeyondItsBoundNorBelowTheVendorsWish(
            @ForAll @IntRange(min = 1, max = 1_000) int failures,
            @ForAll @LongRange(min = -10, max = 10_000_000) long askedSeconds,
            @ForAll long seed) {
        Duration asked = Duration.ofSeconds(askedSeconds);
        Duration delay = POLICY.delay(failures, asked, new Random(seed));
        Duration wish = RetryPolicy.wish(asked);
        assertThat(delay).isBetween(Duration.ZERO, RetryPolicy.LONGEST_WISH);
        assertThat(delay).isGreaterThanOrEqualTo(wish);
        assertThat(delay).satisfiesAnyOf(wait -> assertThat(wait).isEqualTo(wish), wait -> assertThat(wait)
                .isLessThanOrEqualTo(POLICY.bound(failures)));
    }

    @Test
    void waitsAreSpreadOverTheWholeBound() {
        Random random = new Random(1);
        double mean = java.util.stream.IntStream.range(0, 10_000)
                .mapToLong(i -> POLICY.delay(8, Duration.ZERO, random).toMillis())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(29_000.0, 31_000.0);
    }
}
