package io.lanying.actors;

import akka.actor.typed.RecipientRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;

/** Where devices are. */
@FunctionalInterface
public interface DeviceRefs {

    /** The device wherever it lives; telling it starts it. */
    RecipientRef<DeviceCommand> of(EntityId device);
}
