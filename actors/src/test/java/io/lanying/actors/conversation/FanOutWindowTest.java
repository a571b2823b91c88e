package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FanOutWindowTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final Duration TOO_LONG = FanOutWindow.SLOW.plusMillis(1);

    private final FanOutWindow window = new FanOutWindow();

    @Test
    void quickAnswersWidenItUpToItsMost() {
        answers(FanOutWindow.FIRST, FanOutWindow.QUICK, NOW);
        assertThat(window.size()).as("after one round trip").isEqualTo(2 * FanOutWindow.FIRST);
        answers(10_000, FanOutWindow.QUICK, NOW);
        assertThat(window.size()).isEqualTo(FanOutWindow.MOST);
    }

    @Test
    void answersThatAreNeitherQuickNorSlowLeaveIt() {
        answers(100, FanOutWindow.QUICK.plusMillis(1), NOW);
        answers(100, FanOutWindow.SLOW, NOW);
        assertThat(window.size()).isEqualTo(FanOutWindow.FIRST);
    }

    @Test
    void slowAnswersOfOneRoundTripHalveItOnce() {
        answers(FanOutWindow.FIRST, TOO_LONG, NOW);
        assertThat(window.size()).isEqualTo(FanOutWindow.FIRST / 2);
        answers(1, TOO_LONG, NOW.plus(TOO_LONG).plusMillis(1));
        assertThat(window.size()).as("asked after it was narrowed").isEqualTo(FanOutWindow.LEAST);
        answers(1, TOO_LONG, NOW.plusSeconds(10));
        assertThat(window.size()).isEqualTo(FanOutWindow.LEAST);
    }

    private void answers(int count, Duration took, Instant asked) {
        for (int i = 0; i < count; i++) {
            window.answered(asked, asked.plus(took));
        }
    }
}
