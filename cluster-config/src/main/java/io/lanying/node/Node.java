package io.lanying.node;

import akka.Done;
import akka.actor.BootstrapSetup;
import akka.actor.CoordinatedShutdown;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.management.javadsl.ReadinessCheckSetup;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import com.typesafe.config.Config;
import io.lanying.http.tls.PemTls;
import io.lanying.node.NodeSettings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One running node: everything between its settings and its open ports. Several may run in one process, each with its own
 * ports and data directory.
 *
 * <p>Thread-safe. Starting and closing block their caller, which is a main method or a test.
 */
public final class Node implements AutoCloseable {

    /** The name of the cluster; nodes of another name are never joined. */
    private static final String SYSTEM_NAME = "lanying";

    private final ActorSystem<Void> system;
    private final NodeSettings settings;
    private final Wiring.Served served;

    private Node(ActorSystem<Void> system, NodeSettings settings, Wiring.Served served) {
        this.system = system;
        this.settings = settings;
        this.served = served;
    }

    /**
     * Starts a node and returns once it serves.
     *
     * @param overrides what goes before the environment and application.conf; empty for an ordinary start
     * @throws StartRefused with one line for the operator; what was begun is undone
     */
    public static Node start(Config overrides) {
        Config config = NodeConfig.load(overrides);
        NodeSettings settings = NodeSettings.from(config);
        Optional<PemTls> clusterTls = settings.clusterTls().map(ClusterTls.Files::load);
        FreePorts.require(settings.remote(), settings.management());
        if (settings.isEdge()) {
            FreePorts.require(settings.http());
        }
        DataDirectory directory = DataDirectory.take(settings.dataDir());
        Readiness readiness = new Readiness();
        ActorSystem<Void> system = begin(config, settings, clusterTls, directory, readiness);
        settings.warnings().forEach(system.log()::warn);
        try {
            return new Node(system, settings, new Wiring(system, settings, readiness, () -> stop(system)).serve());
        } catch (RuntimeException e) {
            stop(system, settings.stopTimeout());
            throw StartFailures.explain(settings, e);
        }
    }

    private static ActorSystem<Void> begin(
            Config config,
            NodeSettings settings,
            Optional<PemTls> clusterTls,
            DataDirectory directory,
            Readiness readiness) {
        ActorSystem<Void> system;
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(config), ReadinessCheckSetup.create(any -> List.of(readiness)));
        if (clusterTls.isPresent()) {
            Duration reload = settings.clusterTls().orElseThrow().reloadInterval();
            setup = setup.withSetup(
                    SSLEngineProviderSetup.create(classic -> new ClusterTls(classic, clusterTls.get(), reload)));
        }
        try {
            system = ActorSystem.create(Behaviors.<Void>empty(), SYSTEM_NAME, setup);
        } catch (RuntimeException e) {
            directory.close();
            throw StartFailures.explain(settings, e);
        }
        NodeMetrics metrics = NodeMetrics.of(system);
        system.getWhenTerminated().whenComplete((done, failure) -> {
            metrics.close();
            directory.close();
        });
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "not-ready", () -> {
            readiness.stopping();
            return CompletableFuture.completedStage(Done.done());
        });
        return system;
    }

    /** Whether the public API is served here. */
    public boolean isEdge() {
        return settings.isEdge();
    }

    /**
     * Where the public API is served, as a base URL without a slash at its end.
     *
     * @throws java.util.NoSuchElementException if it is not: {@link #isEdge}
     */
    public String url() {
        Endpoint http = settings.http();
        return "http://" + (http.host().contains(":") ? "[" + http.host() + "]" : http.host()) + ":"
                + served.binding().orElseThrow().localAddress().getPort();
    }

    /** {@code host:port} by which other nodes reach this one. */
    public String remote() {
        return settings.remote().host() + ":" + settings.remote().port();
    }

    /** The operator key, if this start made it: it is not to be had again. */
    public Optional<String> newOperatorKey() {
        return served.newOperatorKey();
    }

    /** The node's actor system, for tests that look at shards. */
    public ActorSystem<Void> system() {
        return system;
    }

    /** Completes when the node has ended, for whatever reason. */
    public CompletionStage<Done> whenEnded() {
        return system.getWhenTerminated();
    }

    /** Whether the node ended, or is ending, because it was asked to. */
    public boolean askedToStop() {
        return CoordinatedShutdown.get(system)
                .getShutdownReason()
                .filter(StopReason.class::isInstance)
                .isPresent();
    }

    /** Begins a graceful stop; {@link #whenEnded} follows. */
    public void stop() {
        stop(system);
    }

    private static void stop(ActorSystem<?> system) {
        CoordinatedShutdown.get(system).runAll(new StopReason());
    }

    /** Stops gracefully and returns when it has ended, or when the configured time is over. */
    @Override
    public void close() {
        stop(system, settings.stopTimeout());
    }

    private static void stop(ActorSystem<?> system, Duration timeout) {
        stop(system);
        try {
            system.getWhenTerminated().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            system.log().warn("the node did not stop within {}", timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class StopReason implements CoordinatedShutdown.Reason {
        @Override
        public String toString() {
            return "asked to stop";
        }
    }
}
