package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lanying node}: one node in the foreground until it is told to stop. */
@Command(
        name = "node",
        description = "Run one node in the foreground. Settings come from LANYING_ variables; see docs/settings.md.",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        return run(ConfigFactory.empty());
    }

    /**
     * Runs a node until it ends.
     *
     * @param overrides what goes before the environment
     * @return the process's exit code
     */
    static int run(Config overrides) throws Exception {
        Node node = Node.start(overrides);
        StopSignals.onStop(node::stop);
        node.newOperatorKey().ifPresent(key -> System.out.println("lanying operator key " + key));
        System.out.println("lanying ready " + (node.isEdge() ? node.url() : node.remote() + " without a public port"));
        System.out.flush();
        node.whenEnded().toCompletableFuture().get();
        if (node.askedToStop()) {
            return 0;
        }
        throw new StartRefused("the node left the cluster and ended: see the log above, then start it again");
    }
}
