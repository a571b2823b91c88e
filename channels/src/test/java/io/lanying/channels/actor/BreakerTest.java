package io.lanying.channels.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final Breaker breaker = new Breaker(new Breaker.Limits(3, Duration.ofSeconds(1), Duration.ofSeconds(8)));
    private Instant now = Fixtures.NOON;

    @Test
    void itOpensOnlyAfterFailuresInARow() {
        breaker.failed(false, now);
        breaker.failed(false, now);
        breaker.succeeded();
        breaker.failed(false, now);
        breaker.failed(false, now);
        assertThat(breaker.allows(now)).isTrue();
        breaker.failed(false, now);
        assertThat(breaker.allows(now)).isFalse();
        assertThat(breaker.triesAt()).contains(now.plusSeconds(1));
    }

    @Test
    void oneTryAtATimeAndTheDelayDoublesUpToTheMost() {
        for (int i = 0; i < 3; i++) {
            breaker.failed(false, now);
        }
        for (int seconds : new int[] {1, 2, 4, 8, 8}) {
            now = now.plusSeconds(seconds).minusMillis(1);
            assertThat(breaker.allows(now)).isFalse();
            now = now.plusMillis(1);
            assertThat(breaker.allows(now)).isTrue();
            assertThat(breaker.started()).isTrue();
            assertThat(breaker.allows(now)).isFalse();
            breaker.failed(false, now); // from before it opened
            assertThat(breaker.allows(now)).isFalse();
            breaker.failed(true, now);
        }
        now = now.plusSeconds(8);
        breaker.started();
        breaker.released(true);
        assertThat(breaker.allows(now)).isTrue();
        breaker.started();
        breaker.succeeded();
        assertThat(breaker.allows(now)).isTrue();
        assertThat(breaker.started()).isFalse();
    }

    @Property
    void whileItIsOpenThereIsNeverMoreThanOneTry(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 3) Integer> steps) {
        int trying = 0;
        for (int step : steps) {
            now = now.plusMillis(400);
            if (step == 0 && breaker.allows(now)) {
                trying += breaker.started() ? 1 : 0;
            } else if (step == 1) {
                breaker.failed(trying > 0, now);
                trying = 0;
            } else if (step == 2 && !breaker.isOpen()) {
                breaker.failed(false, now);
            }
            assertThat(trying).isLessThanOrEqualTo(1);
            assertThat(breaker.isOpen() || breaker.allows(now)).isTrue();
        }
    }
}
