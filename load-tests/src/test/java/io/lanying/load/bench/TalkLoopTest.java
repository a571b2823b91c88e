package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures of conversations are only worth something if the load generator sees what is wrong. */
class TalkLoopTest {

    private static final List<String> MEMBERS = List.of("d1", "d2", "d3");
    private static final int MESSAGES = 40;

    @Test
    void aMessageIsOnItsWayUntilTheLastMemberHasIt() throws Exception {
        try (FakeLanying server = new FakeLanying(FakeLanying.Fault.NONE);
                TalkLoop loop = connect(server)) {
            TalkLoop.Result quiet = loop.run(new TalkLoop.Plan(1, Duration.ofSeconds(20), MESSAGES));
            TalkLoop.Result busy = loop.run(new TalkLoop.Plan(4, Duration.ofSeconds(20), MESSAGES));

            assertThat(List.of(quiet, busy)).allSatisfy(result -> {
                assertThat(result.correct()).as(result.toString()).isTrue();
                assertThat(result.messages()).isEqualTo(MESSAGES);
                assertThat(result.lastNanos().getTotalCount()).isEqualTo(MESSAGES);
                assertThat(result.answerNanos().getTotalCount()).isEqualTo(MESSAGES);
            });
        }
    }

    @Test
    void theTimeEndsItToo() throws Exception {
        try (FakeLanying server = new FakeLanying(FakeLanying.Fault.NONE);
                TalkLoop loop = connect(server)) {
            TalkLoop.Result result = loop.run(new TalkLoop.Plan(2, Duration.ofMillis(200), Integer.MAX_VALUE));

            assertThat(result.correct()).isTrue();
            assertThat(result.seconds()).isBetween(0.2, 10.0);
        }
    }

    @Test
    void repeatedMessagesAreCounted() throws Exception {
        assertThat(faulty(FakeLanying.Fault.REPEAT_EVERY_TENTH).repeated()).isPositive();
    }

    @Test
    void skippedNumbersAreCounted() throws Exception {
        assertThat(faulty(FakeLanying.Fault.SKIP_A_NUMBER).outOfOrder()).isPositive();
    }

    @Test
    void lostMessagesAreCounted() throws Exception {
        TalkLoop.Result result = faulty(FakeLanying.Fault.LOSE_EVERY_TENTH);

        assertThat(result.lost()).isPositive();
        assertThat(result.correct()).isFalse();
    }

    @Test
    void whatIsRefusedForNowIsSaidAgain() throws Exception {
        TalkLoop.Result result = faulty(FakeLanying.Fault.REFUSE_EVERY_TENTH);

        assertThat(result.refused()).isPositive();
        assertThat(result.messages()).isEqualTo(MESSAGES);
        assertThat(result.correct()).isTrue();
    }

    private static TalkLoop.Result faulty(FakeLanying.Fault fault) throws IOException {
        try (FakeLanying server = new FakeLanying(fault);
                TalkLoop loop = connect(server)) {
            return loop.run(new TalkLoop.Plan(MESSAGES, Duration.ofSeconds(2), MESSAGES));
        }
    }

    private static TalkLoop connect(FakeLanying server) throws IOException {
        TalkRequests requests = new TalkRequests("localhost", "lk_x", "c1", "u1", 300);
        return new TalkLoop(server.address(), MEMBERS, requests, 4, Duration.ofSeconds(1));
    }
}
