package io.lanying.protocol.tenant;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of tenants; entity ids are {@code tenant:tenant}. */
public final class TenantKey {

    public static final EntityTypeKey<TenantCommand> KEY = EntityTypeKey.create(TenantCommand.class, "Tenant");

    private TenantKey() {}
}
