package io.lanying.actors.token;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceKey;
import io.lanying.protocol.token.TokenOwnerKey;

/** Makes token owners available through sharding. */
public final class TokenOwners {

    private TokenOwners() {}

    /** Starts the shard region of token owners. */
    public static void init(ClusterSharding sharding, Entities.Ports ports) {
        sharding.init(Entity.of(
                        TokenOwnerKey.KEY,
                        entity -> TokenOwnerEntity.create(
                                EntityId.parse(entity.getEntityId()),
                                entity.getShard(),
                                device -> sharding.entityRefFor(DeviceKey.KEY, device.toString()),
                                ports.reminders(),
                                ports.clock()))
                .withStopMessage(TokenOwnerEntity.stopMessage()));
    }
}
