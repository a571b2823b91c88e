package io.lanying.http.session;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceKey;

/** The way to a device wherever it lives. At most once: what must arrive is answered, and repeated until it is. */
@FunctionalInterface
interface DeviceRefs {

    void tell(EntityId device, DeviceCommand command);

    /** Through cluster sharding. */
    static DeviceRefs sharded(ActorSystem<?> system) {
        ClusterSharding sharding = ClusterSharding.get(system);
        return (device, command) ->
                sharding.entityRefFor(DeviceKey.KEY, device.toString()).tell(command);
    }
}
