package io.lanying.actors.device;

import akka.persistence.typed.SnapshotAdapter;
import io.lanying.protocol.device.DeviceSnapshot;

/** A device's state is stored as the protocol's snapshot, and only so. */
final class DeviceSnapshots implements SnapshotAdapter<DeviceState> {

    @Override
    public Object toJournal(DeviceState state) {
        return state.toSnapshot();
    }

    @Override
    public DeviceState fromJournal(Object from) {
        return DeviceState.fromSnapshot((DeviceSnapshot) from);
    }
}
