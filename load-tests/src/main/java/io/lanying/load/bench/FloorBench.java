package io.lanying.load.bench;

import io.lanying.load.client.FreePorts;
import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures what this machine can do without us, so that other figures become ratios: rows into the journal's table, and POSTs
 * to an Akka HTTP server that does nothing with them.
 */
@Command(
        name = "floor",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "What this machine can do: rows into the journal's table, POSTs to a bare Akka HTTP server.")
final class FloorBench implements Callable<Integer> {

    private static final String DEVICE = "template";
    private static final String BARE = "io.lanying.micro.floor.BareHttpServer";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--connections", defaultValue = "64", description = "Writers, and POSTs outstanding, at once.")
    private int connections = 64;

    @Option(names = "--batch", defaultValue = "100", description = "Rows in a commit, where there are several.")
    private int batch = 100;

    @Option(names = "--bytes", defaultValue = "300", description = "Size of a message.")
    private int bytes = 300;

    @Option(names = "--warm-up", defaultValue = "10", description = "Seconds before measuring each.")
    private int warmUpSeconds = 10;

    @Option(names = "--seconds", defaultValue = "20", description = "Measured seconds of each.")
    private int seconds = 20;

    @Override
    public Integer call() throws Exception {
        options.demand(
                connections > 0 && connections <= 90 && batch > 0 && seconds > 0 && options.runs() > 0,
                "connections are 1 to 90, batch, seconds and runs 1 or more");
        List<JournalInserts.Plan> plans = List.of(plan(1, 1), plan(connections, 1), plan(1, batch), plan(2, batch));
        System.out.printf(
                "bench: %d runs of %d+%d s each: journal rows by %s; POSTs of %d bytes, %d outstanding%n",
                options.runs(),
                warmUpSeconds,
                seconds,
                plans.stream().map(JournalInserts.Plan::describe).toList(),
                bytes,
                connections);
        List<SideRun> done = options.each(number -> run(plans));
        SideRun.report(
                options,
                "What this machine can do",
                List.of(
                        "%d s after %d s of warm-up each, a new database for each run"
                                .formatted(seconds, warmUpSeconds),
                        "journal: copies of the event that a push of 300 bytes leaves, in the schema as the server"
                                + " makes it, with its indexes",
                        "POST: Akka HTTP with its own settings and the server's JVM options reads the body and answers 202;"
                                + " %d outstanding, messages of %d bytes".formatted(connections, bytes)),
                RunOptions.POSTGRES,
                done);
        return 0;
    }

    private JournalInserts.Plan plan(int writers, int rows) {
        return new JournalInserts.Plan(writers, rows, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
    }

    private SideRun run(List<JournalInserts.Plan> plans) throws IOException, InterruptedException {
        SideRun run = new SideRun();
        List<String> jvmOptions;
        try (Stand stand = Stand.onPostgres(options.javaOpts())) {
            jvmOptions = prepare(stand);
            JournalInserts inserts = new JournalInserts(stand.database(), stand.databaseProcess(), DEVICE);
            run.put("journal, bytes of an event", inserts.eventBytes());
            for (JournalInserts.Plan plan : plans) {
                insert(plan, inserts.run(plan, "p" + plans.indexOf(plan)), run);
            }
        }
        post(jvmOptions, run);
        return run;
    }

    /** The real server makes the schema and journals a push. Returns its JVM's options. */
    private static List<String> prepare(Stand stand) throws IOException, InterruptedException {
        try (ServerProcess server = stand.start()) {
            String key = Population.register(server, List.of(DEVICE)).apiKey();
            new Pushes(server, key, "floor").send(DEVICE);
            List<String> jvmOptions = MicroProgram.optionsOf(server);
            server.stop();
            return jvmOptions;
        }
    }

    private static void insert(JournalInserts.Plan plan, JournalInserts.Result result, SideRun run) {
        String how = "journal, " + plan.describe();
        run.put(how + ", rows/s", result.rowsPerSecond());
        for (int percentile : new int[] {50, 99}) {
            run.put(how + ", commit p" + percentile + ", ms", LoadResult.millis(result.commitNanos(), percentile));
        }
        run.put(how + ", database CPU per row, µs", result.database() * 1e6 / Math.max(1, result.rows()));
    }

    private void post(List<String> jvmOptions, SideRun run) throws IOException {
        int port = FreePorts.next();
        try (MicroProgram server = MicroProgram.start(BARE, jvmOptions, Integer.toString(port))) {
            server.line("listening");
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            Requests requests =
                    new Requests(address.getHostString(), "lk_" + "x".repeat(40), List.of(DEVICE), "floor", bytes);
            PostClocks clocks = new PostClocks(server.pid());
            new PostLoad(address, requests, connections, warmUpSeconds, seconds)
                    .run(clocks, load -> tell(load, clocks, run));
        }
    }

    private static void tell(LoadResult load, PostClocks clocks, SideRun run) {
        double posts = Math.max(1, load.acceptedMeasured());
        run.put("POST/s", load.acceptedPerSecond());
        for (int percentile : new int[] {50, 99}) {
            run.put("POST p" + percentile + ", ms", LoadResult.millis(load.acceptNanos(), percentile));
        }
        run.put("server CPU per POST, µs", clocks.server() * 1e6 / posts);
        run.put("load generator CPU per POST, µs", clocks.generator() * 1e6 / posts);
    }
}
