package io.lanying.node;

import com.typesafe.config.ConfigFactory;
import io.lanying.node.cli.ClusterDownCommand;
import io.lanying.node.cli.ClusterDrainCommand;
import io.lanying.node.cli.ClusterStatusCommand;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lanying cluster}: look at the nodes, add one, take one away. */
@Command(
        name = "cluster",
        description = "Look at the nodes of a cluster, add one, take one away.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClusterStatusCommand.class,
            ClusterCommand.Join.class,
            ClusterDrainCommand.class,
            ClusterDownCommand.class
        })
final class ClusterCommand {

    /** {@code lanying cluster join}: a node that joins without a seed list in its environment. */
    @Command(
            name = "join",
            description =
                    "Run one node in the foreground that joins the cluster of another one. All other settings are "
                            + "those of `lanying node`.",
            mixinStandardHelpOptions = true)
    static final class Join implements Callable<Integer> {

        @Parameters(
                paramLabel = "HOST:PORT",
                description = "A node of the cluster, as in LANYING_SEED_NODES; several with commas.")
        private String seeds = "";

        @Override
        public Integer call() throws Exception {
            return NodeCommand.run(ConfigFactory.parseMap(
                    Map.of("push.node.cluster.seed-nodes", seeds, "push.node.cluster.discovery.method", "seeds")));
        }
    }
}
