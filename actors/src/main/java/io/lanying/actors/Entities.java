package io.lanying.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.actors.conversation.Conversations;
import io.lanying.actors.device.Devices;
import io.lanying.actors.notification.FateReporter;
import io.lanying.actors.notification.Notifications;
import io.lanying.actors.position.PositionReporter;
import io.lanying.actors.position.Positions;
import io.lanying.actors.tenant.Tenants;
import io.lanying.actors.token.TokenOwners;
import io.lanying.actors.user.Users;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.registry.AudienceRegistry;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Clock;

/** Starts the sharded entities on a node. */
public final class Entities {

    /** What entities need of their node. */
    public record Ports(
            Journal journal,
            RegistryWriter registry,
            AudienceRegistry audiences,
            MemberRegistry members,
            ActorRef<ReminderCommand> reminders,
            ActorRef<ChannelCommand> channels,
            MessageSource messages,
            Clock clock) {}

    private Entities() {}

    /** Makes every kind of entity available through sharding. */
    public static void start(ActorSystem<?> system, Ports ports) {
        var sharding = ClusterSharding.get(system);
        Notifications.init(system, ports); // before devices, which tell their companions what became of them
        Devices.init(system, ports, FateReporter.start(system), PositionReporter.start(system));
        Tenants.init(sharding, ports);
        TokenOwners.init(sharding, ports);
        Users.init(sharding, ports);
        Positions.init(sharding, ports);
        Conversations.init(system, ports);
    }
}
