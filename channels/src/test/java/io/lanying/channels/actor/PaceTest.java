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

class PaceTest {

    private static final Pace.Limits LIMITS = new Pace.Limits(1_000, 1, 10, Duration.ofSeconds(1), Duration.ofHours(1));

    private Instant now = Fixtures.NOON;

    /** Starts whatever may start for this long; says how many did. */
    private int run(Pace pace, Duration time) {
        Instant end = now.plus(time);
        int started = 0;
        while (now.isBefore(end)) {
            while (pace.allows(now)) {
                pace.started(now);
                started++;
            }
            now = now.plusMillis(1);
        }
        return started;
    }

    @Test
    void itSendsNoFasterThanItMay() {
        assertThat(run(new Pace(LIMITS, now), Duration.ofSeconds(10))).isBetween(9_900, 10_200);
    }

    @Test
    void throttledItPausesThenSendsHalfAsFastAndSlowlyFaster() {
        Pace pace = new Pace(LIMITS, now);
        run(pace, Duration.ofSeconds(2));
        pace.throttled(now, Duration.ofSeconds(5));
        assertThat(run(pace, Duration.ofSeconds(5))).isZero();
        assertThat(run(pace, Duration.ofSeconds(1))).isBetween(400, 600);
        run(pace, Duration.ofSeconds(60));
        assertThat(pace.rate()).isEqualTo(1_000);
    }

    @Test
    void halvingStartsFromWhatWasSentNotFromWhatWasAllowed() {
        Pace pace = new Pace(LIMITS, now);
        for (int i = 0; i < 10; i++) {
            pace.started(now);
        }
        pace.throttled(now, Duration.ZERO);
        assertThat(pace.rate()).isEqualTo(5);
    }

    @Test
    void oneBurstOfThrottledAnswersHalvesOnce() {
        Pace pace = new Pace(LIMITS, now);
        run(pace, Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            pace.throttled(now, Duration.ZERO);
            now = now.plusMillis(5);
        }
        assertThat(pace.rate()).isBetween(400.0, 600.0);
    }

    @Test
    void noWishStopsItForEverAndNoThrottlingBelowTheLeast() {
        Pace pace = new Pace(LIMITS, now);
        pace.throttled(now, Duration.ofDays(28));
        assertThat(pace.opensAt(now)).isEqualTo(now.plus(Duration.ofHours(1)));
        for (int i = 0; i < 100; i++) {
            now = now.plusSeconds(2);
            pace.throttled(now, Duration.ZERO);
        }
        assertThat(pace.rate()).isGreaterThanOrEqualTo(1);
    }

    @Property
    void itOpensWhenItSays(@ForAll @Size(max = 60) List<@IntRange(min = 0, max = 3_000) Integer> steps) {
        Pace pace = new Pace(LIMITS, now);
        for (int step : steps) {
            if (step % 7 == 0) {
                pace.throttled(now, Duration.ofMillis(step));
            } else if (step % 3 == 0) {
                now = now.plusMillis(step);
            } else if (pace.allows(now)) {
                pace.started(now);
            }
            assertThat(pace.rate()).isBetween(1.0, 1_000.0);
            Instant opens = pace.opensAt(now);
            assertThat(pace.allows(now)).isEqualTo(!opens.isAfter(now));
            now = opens.isAfter(now) ? opens : now;
            assertThat(pace.allows(now)).isTrue();
        }
    }
}
