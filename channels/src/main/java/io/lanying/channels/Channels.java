package io.lanying.channels;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import com.typesafe.config.Config;
import io.lanying.channels.actor.ChannelsManager;
import io.lanying.channels.actor.CredentialOpener;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.channels.apns.ApnsAdapterFactory;
import io.lanying.channels.fcm.FcmAdapterFactory;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCredentials;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.user.UserNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** The push vendors' channels of one node. Thread-safe. */
public final class Channels {

    /**
     * What channels need of the node.
     *
     * @param names of senders, for messages in conversations that have none
     */
    public record Ports(Sealing sealing, ChannelCredentials credentials, UserNames names, MeterRegistry metrics) {}

    private final ActorRef<ChannelCommand> commands;
    private final CredentialCheck credentials;

    private Channels(ActorRef<ChannelCommand> commands, CredentialCheck credentials) {
        this.commands = commands;
        this.credentials = credentials;
    }

    /**
     * Starts the channels of all vendors that this build knows, with the settings of the actor system.
     *
     * @throws IllegalArgumentException if settings under {@code push.channels} contradict each other
     */
    public static Channels start(ActorSystem<?> system, Ports ports) {
        Config config = system.settings().config().getConfig("push.channels");
        Clock clock = Clock.systemUTC();
        return start(
                system,
                ports,
                List.of(
                        new ApnsAdapterFactory(config.getConfig("apns"), clock),
                        new FcmAdapterFactory(config.getConfig("fcm"), clock)));
    }

    /**
     * Starts the channels of these vendors.
     *
     * @throws IllegalArgumentException if settings under {@code push.channels} contradict each other
     */
    public static Channels start(ActorSystem<?> system, Ports ports, List<VendorAdapterFactory> factories) {
        return start(system, ports, factories, Clock.systemUTC(), RandomGenerator.getDefault());
    }

    static Channels start(
            ActorSystem<?> system,
            Ports ports,
            List<VendorAdapterFactory> factories,
            Clock clock,
            RandomGenerator random) {
        ChannelsManager.check(
                system.settings().config(),
                factories.stream().map(VendorAdapterFactory::channel).toList());
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        CredentialOpener opener = new CredentialOpener(factories, ports.sealing(), blocking);
        ChannelsManager.Parts parts = new ChannelsManager.Parts(
                opener, ports.credentials(), ports.sealing(), ports.names(), ports.metrics(), clock, random);
        ActorRef<ChannelCommand> commands =
                system.systemActorOf(ChannelsManager.create(parts), "lanying-channels", Props.empty());
        return new Channels(commands, new FactoryCredentialCheck(opener));
    }

    /** Where entities of this node send their requests. */
    public ActorRef<ChannelCommand> commands() {
        return commands;
    }

    /** Checks credentials before they are stored, and tries them on request. */
    public CredentialCheck credentials() {
        return credentials;
    }
}
