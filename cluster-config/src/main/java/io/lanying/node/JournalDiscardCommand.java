package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.CommandFailed;
import io.lanying.persistence.cassandra.BranchRemoval.Removed;
import io.lanying.persistence.cassandra.JournalRepair;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanying journal discard}: takes one branch of an entity away, so that it starts again with the other. */
@Command(
        name = "discard",
        description =
                "Take away what a writer wrote of an entity from the first number on that has two events, with the snapshots "
                        + "from there on, so that the entity starts again. A copy is kept in a file. It may hold what was accepted: "
                        + "send that anew.",
        mixinStandardHelpOptions = true)
final class JournalDiscardCommand implements Callable<Integer> {

    private static final Config ALONE = ConfigFactory.parseString("akka.actor.provider = local");

    @Parameters(paramLabel = "ENTITY", description = "Its persistence id, such as 'Device|acme:phone'.")
    private String entity = "";

    @Option(
            names = "--writer",
            required = true,
            description = "Whose events go, as `lanying journal branches` shows it; may be given several times.")
    private Set<String> writers = new LinkedHashSet<>();

    @Option(
            names = "--copy",
            required = true,
            paramLabel = "FILE.ndjson",
            description = "A file that is not there yet, for what is taken away: a row each line, contents in Base64.")
    private Path copy = Path.of("");

    @Option(
            names = "--while-nodes-run",
            description = "Do not ask for all nodes to be stopped. Safe only if none of these writers still runs.")
    private boolean whileNodesRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (AloneSystem alone = new AloneSystem(JournalRepair.settings(NodeConfig.load(ALONE)))) {
            JournalRepair repair = JournalRepair.open(alone.system());
            if (!whileNodesRun) {
                repair.liveNode().ifPresent(alive -> {
                    throw new StartRefused(alive + ": stop all nodes first, or see --while-nodes-run");
                });
            }
            say(repair.removal()
                    .remove(entity, writers, copy)
                    .toCompletableFuture()
                    .get());
            return 0;
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            throw new CommandFailed(JournalMigrateCommand.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted: look at what is left with `lanying journal branches`", e);
        }
    }

    private void say(Removed removed) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("lanying: " + removed.events() + " events from number " + removed.firstSeq() + " on and "
                + removed.snapshots() + " snapshots are in " + copy + " and no longer in the journal");
        out.flush();
    }
}
