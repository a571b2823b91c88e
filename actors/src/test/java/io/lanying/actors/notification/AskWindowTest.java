package io.lanying.actors.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a model of a node that serves so many at once, each in the same time: what is beyond that waits. */
class AskWindowTest {

    private static final Duration PATIENCE = Duration.ofMillis(2);
    private static final double SERVICE_MILLIS = 2;
    private static final int CORES = 2;
    private static final int MOST = 16;

    private final AskWindow window = new AskWindow(MOST, PATIENCE);
    private final Random random = new Random(1);
    private double nowMillis;

    /** One answer after the other, as they come when {@code others} are being served besides. */
    private void answers(int count, double others) {
        for (int i = 0; i < count; i++) {
            double inService = window.size() + others;
            double took = SERVICE_MILLIS * Math.max(1, inService / CORES) * (1 + random.nextDouble() / 10);
            nowMillis += took / window.size() + window.pauseNanos((long) (took * 1e6)) / 1e6;
            window.answered((long) (nowMillis * 1e6), (long) (took * 1e6));
        }
    }

    @Test
    void growsUntilAnswersWaitAndNotFurther() {
        answers(500, 0);
        assertThat(window.size()).as("two wait as long as two are served").isBetween(3, 5);
        assertThat(window.pauseNanos(1_000)).isZero();
    }

    @Test
    void neverAsksMoreThanItMayAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            window.answered(i * 1_000_000L, 1_000_000);
        }
        assertThat(window.size()).isEqualTo(MOST);
    }

    @Test
    void givesWayToOtherWorkThatComesAndGrowsAgainWhenItGoes() {
        answers(500, 0);
        answers(100, 8);
        assertThat(window.size()).isEqualTo(1);
        assertThat(window.pauseNanos(1_000_000))
                .as("asks one, then nobody three times as long")
                .isBetween(2_900_000L, 3_000_001L);
        answers(500, 0);
        assertThat(window.size()).isBetween(3, 5);
        assertThat(window.pauseNanos(1_000_000)).isZero();
    }

    @Test
    void oneLateAnswerTellsNothingAndFourDo() {
        var narrow = new AskWindow(1, PATIENCE);
        long quick = Duration.ofMillis(2).toNanos();
        long late = Duration.ofMillis(300).toNanos();
        long now = 0;
        for (int i = 0; i < 8; i++) {
            narrow.answered(now += quick, quick);
        }
        for (int i = 1; i <= 4; i++) {
            narrow.answered(now += late, late);
            assertThat(narrow.pauseNanos(late) > 0).as("after " + i).isEqualTo(i == 4);
        }
    }

    @Test
    void workThatStaysIsMadeAtMostAQuarterSlower() {
        answers(500, 0);
        answers(2_000, 8);
        assertThat(window.size()).as("eight others and these").isBetween(2, 4);
    }

    @Test
    void asksOneAtATimeNowAndThenToLearnWhatAnAnswerTakes() {
        int slow = 0;
        for (int i = 0; i < 20_000; i++) {
            answers(1, 0);
            slow += window.size() == 1 ? 1 : 0;
        }
        double periods = nowMillis / AskWindow.BASE_KEPT.toMillis();
        assertThat(slow / periods).isBetween(AskWindow.PROBES - 1.0, AskWindow.PROBES + 6.0);
    }

    @Test
    void aSlowStoreIsNotTakenForABusyNode() {
        for (int i = 0; i < 1_000; i++) {
            long took = Duration.ofMillis(20 + random.nextInt(15)).toNanos();
            nowMillis += 5;
            window.answered((long) (nowMillis * 1e6), took);
        }
        assertThat(window.size()).isEqualTo(MOST);
    }

    @Test
    void whatIsSlowerForGoodIsNotTakenForWaiting() {
        answers(500, 0);
        double before = nowMillis;
        while (nowMillis - before < 2.5 * AskWindow.BASE_KEPT.toMillis()) {
            double took = 10 * SERVICE_MILLIS * Math.max(1, window.size() / (double) CORES);
            nowMillis += took / window.size() + window.pauseNanos((long) (took * 1e6)) / 1e6;
            window.answered((long) (nowMillis * 1e6), (long) (took * 1e6));
        }
        assertThat(window.size()).isGreaterThanOrEqualTo(2);
    }
}
