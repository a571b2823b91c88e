package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The actor system of a command that works on the journal beside the nodes: no cluster, no ports. */
final class AloneSystem implements AutoCloseable {

    private static final long STOP_SECONDS = 30;

    private final ActorSystem<Void> system;

    AloneSystem(Config config) {
        this.system = ActorSystem.create(Behaviors.empty(), "lanying-journal", config);
    }

    ActorSystem<Void> system() {
        return system;
    }

    /** Returns when its connections are closed. */
    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            system.log().warn("the stores were not closed in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
