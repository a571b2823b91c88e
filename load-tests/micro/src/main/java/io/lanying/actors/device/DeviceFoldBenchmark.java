package io.lanying.actors.device;

import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** What a device's recovery costs besides reading. */
public class DeviceFoldBenchmark extends ShortRun {

    private final List<DeviceEvent> events = attentive();
    private final DeviceSnapshot snapshot = fold(Samples.journal(900)).toSnapshot();

    /** 1,000 events of a device that acknowledges each push before the next. */
    @Benchmark
    public Object foldThousandEvents() {
        return fold(events);
    }

    /** The snapshot of a device with 900 open items. */
    @Benchmark
    public Object restoreSnapshot() {
        return DeviceState.fromSnapshot(snapshot);
    }

    private static DeviceState fold(List<DeviceEvent> events) {
        var state = DeviceState.initial();
        for (DeviceEvent event : events) {
            state = state.apply(event);
        }
        return state;
    }

    private static List<DeviceEvent> attentive() {
        var events = new ArrayList<DeviceEvent>(1_000);
        events.add(Samples.registered());
        events.add(new SessionAttached(Samples.AT, "session-1", 0));
        for (int number = 1; events.size() < 1_000; number++) {
            events.add(Samples.accepted(number, number - 1));
        }
        return events;
    }
}
