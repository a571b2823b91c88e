package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanying cluster drain}: a node hands over what it has and ends; shown until it is gone. */
@Command(
        name = "drain",
        description = "Have a node tell its sockets to come back elsewhere, hand over its shards and end. "
                + "Ask another node than that one.",
        mixinStandardHelpOptions = true)
public final class ClusterDrainCommand implements Callable<Integer> {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final long LOOK_EVERY_MILLIS = 500;

    @Mixin
    private ManagementOptions management = new ManagementOptions();

    @Parameters(paramLabel = "HOST:PORT", description = "The node, as `lanying cluster status` shows it.")
    private String address = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode node = management
                .node(address)
                .orElseThrow(() -> new CommandFailed("no node of this cluster is reached at " + address));
        if (node.path("self").asBoolean()) {
            throw new CommandFailed(
                    address + " is the node that answers here: give --management of another one, to see the end");
        }
        management.tell(address, "drain");
        await(node.path("figures").path("shards").asLong());
        return 0;
    }

    private void await(long shards) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(out, shards);
        long end = System.nanoTime() + PATIENCE_NANOS;
        Optional<JsonNode> node = management.node(address);
        while (node.isPresent()) {
            if (System.nanoTime() > end) {
                throw new CommandFailed(address + " has not left yet: look at `lanying cluster status` and its log");
            }
            JsonNode left = node.get().path("figures");
            long shardsLeft = left.path("shards").asLong();
            progress.show(
                    Math.max(0, shards - shardsLeft),
                    "%s is %s: %d shards, %d entities, %d sockets left"
                            .formatted(
                                    address,
                                    node.get().path("status").asText(),
                                    shardsLeft,
                                    left.path("entities").asLong(),
                                    left.path("sockets").asLong()));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            node = management.node(address);
        }
        progress.end(shards, address + " has left the cluster");
    }
}
