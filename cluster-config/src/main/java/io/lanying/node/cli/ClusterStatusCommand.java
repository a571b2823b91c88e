package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanying cluster status}: who is there, and what each has. Exits 1 if a node is not as it should be. */
@Command(
        name = "status",
        description = "Who is there, and what each node has. Exits 1 if one is unreachable, on its way, or silent.",
        mixinStandardHelpOptions = true)
public final class ClusterStatusCommand implements Callable<Integer> {

    private static final String ROW = "%-24s %-24s %7s %10s %8s  %-24s  %s%n";

    @Mixin
    private ManagementOptions management = new ManagementOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(ROW, "NODE", "STATUS", "SHARDS", "ENTITIES", "SOCKETS", "SINCE", "VERSION");
        boolean well = true;
        for (JsonNode node : management.nodes()) {
            out.print(row(node));
            well &= node.path("status").asText().equals("up")
                    && node.path("reachable").asBoolean()
                    && node.has("figures");
        }
        out.flush();
        return well ? 0 : 1;
    }

    private static String row(JsonNode node) {
        JsonNode figures = node.path("figures");
        String status = node.path("status").asText()
                + (node.path("reachable").asBoolean() ? "" : ", unreachable")
                + (node.path("oldest").asBoolean() ? ", oldest" : "")
                + (node.path("roles").size() == 1 ? ", " + node.at("/roles/0").asText() + " only" : "");
        return String.format(
                Locale.ROOT,
                ROW,
                node.path("address").asText(),
                status,
                figures.path("shards").asText("-"),
                figures.path("entities").asText("-"),
                figures.path("sockets").asText("-"),
                figures.path("startedAt").asText("-"),
                node.path("version").asText());
    }
}
