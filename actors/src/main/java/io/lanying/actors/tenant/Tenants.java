package io.lanying.actors.tenant;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.tenant.TenantKey;

/** Makes tenants available through sharding. */
public final class Tenants {

    private Tenants() {}

    /** Starts the shard region of tenants; settings under {@code push.tenant}. */
    public static void init(ClusterSharding sharding, Entities.Ports ports) {
        sharding.init(Entity.of(
                        TenantKey.KEY,
                        entity -> TenantEntity.create(
                                EntityId.parse(entity.getEntityId()),
                                entity.getShard(),
                                ports.registry(),
                                ports.reminders(),
                                ports.clock()))
                .withStopMessage(TenantEntity.stopMessage()));
    }
}
