package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.EntityId;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotPaceTest {

    @Test
    void devicesThatGetTheSameDoNotWriteSnapshotsTogether() {
        var paces = IntStream.range(0, 1_000)
                .map(i -> DeviceBehavior.snapshotEvery(new EntityId("acme", "device-" + i)))
                .boxed()
                .toList();

        assertThat(paces).allSatisfy(pace -> assertThat(pace).isBetween(375, 624));
        assertThat(paces.stream()
                        .collect(Collectors.groupingBy(pace -> pace, Collectors.counting()))
                        .values())
                .allSatisfy(together -> assertThat(together).isLessThanOrEqualTo(20));
    }
}
