package io.lanying.actors.device;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import com.typesafe.config.Config;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceKey;

/** Makes devices available through sharding. */
public final class Devices {

    private Devices() {}

    /** Starts the shard region of devices; settings under {@code push.device}. */
    public static void init(ClusterSharding sharding, Config config, Entities.Ports ports) {
        var limits = DeviceLimits.from(config.getConfig("push.device"));
        var needs = new DeviceEntity.Ports(
                ports.journal(), ports.registry(), ports.reminders(), ports.channels(), ports.clock());
        sharding.init(Entity.of(
                        DeviceKey.KEY,
                        entity -> DeviceEntity.create(
                                EntityId.parse(entity.getEntityId()), entity.getShard(), needs, limits))
                .withStopMessage(new DeviceMessage.Stop()));
    }
}
