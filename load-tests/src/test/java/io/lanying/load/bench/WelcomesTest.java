package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WelcomesTest {

    private static final long SINCE = 5_000_000_000L;

    private final Welcomes welcomes = new Welcomes(SINCE, 1_000);

    @Test
    void theTimeOf99Of100IsWhenTheyHadCome() {
        at(0.5, 600);
        at(2, 989);
        at(3, 990);
        at(3.5, 990);
        at(9, 1_000);
        assertThat(welcomes.seconds99()).isEqualTo(3);
        assertThat(welcomes.seconds()).isEqualTo(9);
    }

    @Test
    void theMostInASecondAreThoseOfAnySecond() {
        at(0.9, 100);
        at(1.1, 400);
        at(1.7, 500);
        at(2.0, 550);
        assertThat(welcomes.mostInASecond()).isEqualTo(500);
    }

    @Test
    void nobodyWelcomedIsNoTime() {
        assertThat(welcomes.seconds()).isZero();
        assertThat(welcomes.mostInASecond()).isZero();
    }

    private void at(double seconds, int welcomed) {
        welcomes.are(welcomed, SINCE + Math.round(seconds * 1e9));
    }
}
