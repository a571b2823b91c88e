package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load generator's own figures are only worth something if it sees what is wrong. */
class LoadLoopTest {

    private static final List<String> DEVICES = List.of("d1", "d2", "d3");

    @Test
    void aClosedLoopCountsEverySendOnceAndAcknowledges() throws Exception {
        try (FakeLanying server = new FakeLanying(FakeLanying.Fault.NONE)) {
            LoadResult result = run(server, 0);

            assertThat(result.correct()).isTrue();
            assertThat(result.acceptedMeasured()).isPositive();
            assertThat(result.accepted()).isEqualTo(result.started());
            assertThat(result.deliverNanos().getTotalCount())
                    .isEqualTo(result.acceptNanos().getTotalCount());
            assertThat(server.acks()).isPositive();
        }
    }

    @Test
    void anOpenLoopSendsAtItsRate() throws Exception {
        try (FakeLanying server = new FakeLanying(FakeLanying.Fault.NONE)) {
            LoadResult result = run(server, 500);

            assertThat(result.correct()).isTrue();
            assertThat(result.acceptedPerSecond()).isBetween(400.0, 600.0);
        }
    }

    @Test
    void lostItemsAreCounted() throws Exception {
        assertThat(faulty(FakeLanying.Fault.LOSE_EVERY_TENTH).lost()).isPositive();
    }

    @Test
    void repeatedItemsAreCounted() throws Exception {
        assertThat(faulty(FakeLanying.Fault.REPEAT_EVERY_TENTH).repeated()).isPositive();
    }

    @Test
    void skippedNumbersAreCounted() throws Exception {
        assertThat(faulty(FakeLanying.Fault.SKIP_A_NUMBER).outOfOrder()).isPositive();
    }

    @Test
    void refusalsAreCountedAndLoseNothing() throws Exception {
        LoadResult result = faulty(FakeLanying.Fault.REFUSE_EVERY_TENTH);

        assertThat(result.refused()).isPositive();
        assertThat(result.accepted() + result.refused()).isEqualTo(result.started());
        assertThat(result.correct()).isTrue();
    }

    private static LoadResult faulty(FakeLanying.Fault fault) throws IOException {
        try (FakeLanying server = new FakeLanying(fault)) {
            return run(server, 0);
        }
    }

    private static LoadResult run(FakeLanying server, double rate) throws IOException {
        LoadPlan plan = new LoadPlan(
                4, rate, Duration.ofMillis(100), Duration.ofMillis(400), Duration.ofSeconds(rate == 0 ? 1 : 2));
        Requests requests = new Requests("localhost", "lk_x", DEVICES, "run", 300);
        try (LoadLoop loop = new LoadLoop(server.address(), plan, requests, new Silent())) {
            loop.connect(DEVICES);
            return loop.run();
        }
    }
}
