package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures how devices that were away catch up: pushes wait for them, they are not in the server's memory any more, and all connect
 * at the same moment. Exits 1 if an item was lost, repeated or out of order, or came again after it was acknowledged.
 */
@Command(
        name = "backlog",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Devices that were away connect at the same moment and take what waits for them.")
final class BacklogBench implements Callable<Integer> {

    private static final int MOST_OPEN_ITEMS = 1_000;
    private static final int MOST_OPEN_BYTES = 1024 * 1024;
    private static final int SOCKETS = 19_000;
    private static final int OUTSTANDING = 64;
    private static final int PASSIVATE_SECONDS = 5;

    /** After passivation: shards tell their entities to go, which takes them a moment. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--devices", defaultValue = "1000", description = "Devices that are away: 1 to 19000.")
    private int devices = 1_000;

    @Option(
            names = "--pushes",
            defaultValue = "20",
            description = "Pushes that wait for each device, at most 1000 and 1 MiB; 0: a storm of connections alone.")
    private int pushes = 20;

    @Option(names = "--bytes", defaultValue = "300", description = "Size of a message.")
    private int bytes = 300;

    @Option(
            names = "--awake",
            description =
                    "Connects while the devices are in the server's memory; otherwise they wake from the journal.")
    private boolean awake;

    @Option(names = "--most-seconds", defaultValue = "120", description = "How long catching up may take.")
    private int mostSeconds = 120;

    @Override
    public Integer call() throws Exception {
        options.demand(devices > 0 && devices <= SOCKETS, "devices are 1 to " + SOCKETS);
        options.demand(
                pushes >= 0 && pushes <= MOST_OPEN_ITEMS && pushes * (long) bytes < MOST_OPEN_BYTES,
                "what waits for a device is at most %d pushes and %d bytes"
                        .formatted(MOST_OPEN_ITEMS, MOST_OPEN_BYTES));
        OpenFiles.demand(options, devices);
        System.out.printf(
                "bench: %d runs; %d devices are away, %d pushes of %d bytes wait for each; then all connect at once, at most"
                        + " %d s%n",
                options.runs(), devices, pushes, bytes, mostSeconds);
        List<BacklogRun> done = options.each(number -> run());
        options.report(
                "%d devices that were away connect at once, %d pushes waiting for each, postgres"
                        .formatted(devices, pushes),
                List.of(
                        "%d runs, each with a new server and database; messages of %d bytes; devices %s"
                                .formatted(
                                        options.runs(),
                                        bytes,
                                        awake
                                                ? "still in the server's memory"
                                                : "no longer in the server's memory (passivated)"),
                        "the time begins with the first connection; an item is acknowledged when the server has answered a ping"
                                + " that follows its acknowledgement; then all connect once more, and nothing may come again"),
                RunOptions.POSTGRES,
                done.stream().map(BacklogRun::machineLoad).toList(),
                Map.of("figure", done.stream().map(BacklogRun::figures).toList()));
        return done.stream().allMatch(run -> run.result().correct()) ? 0 : 1;
    }

    private BacklogRun run() throws IOException {
        String passivate = awake ? "" : Stand.passivating(PASSIVATE_SECONDS);
        try (Stand stand = Stand.onPostgres(passivate + options.javaOpts());
                ServerProcess server = stand.start()) {
            Population population = Population.register(server, Population.names(devices));
            Messages messages = new Messages();
            LoadResult sent = send(stand, server, population, messages);
            if (!awake) {
                LockSupport.parkNanos(
                        Duration.ofSeconds(PASSIVATE_SECONDS).plus(MARGIN).toNanos());
            }
            Meters meters = stand.meters(server);
            try (CatchUp catchUp = new CatchUp(Stand.address(server), population.tokens(), messages)) {
                CatchUp.Result result = catchUp.run(Duration.ofSeconds(mostSeconds), meters);
                BacklogRun run = new BacklogRun(
                        result, meters.cpu(0), sent.acceptedPerSecond(), sent.refused(), meters.machineLoad());
                System.out.println("bench: " + run.line());
                server.stop();
                return run;
            }
        }
    }

    private LoadResult send(Stand stand, ServerProcess server, Population population, Messages messages)
            throws IOException {
        Requests requests = new Requests("127.0.0.1", population.apiKey(), population.names(), "backlog", bytes);
        LoadPlan plan = LoadPlan.toAway(OUTSTANDING, 0, devices * pushes);
        try (LoadLoop loop = new LoadLoop(Stand.address(server), plan, requests, stand.meters(server), messages)) {
            return loop.run();
        }
    }
}
