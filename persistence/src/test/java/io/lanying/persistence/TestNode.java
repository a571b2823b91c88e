package io.lanying.persistence;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** An actor system with its persistence, on a database that outlives it. */
public final class TestNode implements AutoCloseable {

    /** A database that cannot be opened is given up after a second. */
    public static final String GIVE_UP_SOON =
            "akka-persistence-jdbc.shared-databases.slick.db { connectionTimeout = 1000, validationTimeout = 500 }\n";

    private static final String COMMON = """
            akka.loglevel = WARNING
            akka.log-dead-letters = off
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            """;

    public final ActorSystem<Void> system;
    public final Persistence persistence;

    private TestNode(ActorSystem<Void> system, Persistence persistence) {
        this.system = system;
        this.persistence = persistence;
    }

    public static TestNode start(Config store) {
        return start(store, "");
    }

    /** Starts one with settings that go before all others. */
    public static TestNode start(Config store, String more) {
        Config config = ConfigFactory.load(
                ConfigFactory.parseString(more).withFallback(store).withFallback(ConfigFactory.parseString(COMMON)));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "test", config);
        try {
            return new TestNode(system, Persistence.start(system));
        } catch (RuntimeException e) {
            end(system);
            throw e;
        }
    }

    public Database database() {
        return persistence.database();
    }

    /** Runs one statement beside the node's code. */
    public void execute(String sql) {
        try (var connection = persistence.pool().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one number that a query gives. */
    public long number(String sql) {
        try (var connection = persistence.pool().getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The result, within ten seconds. */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the node; the database stays. */
    @Override
    public void close() {
        end(system);
    }

    /** Removes the files of an H2 database. */
    public static void remove(Config store) {
        if (!store.hasPath("push.persistence.data-dir")) {
            return;
        }
        try (var files = Files.walk(Path.of(store.getString("push.persistence.data-dir")))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(ActorSystem<?> system) {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the actor system does not end", e);
        }
    }
}
