package io.lanying.actors.device;

import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceSnapshot;

/** A device's state as the fold of its first events, for those who only look: immutable, pure. */
public final class DeviceFold {

    private final DeviceState state;

    private DeviceFold(DeviceState state) {
        this.state = state;
    }

    /** Before the first event. */
    public static DeviceFold initial() {
        return new DeviceFold(DeviceState.initial());
    }

    /** After the events that the snapshot stands for. */
    public static DeviceFold of(DeviceSnapshot snapshot) {
        return new DeviceFold(DeviceState.fromSnapshot(snapshot));
    }

    /** After one more event. */
    public DeviceFold apply(DeviceEvent event) {
        return new DeviceFold(state.apply(event));
    }

    public DeviceSnapshot toSnapshot() {
        return state.toSnapshot();
    }
}
