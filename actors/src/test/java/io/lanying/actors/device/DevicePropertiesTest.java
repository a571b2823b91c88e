package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.actors.device.SimulatedDevice.Act;
import io.lanying.actors.device.SimulatedDevice.Step;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.ItemKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random commands at random times against the pure device, an oracle of its events, and the app that is connected. */
class DevicePropertiesTest {

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Act> act = Arbitraries.frequency(
                Tuple.of(12, Act.PUSH),
                Tuple.of(6, Act.ACK),
                Tuple.of(4, Act.ATTACH),
                Tuple.of(2, Act.DETACH),
                Tuple.of(3, Act.CANCEL),
                Tuple.of(2, Act.OPEN),
                Tuple.of(1, Act.UNREADABLE),
                Tuple.of(2, Act.WAKE),
                Tuple.of(1, Act.FLUSH_ACK),
                Tuple.of(2, Act.REDELIVERY_ASKED),
                Tuple.of(2, Act.REDELIVERY_FOUND),
                Tuple.of(1, Act.REGISTER),
                Tuple.of(1, Act.DELETE),
                Tuple.of(9, Act.NEWS),
                Tuple.of(3, Act.SILENCE),
                Tuple.of(2, Act.READ_SET_ASIDE),
                Tuple.of(1, Act.CRASH));
        Arbitrary<Duration> pause = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.integers().between(0, 900).map(Duration::ofMillis)),
                Tuple.of(2, Arbitraries.integers().between(1, 60).map(Duration::ofMinutes)),
                Tuple.of(1, Arbitraries.integers().between(1, 8).map(Duration::ofDays)),
                Tuple.of(1, Arbitraries.integers().between(1, 300).map(s -> Duration.ofSeconds(-s))));
        return Combinators.combine(act, Arbitraries.integers().between(0, 9_999), pause)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    /** All that is checked after every event and every hand-out is in {@link SimulatedDevice}. */
    @Property(tries = 1_000)
    void everyNumberIsHandedOutOrGoneOnceAndInOrder(@ForAll("steps") List<Step> steps) {
        var device = new SimulatedDevice();
        steps.forEach(device::run);

        device.connectAndAcknowledgeAll();
    }

    @Property(tries = 500)
    void theFoldFromAnySnapshotIsTheState(@ForAll("steps") List<Step> steps) {
        var device = new SimulatedDevice();
        steps.forEach(device::run);

        var fold = DeviceFold.initial();
        for (int n = 0; n < device.states.size(); n++) {
            var expected = device.states.get(n);
            assertThat(DeviceState.fromSnapshot(expected.toSnapshot())).isEqualTo(expected);
            assertThat(fold.toSnapshot()).isEqualTo(expected.toSnapshot());
            if (n < device.events.size()) {
                var next = DeviceState.fromSnapshot(expected.toSnapshot()).apply(device.events.get(n));
                assertThat(next).isEqualTo(device.states.get(n + 1));
                fold = fold.apply(device.events.get(n));
            }
        }
    }

    @Property(tries = 500)
    void oneKeyIsOneItemWithinSevenDays(@ForAll("steps") List<Step> steps) {
        var device = new SimulatedDevice();
        steps.forEach(device::run);

        var last = new HashMap<String, Instant>();
        Instant before = Instant.MIN;
        for (DeviceEvent event : device.events) {
            assertThat(event.at()).isAfterOrEqualTo(before);
            before = event.at();
            if (event instanceof ItemAccepted accepted && accepted.kind() == ItemKind.PUSH) {
                Instant earlier = last.put(accepted.id(), accepted.at());
                assertThat(earlier == null
                                || Duration.between(earlier, accepted.at()).compareTo(Duration.ofDays(7)) >= 0)
                        .isTrue();
            }
        }
    }
}
