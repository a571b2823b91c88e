package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanying cluster status}: who is there, what each has, and what is still to do. Exits 1 if something is not as it should be. */
@Command(
        name = "status",
        description =
                "Who is there, what each node has, and what is still to do. Exits 1 if a node is unreachable, on its way, or"
                        + " silent, or if work is late by more than " + ClusterStatusCommand.MOST_LATE_SECONDS
                        + " seconds.",
        mixinStandardHelpOptions = true)
public final class ClusterStatusCommand implements Callable<Integer> {

    /** Reminders are looked at each second; who is later than this has more of them than it can do, or nobody looks. */
    static final int MOST_LATE_SECONDS = 30;

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
        JsonNode cluster = management.cluster();
        for (JsonNode node : cluster.path("nodes")) {
            out.print(row(node));
            well &= node.path("status").asText().equals("up")
                    && node.path("reachable").asBoolean()
                    && node.has("figures");
        }
        JsonNode work = cluster.path("work");
        out.println(work(work));
        out.flush();
        return well && work.isObject() && work.path("lateSeconds").asDouble() <= MOST_LATE_SECONDS ? 0 : 1;
    }

    private static String work(JsonNode work) {
        return work.isObject()
                ? String.format(
                        Locale.ROOT,
                        "open work: %,d entities, %,d of them due, the first for %.1f s",
                        work.path("entities").asInt(),
                        work.path("due").asInt(),
                        work.path("lateSeconds").asDouble())
                : "open work: cannot be read, is the database away?";
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
