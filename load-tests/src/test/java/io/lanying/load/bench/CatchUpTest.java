package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What devices catch up is only worth something if what is wrong with it is seen. */
class CatchUpTest {

    private static final List<String> DEVICES = List.of("d1", "d2", "d3");
    private static final int PUSHES = 60;

    @Test
    void allThatWaitedIsTakenOnceAndAcknowledged() throws Exception {
        CatchUp.Result result = caughtUp(FakeLanying.Fault.NONE);

        assertThat(result.correct()).as(result.faults()).isTrue();
        assertThat(result.items()).isEqualTo(PUSHES);
        assertThat(result.helloNanos().getTotalCount()).isEqualTo(DEVICES.size());
        assertThat(result.seconds()).isGreaterThanOrEqualTo(result.welcomedSeconds());
    }

    @Test
    void aStormWithoutItemsEndsWhenAllAreWelcomed() throws Exception {
        CatchUp.Result result = caughtUp(FakeLanying.Fault.NONE, 0);

        assertThat(result.correct()).isTrue();
        assertThat(result.seconds()).isPositive().isEqualTo(result.welcomedSeconds());
    }

    @Test
    void whoIsRefusedComesAgain() throws Exception {
        CatchUp.Result result = caughtUp(FakeLanying.Fault.REFUSE_FIRST_UPGRADE);

        assertThat(result.refused()).isEqualTo(1);
        assertThat(result.correct()).as(result.faults()).isTrue();
    }

    @Test
    void lostItemsAreCounted() throws Exception {
        assertThat(caughtUp(FakeLanying.Fault.LOSE_EVERY_TENTH).lost()).isEqualTo(PUSHES / 10);
    }

    @Test
    void repeatedItemsAreCounted() throws Exception {
        assertThat(caughtUp(FakeLanying.Fault.REPEAT_EVERY_TENTH).repeated()).isPositive();
    }

    @Test
    void skippedNumbersAreCounted() throws Exception {
        assertThat(caughtUp(FakeLanying.Fault.SKIP_A_NUMBER).outOfOrder()).isPositive();
    }

    @Test
    void whatComesAgainAfterItsAcknowledgementIsCounted() throws Exception {
        CatchUp.Result result = caughtUp(FakeLanying.Fault.FORGET_ACKS);

        assertThat(result.repeated()).isEqualTo(PUSHES);
        assertThat(result.unacknowledged()).isEqualTo(PUSHES);
    }

    private static CatchUp.Result caughtUp(FakeLanying.Fault fault) throws IOException {
        return caughtUp(fault, PUSHES);
    }

    private static CatchUp.Result caughtUp(FakeLanying.Fault fault, int pushes) throws IOException {
        try (FakeLanying server = new FakeLanying(fault)) {
            Messages messages = new Messages();
            Requests requests = new Requests("localhost", "lk_x", DEVICES, "run", 300);
            LoadPlan plan = LoadPlan.toAway(2, 0, pushes);
            try (LoadLoop loop = new LoadLoop(server.address(), plan, requests, new Silent(), messages)) {
                assertThat(loop.run().accepted()).isEqualTo(pushes);
            }
            Duration limit = Duration.ofSeconds(fault == FakeLanying.Fault.LOSE_EVERY_TENTH ? 1 : 20);
            try (CatchUp catchUp = new CatchUp(server.address(), DEVICES, messages)) {
                return catchUp.run(limit, new Silent());
            }
        }
    }
}
