package io.lanying.protocol.device;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The sharding key of devices; entity ids are {@code tenant:deviceId}. */
public final class DeviceKey {

    public static final EntityTypeKey<DeviceCommand> KEY = EntityTypeKey.create(DeviceCommand.class, "Device");

    private DeviceKey() {}
}
