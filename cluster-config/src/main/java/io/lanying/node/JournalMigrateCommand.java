package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.CommandFailed;
import io.lanying.persistence.migration.JournalMigration;
import io.lanying.persistence.migration.JournalMigration.Place;
import io.lanying.persistence.migration.JournalMigration.Result;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code lanying journal migrate}: moves the journal from PostgreSQL to Cassandra or back with the settings of a node, while no node
 * runs. Exits 0 when all is there, compared, and nodes may start on it; harmless to interrupt and to repeat.
 */
@Command(
        name = "migrate",
        description =
                "Move the journal from PostgreSQL to Cassandra or back, compare both, and have nodes use the new one. "
                        + "Stop all nodes first. Interrupted, it goes on when it is given again; what is in the old store stays.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the journal was moved, or given up with --give-up",
            "1:it was not; nodes do not start until one or the other"
        },
        mixinStandardHelpOptions = true)
final class JournalMigrateCommand implements Callable<Integer> {

    /** Both stores, whatever the nodes have used until now. No cluster, no ports. */
    private static final Config BOTH =
            ConfigFactory.parseString("push.node.journal = cassandra, akka.actor.provider = local");

    @Option(names = "--to", paramLabel = "cassandra|postgres", description = "Where the journal shall be.")
    private @Nullable String to;

    @Option(
            names = "--give-up",
            description = "Leave the journal where it is and let nodes start again. What was copied stays.")
    private boolean giveUp;

    @Option(
            names = "--patience",
            defaultValue = "20",
            description = "Seconds to wait for nodes that have just ended. Default: ${DEFAULT-VALUE}")
    private int patienceSeconds = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Optional<Place> place = place();
        try (AloneSystem alone = new AloneSystem(JournalMigration.settings(NodeConfig.load(BOTH)));
                JournalMigration migration = JournalMigration.open(alone.system())) {
            if (place.isPresent()) {
                return migrate(migration, place.get());
            }
            say("the journal stays " + migration.giveUp());
            return 0;
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<Place> place() {
        if (giveUp == (to != null)) {
            throw new CommandFailed("give either --to or --give-up");
        }
        if (to == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (to) {
                    case "cassandra" -> Place.CASSANDRA;
                    case "postgres" -> Place.POSTGRES;
                    default -> throw new CommandFailed("--to " + to + " is not known: use cassandra or postgres");
                });
    }

    private int migrate(JournalMigration migration, Place place) {
        var shown = new JournalMoveProgress(spec.commandLine().getOut());
        try {
            Result result = migration
                    .run(place, Duration.ofSeconds(patienceSeconds), shown)
                    .toCompletableFuture()
                    .get();
            shown.end();
            return end(result, place);
        } catch (ExecutionException e) {
            shown.end();
            throw new CommandFailed(
                    "the journal is not moved: " + oneLine(e) + "; give the command again to go on, or with --give-up",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted: give the command again to go on, or with --give-up", e);
        }
    }

    private int end(Result result, Place place) {
        if (!result.differences().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            result.differences().forEach(line -> err.println("lanying: " + line));
            throw new CommandFailed(
                    "the copy differs from the journal and is not used: remove it and give the command again, "
                            + "or go on with the old one by --give-up");
        }
        say(result.entities() + " entities with " + result.events() + " events and " + result.snapshots()
                + " snapshots are equal in both, SHA-256 " + result.sha256());
        say("start the nodes with LANYING_JOURNAL=" + (place == Place.CASSANDRA ? "cassandra" : "postgres")
                + "; what is in the old store stays there");
        return 0;
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("lanying: " + line);
        out.flush();
    }

    /** Why a stage failed, in one line. */
    static String oneLine(ExecutionException failed) {
        Throwable failure = failed.getCause() == null ? failed : failed.getCause();
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown");
    }
}
