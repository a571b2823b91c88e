package io.lanying.node;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import akka.http.javadsl.ServerBinding;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import akka.management.javadsl.AkkaManagement;
import com.typesafe.config.Config;
import io.lanying.actors.Entities;
import io.lanying.actors.replay.FoldedReplay;
import io.lanying.channels.Channels;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.channels.apns.ApnsAdapterFactory;
import io.lanying.channels.fcm.FcmAdapterFactory;
import io.lanying.http.HttpApi;
import io.lanying.persistence.Persistence;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceKey;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationKey;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsKey;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantKey;
import io.lanying.protocol.token.TokenOwnerCommand;
import io.lanying.protocol.token.TokenOwnerKey;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts one node together, in the order in which its parts need each other: store, membership, entities, public port. */
final class Wiring {

    /** What a wired node offers. */
    record Served(Optional<ServerBinding> binding, Optional<String> newOperatorKey) {}

    /** A channel that gets no answer says "busy" and is asked again. */
    private static final Duration CREDENTIALS_TIMEOUT = Duration.ofSeconds(3);

    private final ActorSystem<?> system;
    private final NodeSettings settings;
    private final Readiness readiness;
    private final Runnable stop;

    /** @param stop begins the graceful stop of this node */
    Wiring(ActorSystem<?> system, NodeSettings settings, Readiness readiness, Runnable stop) {
        this.system = system;
        this.settings = settings;
        this.readiness = readiness;
        this.stop = stop;
    }

    /** Returns once the public port is open, at a node that has one; blocks its caller, who starts a node and has nothing else to do. */
    Served serve() {
        await(AkkaManagement.get(system).start());
        Persistence persistence = Persistence.start(system);
        PersistenceMetrics.bind(persistence, NodeMetrics.of(system).registry());
        await(joined());
        Channels channels = Channels.start(
                system,
                new Channels.Ports(
                        persistence.sealing(),
                        new ShardedCredentials(
                                system,
                                CREDENTIALS_TIMEOUT,
                                NodeMetrics.of(system).registry(),
                                Clock.systemUTC()),
                        ShardedNames.of(system, NodeMetrics.of(system).registry()),
                        NodeMetrics.of(system).registry()),
                vendors());
        MessageSource messages =
                CachedMessages.sharded(system, NodeMetrics.of(system).registry());
        Entities.start(
                system,
                new Entities.Ports(
                        persistence.journal(),
                        persistence.registryWriter(),
                        persistence.audiences(),
                        persistence.members(),
                        persistence.reminders(),
                        channels.commands(),
                        messages,
                        Clock.systemUTC()));
        startReminders(persistence);
        OperatorKeys operator = new OperatorKeys(persistence.secrets());
        Optional<ServerBinding> binding =
                settings.isEdge() ? Optional.of(open(persistence, operator, channels, messages)) : Optional.empty();
        Optional<String> newOperatorKey = await(operator.settle(settings.operatorKey()));
        ClusterDesk.of(system).open(operator, persistence::openWork, stop);
        readiness.serving(persistence);
        return new Served(binding, newOperatorKey);
    }

    private ServerBinding open(
            Persistence persistence, OperatorKeys operator, Channels channels, MessageSource messages) {
        return await(HttpApi.start(
                system,
                new HttpApi.Ports(
                        persistence.sealing(),
                        persistence.journal(),
                        new FoldedReplay(persistence.journal()),
                        persistence.registryQueries(),
                        operator,
                        settings.region(),
                        channels.credentials(),
                        messages,
                        persistence.attachments(),
                        NodeMetrics.of(system).registry())));
    }

    private List<VendorAdapterFactory> vendors() {
        Config channels = system.settings().config().getConfig("push.channels");
        return List.of(
                new ApnsAdapterFactory(channels.getConfig("apns"), Clock.systemUTC()),
                new FcmAdapterFactory(channels.getConfig("fcm"), Clock.systemUTC()));
    }

    private void startReminders(Persistence persistence) {
        ClusterSharding sharding = ClusterSharding.get(system);
        persistence.startReminderClock(Map.of(
                EntityKind.DEVICE,
                (id, version) ->
                        sharding.entityRefFor(DeviceKey.KEY, id.toString()).tell(new DeviceCommand.Wake(version)),
                EntityKind.TENANT,
                (id, version) ->
                        sharding.entityRefFor(TenantKey.KEY, id.toString()).tell(new TenantCommand.Wake(version)),
                EntityKind.TOKEN_OWNER,
                (id, version) -> sharding.entityRefFor(TokenOwnerKey.KEY, id.toString())
                        .tell(new TokenOwnerCommand.Wake(version)),
                EntityKind.NOTIFICATION,
                (id, version) -> sharding.entityRefFor(NotificationKey.KEY, id.toString())
                        .tell(new NotificationCommand.Wake(version)),
                EntityKind.USER,
                (id, version) ->
                        sharding.entityRefFor(UserKey.KEY, id.toString()).tell(new UserCommand.Wake(version)),
                EntityKind.CONVERSATION,
                (id, version) -> sharding.entityRefFor(ConversationKey.KEY, id.toString())
                        .tell(new ConversationCommand.Wake(version)),
                EntityKind.POSITIONS,
                (id, version) ->
                        sharding.entityRefFor(PositionsKey.KEY, id.toString()).tell(new PositionsCommand.Wake(version)),
                EntityKind.NOTIFICATION_PART,
                (id, version) -> {})); // has no open work and so no reminders
    }

    /** Completes when this node is a full member. */
    private CompletionStage<Void> joined() {
        CompletableFuture<Void> up = new CompletableFuture<>();
        akka.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
        akka.cluster.Cluster.get(system)
                .registerOnMemberRemoved(() -> up.completeExceptionally(new StartRefused(settings.nobodyLetItIn())));
        if (settings.discovery().isPresent()) {
            ClusterBootstrap.get(system).start();
        } else {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(new JoinSeedNodes(seeds(cluster.selfMember().address())));
        }
        return up;
    }

    private List<Address> seeds(Address self) {
        List<Address> seeds = new ArrayList<>();
        for (String seed : settings.seedNodes()) {
            int colon = seed.lastIndexOf(':');
            seeds.add(new Address(
                    self.protocol(),
                    self.system(),
                    seed.substring(0, colon),
                    Integer.parseInt(seed.substring(colon + 1))));
        }
        return seeds.isEmpty() ? List.of(self) : seeds;
    }

    private <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw StartFailures.explain(settings, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while starting", e);
        }
    }
}
