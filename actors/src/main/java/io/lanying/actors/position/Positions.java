package io.lanying.actors.position;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.position.PositionsKey;
import io.lanying.protocol.user.UserKey;

/** Makes the companions of conversations available through sharding. */
public final class Positions {

    private Positions() {}

    /** Starts their shard region. */
    public static void init(ClusterSharding sharding, Entities.Ports ports) {
        sharding.init(Entity.of(
                        PositionsKey.KEY,
                        entity -> PositionsEntity.create(
                                EntityId.parse(entity.getEntityId()),
                                entity.getShard(),
                                user -> sharding.entityRefFor(UserKey.KEY, user.toString()),
                                ports.reminders(),
                                ports.clock()))
                .withStopMessage(PositionsEntity.stopMessage()));
    }
}
