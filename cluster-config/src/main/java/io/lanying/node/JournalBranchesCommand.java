package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.CommandFailed;
import io.lanying.persistence.cassandra.Branches;
import io.lanying.persistence.cassandra.JournalRepair;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanying journal branches}: the numbers of a journal in Cassandra that have two events. Changes nothing. */
@Command(
        name = "branches",
        description = "List the events of a journal in Cassandra whose number another event has as well: a line each, "
                + "without their contents. Nodes may run meanwhile.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:there are none", "1:the journal could not be read", "3:there are some"},
        mixinStandardHelpOptions = true)
final class JournalBranchesCommand implements Callable<Integer> {

    private static final int SOME = 3;
    private static final int SHORT_HASH = 12;
    private static final Config ALONE = ConfigFactory.parseString("akka.actor.provider = local");

    @Parameters(
            arity = "0..1",
            paramLabel = "ENTITY",
            description =
                    "A persistence id such as 'Device|acme:phone'. Default: all, which reads the whole journal's keys.")
    private String entity = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        AtomicLong found = new AtomicLong();
        try (AloneSystem alone = new AloneSystem(JournalRepair.settings(NodeConfig.load(ALONE)))) {
            Branches branches = JournalRepair.open(alone.system()).branches();
            (entity.isEmpty() ? branches.all() : branches.of(entity))
                    .runForeach(
                            event -> {
                                found.incrementAndGet();
                                out.println(line(event));
                            },
                            alone.system())
                    .toCompletableFuture()
                    .get();
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            throw new CommandFailed("the journal cannot be read: " + JournalMigrateCommand.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
        out.println("lanying: events that share their number with another: " + found.get());
        out.flush();
        return found.get() == 0 ? 0 : SOME;
    }

    private static String line(Branches.Event event) {
        return event.persistenceId() + " " + event.seq() + " by " + event.writer() + " at " + event.at() + " "
                + event.type() + " " + event.bytes() + " bytes "
                + event.sha256().substring(0, SHORT_HASH);
    }
}
