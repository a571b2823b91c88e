package io.lanying.actors.notification;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import io.lanying.actors.Entities;
import io.lanying.protocol.DirectAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceKey;
import io.lanying.protocol.notification.NotificationKey;
import io.lanying.protocol.notification.NotificationPartKey;

/** Makes notifications to many and their companions available through sharding. */
public final class Notifications {

    private Notifications() {}

    /** Starts the node's gate and the shard region of notifications; settings under {@code push.notification}. */
    public static void init(ActorSystem<?> system, Entities.Ports ports) {
        var settings = NotificationSettings.from(system.settings().config());
        var sharding = ClusterSharding.get(system);
        var gate = system.systemActorOf(SendGate.create(settings.running()), "notification-gate", Props.empty());
        DeviceAsk atOnce = (device, command) -> DirectAsk.ask(
                sharding.entityRefFor(DeviceKey.KEY, device.toString()),
                command,
                settings.askTimeout(),
                system.scheduler());
        DeviceAsk devices = AskPacer.start(system, atOnce, settings);
        var needs = new NotificationEntity.Ports(
                ports.journal(), ports.audiences(), devices, gate, ports.reminders(), ports.clock());
        sharding.init(Entity.of(
                        NotificationKey.KEY,
                        entity -> NotificationEntity.create(
                                EntityId.parse(entity.getEntityId()), entity.getShard(), needs, settings))
                .withStopMessage(new NotificationMessage.Stop()));
        sharding.init(Entity.of(
                        NotificationPartKey.KEY,
                        entity -> NotificationPartEntity.create(
                                EntityId.parse(entity.getEntityId()),
                                entity.getShard(),
                                ports.clock(),
                                settings.passivateAfter()))
                .withStopMessage(new NotificationPartEntity.Stop()));
    }
}
