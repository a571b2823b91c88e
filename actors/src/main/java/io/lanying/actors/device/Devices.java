package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.actors.notification.FateReporter;
import io.lanying.actors.position.PositionReporter;
import io.lanying.actors.token.TokenClaims;
import io.lanying.actors.user.UserSettingsSource;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceKey;

/** Makes devices available through sharding. */
public final class Devices {

    private Devices() {}

    /** Starts the shard region of devices; settings under {@code push.device}. */
    public static void init(
            ActorSystem<?> system,
            Entities.Ports ports,
            ActorRef<FateReporter.Message> fates,
            ActorRef<PositionReporter.Message> positions) {
        var limits = DeviceLimits.from(system.settings().config().getConfig("push.device"));
        var claims = TokenClaims.sharded(system, limits.reminderTimeout());
        var users = UserSettingsSource.sharded(system, limits.reminderTimeout());
        var needs = new DeviceEntity.Ports(
                ports.journal(),
                ports.registry(),
                ports.reminders(),
                ports.channels(),
                claims,
                fates,
                positions,
                users,
                ports.messages(),
                ports.clock());
        ClusterSharding.get(system)
                .init(Entity.of(
                                DeviceKey.KEY,
                                entity -> DeviceEntity.create(
                                        EntityId.parse(entity.getEntityId()), entity.getShard(), needs, limits))
                        .withStopMessage(new DeviceMessage.Stop()));
    }
}
