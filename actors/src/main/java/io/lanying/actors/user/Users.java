package io.lanying.actors.user;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceKey;
import io.lanying.protocol.user.UserKey;

/** Makes users available through sharding. */
public final class Users {

    private Users() {}

    /** Starts the shard region of users. */
    public static void init(ClusterSharding sharding, Entities.Ports ports) {
        sharding.init(Entity.of(
                        UserKey.KEY,
                        entity -> UserEntity.create(
                                EntityId.parse(entity.getEntityId()),
                                entity.getShard(),
                                device -> sharding.entityRefFor(DeviceKey.KEY, device.toString()),
                                ports.reminders(),
                                ports.clock()))
                .withStopMessage(UserEntity.stopMessage()));
    }
}
