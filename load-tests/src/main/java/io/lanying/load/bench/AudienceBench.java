package io.lanying.load.bench;

import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures what one notification to very many devices does to pushes to single ones, and to memory. The many are registered
 * through the API and are away; then the server starts anew, so that none of them is in its memory. Exits 1 if a push was
 * lost, or a device was not counted.
 */
@Command(
        name = "audience",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Single pushes alone, and while a notification goes to very many devices.")
final class AudienceBench implements Callable<Integer> {

    private static final String TAG = "crowd";
    private static final String REHEARSAL_TAG = "rehearsal";
    private static final Duration DRAIN = Duration.ofSeconds(60);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--audience", defaultValue = "100000", description = "Registered devices that are away.")
    private int audience = 100_000;

    @Option(
            names = "--rehearsal",
            defaultValue = "20000",
            description =
                    "Others that are away, to whom a notification goes during the warm-up: what is compiled then does"
                            + " not disturb the measured time.")
    private int rehearsal = 20_000;

    @Option(names = "--devices", defaultValue = "200", description = "Connected devices, which get the single pushes.")
    private int devices = 200;

    @Option(names = "--rate", defaultValue = "500", description = "Single pushes a second; 0: closed loop.")
    private double rate = 500;

    @Option(names = "--outstanding", defaultValue = "64", description = "Single pushes on their way at once.")
    private int outstanding = 64;

    @Option(names = "--warm-up", defaultValue = "150", description = "Seconds before measuring.")
    private int warmUpSeconds = 150;

    @Option(
            names = "--seconds",
            defaultValue = "120",
            description = "Measured seconds before the audience; few say little of p99, the disk stalls now and then.")
    private int seconds = 120;

    @Option(names = "--most-seconds", defaultValue = "240", description = "How long the audience may take.")
    private int mostSeconds = 240;

    @Override
    public Integer call() throws Exception {
        LoadPlan plan =
                new LoadPlan(outstanding, rate, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds), DRAIN);
        System.out.printf(
                "bench: %d runs; %d devices registered and away; %s to %d others: %d s of warm-up, with a notification to"
                        + " %d more, %d s alone, then with the audience, at most %d s%n",
                options.runs(), audience, plan.describe(), devices, warmUpSeconds, rehearsal, seconds, mostSeconds);
        List<AudienceRun> done = run(plan);
        options.report(
                "%d devices, %s to %d others".formatted(audience, plan.describe(), devices),
                List.of(
                        "%d s alone after %d s of warm-up, then until every device of the audience had been asked; single pushes of"
                                        .formatted(seconds, warmUpSeconds)
                                + " 300 bytes; a new server for each run, on the database that has the registrations"),
                RunOptions.POSTGRES,
                done.stream().map(run -> run.before().machineLoad()).toList(),
                Map.of("figure", done.stream().map(AudienceRun::figures).toList()));
        return done.stream().allMatch(AudienceRun::correct) ? 0 : 1;
    }

    private List<AudienceRun> run(LoadPlan plan) throws IOException, InterruptedException {
        try (Stand stand = Stand.onPostgres(options.javaOpts())) {
            Population away = populate(stand);
            return options.each(number -> {
                try (ServerProcess server = stand.start()) {
                    // Others in each run: those of the last would come with all the keys that they remember for 7 days.
                    List<String> names = IntStream.range(0, devices)
                            .mapToObj(device -> "run" + number + "d" + device)
                            .toList();
                    Population connected = away.others(server, names);
                    Requests requests = new Requests("127.0.0.1", connected.apiKey(), names, "run" + number, 300);
                    AudienceRun run = measure(plan, stand, server, requests, connected);
                    server.stop();
                    System.out.printf(
                            "bench: p99 during / alone %.2f, of the median 5 s %.2f%n",
                            run.ratio(), run.typicalRatio());
                    System.out.printf(
                            "bench: p99 of each %d s, ms: alone %s, during %s%n",
                            LoadLoop.WINDOW_SECONDS,
                            run.before().load().deliverMillisByWindow(99),
                            run.during().load().deliverMillisByWindow(99));
                    return run;
                }
            });
        }
    }

    /** With a server of its own: what it had in memory is gone when the measured one starts. */
    private Population populate(Stand stand) throws IOException {
        try (ServerProcess server = stand.start()) {
            Population population = Population.register(server, List.of());
            register(server, population.apiKey(), "c", TAG, audience);
            register(server, population.apiKey(), "r", REHEARSAL_TAG, rehearsal);
            server.stop();
            return population;
        }
    }

    private static void register(ServerProcess server, String apiKey, String prefix, String tag, int count)
            throws IOException {
        String body = "{\"platform\":\"android\",\"tags\":[\"" + tag + "\"]}";
        try (Registrations all =
                new Registrations(Stand.address(server), apiKey, number -> prefix + number, body, count)) {
            all.run();
        }
    }

    private AudienceRun measure(
            LoadPlan plan, Stand stand, ServerProcess server, Requests requests, Population population)
            throws IOException, InterruptedException {
        Heap heap = stand.heap(server);
        Meters meters = stand.meters(server);
        Api api = new Api(Api.newHttpClient(), server.address(), population.apiKey());
        Crowd crowd = new Crowd(api, TAG, "crowd-" + server.handle().pid());
        int[] collections = new int[1];
        try (LoadLoop loop = new LoadLoop(Stand.address(server), plan, requests, meters)) {
            loop.connect(population.tokens());
            long[] left = new long[2];
            int[] accepted = new int[2];
            new Crowd(api, REHEARSAL_TAG, "rehearsal-" + server.handle().pid()).send();
            List<LoadResult> both = loop.run(List.of(
                    new LoadLoop.Stage(
                            Optional.of(() -> {
                                left[0] = collect(heap);
                                accepted[0] = loop.accepted();
                            }),
                            () -> {},
                            plan.measured(),
                            () -> false),
                    new LoadLoop.Stage(
                            Optional.of(() -> {
                                left[1] = collect(heap);
                                accepted[1] = loop.accepted();
                            }),
                            () -> {
                                System.out.println("bench: the audience begins");
                                collections[0] = heap.collections();
                                crowd.send();
                            },
                            Duration.ofSeconds(mostSeconds),
                            crowd::isSent)));
            return new AudienceRun(
                    audience,
                    meters.run(both.get(0), 0),
                    meters.run(both.get(1), 1),
                    crowd.outcome(),
                    new AudienceRun.HeapLeft(left[0], left[1], heap.highestSince(collections[0]), heap.collect()),
                    new int[] {accepted[1] - accepted[0], loop.accepted() - accepted[1]});
        }
    }

    private static long collect(Heap heap) {
        try {
            return heap.collect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
