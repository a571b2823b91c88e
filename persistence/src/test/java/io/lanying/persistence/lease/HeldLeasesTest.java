package io.lanying.persistence.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a machine's monotonic clock began to count. */
class HeldLeasesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -1_000, Long.MAX_VALUE - 5, Long.MIN_VALUE})
    void theTimeAloneEndsALease(long start) {
        AtomicLong clock = new AtomicLong(start);
        HeldLeases held = new HeldLeases(clock::get);
        held.add("s1");
        assertThat(held.holds("s1")).as("before a term").isFalse();

        held.prolong(held.now() + 10);
        assertThat(held.holds("s1")).isTrue();
        assertThat(held.holds("s2")).isFalse();
        clock.addAndGet(9);
        assertThat(held.holds("s1")).isTrue();
        assertThat(held.nanosLeft()).isEqualTo(1);

        clock.addAndGet(1);
        assertThat(held.holds("s1")).as("nothing has run but the time").isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5})
    void theNextTermHasNothingOfTheOneBefore(long start) {
        HeldLeases held = new HeldLeases(() -> start);
        held.prolong(held.now() + 10);
        held.add("s1");

        held.end();
        assertThat(held.holds("s1")).isFalse();
        held.prolong(held.now() + 10);
        assertThat(held.holds("s1")).isFalse();
    }
}
