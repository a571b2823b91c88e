package io.lanying.actors.device;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.registry.DeviceRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the registry says of a device in a given state. Pure. */
public final class DeviceRows {

    private DeviceRows() {}

    /** The row of a device with this state; marked as deleted if it is not registered. */
    public static DeviceRow of(EntityId device, DeviceSnapshot state) {
        return of(device, state.registration(), state.at(), state.eventSeq());
    }

    static DeviceRow of(EntityId device, Optional<Registration> registration, Instant at, long eventSeq) {
        return registration
                .map(known -> new DeviceRow(
                        device.tenant(),
                        device.id(),
                        known.userId(),
                        known.profile().platform(),
                        known.profile().alias(),
                        known.profile().tags(),
                        known.profile().locale(),
                        known.profile().timezone(),
                        known.profile().appVersion(),
                        known.registeredAt(),
                        eventSeq,
                        false))
                .orElseGet(() -> deleted(device, at, eventSeq));
    }

    private static DeviceRow deleted(EntityId device, Instant at, long eventSeq) {
        return new DeviceRow(
                device.tenant(),
                device.id(),
                Optional.empty(),
                "none",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                at,
                eventSeq,
                true);
    }
}
