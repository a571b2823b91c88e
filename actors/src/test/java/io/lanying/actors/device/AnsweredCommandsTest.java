package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnsweredCommandsTest {

    private static final Instant START = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration KEPT = AnsweredCommands.KEPT_FOR;

    @Test
    void aKeyIsFoundForSevenDaysAndNotAMomentLonger() {
        var memory = AnsweredCommands.NONE.plus(answered(1, START));

        assertThat(memory.find("key-1", START.plus(KEPT).minusMillis(1))).isPresent();
        assertThat(memory.find("key-1", START.plus(KEPT))).isEmpty();
    }

    @Test
    void whatIsTooOldIsSweptOutWithLaterOnes() {
        var memory = AnsweredCommands.NONE;
        for (int i = 1; i <= 100; i++) {
            memory = memory.plus(answered(i, START.plusSeconds(i)));
        }

        assertThat(memory.plus(answered(101, START.plus(KEPT).plusSeconds(200))).size())
                .as("within the hour")
                .isEqualTo(101);
        var late = START.plus(KEPT).plus(Duration.ofMinutes(61));
        assertThat(memory.plus(answered(101, late)).toSnapshot())
                .extracting(Remembered::key)
                .containsExactly("key-101");
    }

    @Test
    void onlyWhatIsStillHonouredFillsTheMemory() {
        var memory = AnsweredCommands.NONE;
        for (int i = 1; i <= 10; i++) {
            memory = memory.plus(answered(i, START.plusSeconds(i)));
        }

        assertThat(memory.isFull(11, START.plusSeconds(10))).isFalse();
        assertThat(memory.isFull(10, START.plusSeconds(10))).isTrue();
        assertThat(memory.isFull(10, START.plus(KEPT))).isTrue();
        assertThat(memory.isFull(10, START.plus(KEPT).plusSeconds(1)))
                .as("the first is forgotten")
                .isFalse();
    }

    @Test
    void aKeyThatIsUsedAgainAfterItsTimeIsAnotherCommand() {
        var memory = AnsweredCommands.NONE
                .plus(answered(1, START))
                .plus(answered("key-1", 2, START.plus(KEPT).plusSeconds(1)));

        assertThat(memory.find("key-1", START.plus(KEPT).plusSeconds(2)))
                .map(Remembered::eventSeq)
                .contains(2L);
        assertThat(memory.withEnd("key-1", 1, Fate.EXPIRED)).isEqualTo(memory);
    }

    @Test
    void aSnapshotHoldsThemInOrder() {
        var memory = AnsweredCommands.NONE;
        for (int i = 1; i <= 50; i++) {
            memory = memory.plus(answered(i, START.plusSeconds(i)));
        }

        assertThat(memory.toSnapshot())
                .extracting(Remembered::eventSeq)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 50).mapToObj(i -> (long) i).toList());
        assertThat(AnsweredCommands.fromSnapshot(memory.toSnapshot())).isEqualTo(memory);
    }

    private static Remembered answered(int number, Instant at) {
        return answered("key-" + number, number, at);
    }

    private static Remembered answered(String key, long eventSeq, Instant at) {
        return new Remembered(
                key,
                "user:ada",
                "fingerprint",
                eventSeq,
                at,
                1,
                eventSeq,
                eventSeq,
                Optional.of(Fate.PENDING),
                Optional.empty());
    }
}
