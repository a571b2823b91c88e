package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.CommandFailed;
import io.lanying.persistence.Maintenance;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code lanying registry rebuild}: writes the registry rows that are missing or wrong from the journal, with the settings of a
 * node. Exits 0 when every entity could be read; harmless to interrupt and to repeat.
 */
@Command(
        name = "rebuild",
        description = "Write the registry rows that are missing or wrong, from the journal. Nodes may run meanwhile on "
                + "PostgreSQL; on H2 the node must be stopped.",
        mixinStandardHelpOptions = true)
final class RegistryRebuildCommand implements Callable<Integer> {

    /** No cluster, no ports: only what the store needs. */
    private static final Config ALONE = ConfigFactory.parseString("akka.actor.provider = local");

    private static final long STOP_SECONDS = 30;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Config config = NodeConfig.load(ALONE);
        Optional<DataDirectory> taken = DataDirectory.takeForCommand(
                NodeSettings.from(config), "on H2 stop it before the registry is rebuilt, then start it again");
        try {
            return rebuild(config);
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        } finally {
            taken.ifPresent(DataDirectory::close);
        }
    }

    private int rebuild(Config config) {
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "lanying-registry", Maintenance.settings(config));
        try {
            var rebuild = new RegistryRebuild(system, Maintenance.open(system), this::show);
            return end(rebuild.run().toCompletableFuture().get());
        } catch (ExecutionException e) {
            throw new CommandFailed(
                    "the rebuilding stopped, what was written stays; give the command again: "
                            + String.valueOf(e.getCause()).lines().findFirst().orElse(""),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        } finally {
            stop(system);
        }
    }

    private void show(RegistryRebuild.Progress progress) {
        say(progress.entities() + " entities read, " + progress.written() + " rows written");
    }

    private int end(RegistryRebuild.Progress progress) {
        say(progress.entities() + " entities, " + progress.written() + " rows written"
                + (progress.newer() == 0 ? "" : ", newer and left as they are: " + progress.newer()));
        progress.unreadable().forEach(line -> spec.commandLine().getErr().println("lanying: " + line));
        if (progress.failed() > 0) {
            throw new CommandFailed(
                    "entities that could not be read, whose rows are as they were: " + progress.failed());
        }
        return 0;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("lanying: " + line);
        out.flush();
    }

    private static void stop(ActorSystem<?> system) {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            system.log().warn("the database was not closed in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
