package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the real server: a PostgreSQL of its own with fsync on, the server as a process, this process as the load. Each
 * run has a new database and a new server. Exits 1 if anything was lost, repeated or out of order.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Throughput, latency and CPU of the real server.",
        subcommands = {
            AudienceBench.class,
            BacklogBench.class,
            ConnectionsBench.class,
            ConversationBench.class,
            CurveBench.class,
            ReplayBench.class,
            StartBench.class,
            FloorBench.class,
            ApnsBench.class,
            ApnsPathBench.class
        })
public final class Bench implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(60);

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private PostOptions posts = new PostOptions();

    @Option(names = "--devices", defaultValue = "200", description = "Connected devices.")
    private int devices = 200;

    @Option(names = "--rate", defaultValue = "0", description = "Sends a second (open loop); 0: closed loop.")
    private double rate;

    @Option(names = "--store", defaultValue = "postgres", description = "postgres or h2.")
    private String store = "postgres";

    /** Runs the benchmark. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        LoadPlan plan = new LoadPlan(
                posts.outstanding(),
                rate,
                Duration.ofSeconds(posts.warmUpSeconds()),
                Duration.ofSeconds(posts.seconds()),
                DRAIN);
        System.out.printf(
                "bench: %d runs of %d+%d s, %s, %d devices, messages of %d bytes, %s%n",
                options.runs(), posts.warmUpSeconds(), posts.seconds(), plan.describe(), devices, posts.bytes(), store);
        List<BenchRun> done = options.each(number -> run(plan, number));
        options.report(
                "%d devices, %s, %s".formatted(devices, plan.describe(), store),
                List.of("%d runs, each %d s after %d s of warm-up, with a new server and database; messages of %d bytes"
                        .formatted(options.runs(), posts.seconds(), posts.warmUpSeconds(), posts.bytes())),
                store.equals("postgres") ? RunOptions.POSTGRES : "H2 in the server",
                done.stream().map(BenchRun::machineLoad).toList(),
                Map.of("figure", done.stream().map(BenchRun::figures).toList()));
        return done.stream().allMatch(run -> run.load().correct()) ? 0 : 1;
    }

    private BenchRun run(LoadPlan plan, int number) throws IOException {
        try (Stand stand = store.equals("postgres")
                        ? Stand.onPostgres(options.javaOpts())
                        : Stand.onH2(options.javaOpts());
                ServerProcess server = stand.start()) {
            Population population = Population.register(server, Population.names(devices));
            Requests requests =
                    new Requests("127.0.0.1", population.apiKey(), population.names(), "run" + number, posts.bytes());
            Meters meters = stand.meters(server);
            try (LoadLoop loop = new LoadLoop(Stand.address(server), plan, requests, meters)) {
                loop.connect(population.tokens());
                BenchRun run = meters.run(loop.run(), 0);
                System.out.println("bench: " + run.line());
                server.stop();
                return run;
            }
        }
    }
}
