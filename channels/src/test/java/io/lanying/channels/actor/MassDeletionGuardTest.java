package io.lanying.channels.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MassDeletionGuardTest {

    private final MassDeletionGuard guard =
            new MassDeletionGuard(new MassDeletionGuard.Limits(50, 0.2, Duration.ofMinutes(1)));
    private Instant now = Fixtures.NOON;

    @Test
    void aFifthIsBelievedAndNotOneMore() {
        for (int i = 0; i < 40; i++) {
            assertThat(guard.record(false, now)).isFalse();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(guard.record(true, now)).isFalse();
        }
        assertThat(guard.isSuspicious()).isFalse();
        assertThat(guard.record(true, now)).isTrue();
        assertThat(guard.isSuspicious()).isTrue();
    }

    @Test
    void belowTheLeastNumberWithinTheWindowNothingIsConcluded() {
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(1_300);
            assertThat(guard.record(true, now)).isFalse();
        }
    }

    @Test
    void onceSuspiciousItWantsAWholeHealthyRoundHoweverLongItTakes() {
        for (int i = 0; i < 50; i++) {
            guard.record(true, now);
        }
        for (int i = 0; i < 49; i++) {
            now = now.plusSeconds(70);
            guard.record(i < 10, now);
            assertThat(guard.isSuspicious()).isTrue();
        }
        assertThat(guard.record(false, now)).isFalse();
        assertThat(guard.isSuspicious()).isFalse();
    }

    @Test
    void anUnhealthyRoundGivesAlarmAgain() {
        for (int i = 0; i < 50; i++) {
            guard.record(true, now);
        }
        for (int i = 0; i < 49; i++) {
            assertThat(guard.record(i < 11, now)).isFalse();
        }
        assertThat(guard.record(false, now)).isTrue();
        assertThat(guard.isSuspicious()).isTrue();
    }

    @Property
    void neverAreMoreBelievedThanPromised(@ForAll @Size(min = 60, max = 400) List<Boolean> results) {
        int believed = 0;
        for (boolean invalid : results) {
            guard.record(invalid, now);
            believed += invalid && !guard.isSuspicious() ? 1 : 0;
            assertThat(guard.isSuspicious() || believed <= Math.max(49, 0.2 * results.size()))
                    .isTrue();
        }
        assertThat(believed).isLessThanOrEqualTo((int) Math.max(49, 0.2 * results.size()));
    }
}
