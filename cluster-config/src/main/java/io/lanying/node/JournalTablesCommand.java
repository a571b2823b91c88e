package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.cassandra.CassandraTables;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code lanying journal tables}: makes Cassandra's keyspace and tables with the settings of a node, where they are missing. Exits 0
 * when all are there; harmless to repeat. No two at once.
 */
@Command(
        name = "tables",
        description = "Make the keyspace and the tables of the journal in Cassandra, where they are missing.",
        mixinStandardHelpOptions = true)
final class JournalTablesCommand implements Callable<Integer> {

    /** No cluster, no ports. A table takes longer to make than an event to write. */
    private static final Config ALONE =
            ConfigFactory.parseString("akka.actor.provider = local, datastax-java-driver.basic.request.timeout = 30 s");

    @Option(names = "--print", description = "Only print the CQL, for whoever makes tables by other means.")
    private boolean print;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Config config = NodeConfig.load(ALONE);
        if (NodeSettings.from(config).journal() != NodeSettings.Journal.CASSANDRA) {
            throw new StartRefused("nodes make the tables themselves unless LANYING_JOURNAL=cassandra");
        }
        try (AloneSystem alone = new AloneSystem(config)) {
            PrintWriter out = spec.commandLine().getOut();
            if (print) {
                CassandraTables.statements(alone.system()).forEach(cql -> out.println(cql + ";"));
            } else {
                CassandraTables.make(alone.system());
                out.println("lanying: the tables are there");
            }
            out.flush();
            return 0;
        } catch (io.lanying.persistence.StartRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }
}
