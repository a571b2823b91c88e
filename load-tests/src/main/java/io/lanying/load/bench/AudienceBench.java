package io.lanying.load.bench;

import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.Service;
import io.lanying.load.history.Recorder;
import io.lanying.load.rig.Rig;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

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

    @Option(names = "--runs", defaultValue = "3", description = "Runs, each with a new server on the same database.")
    private int runs = 3;

    @Option(names = "--java-opts", defaultValue = "", description = "JVM options of the server, on top of the shipped.")
    private String javaOpts = "";

    @Option(names = "--out", description = "Writes NAME.md and NAME.json; nothing if absent.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() throws Exception {
        LoadPlan plan =
                new LoadPlan(outstanding, rate, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds), DRAIN);
        System.out.printf(
                "bench: %d runs; %d devices registered and away; %s to %d others: %d s of warm-up, with a notification to"
                        + " %d more, %d s alone, then with the audience, at most %d s%n",
                runs, audience, plan.describe(), devices, warmUpSeconds, rehearsal, seconds, mostSeconds);
        List<AudienceRun> done = run(plan);
        report(plan, done);
        return done.stream().allMatch(AudienceRun::correct) ? 0 : 1;
    }

    private List<AudienceRun> run(LoadPlan plan) throws IOException, InterruptedException {
        Path workDir = Files.createTempDirectory("lanying-bench-");
        try (PostgresServer database = PostgresServer.start()) {
            Optional<ProcessHandle> databaseProcess = Bench.onlyChild();
            var made = database.newDatabase();
            Path log = workDir.resolve("gc.log");
            ServerSettings settings = ServerSettings.onPostgres(workDir, made.jdbcUrl(), made.user(), made.password())
                    .withJvmOptions(Heap.option(log) + " " + javaOpts);
            List<String> names =
                    IntStream.range(0, devices).mapToObj(index -> "d" + index).toList();
            Bench.Population population = populate(settings, names);
            List<AudienceRun> done = new ArrayList<>();
            for (int number = 1; number <= runs; number++) {
                try (ServerProcess server = ServerProcess.start(settings)) {
                    Requests requests = new Requests("127.0.0.1", population.apiKey(), names, "run" + number, 300);
                    done.add(measure(plan, server, new Meters(server, databaseProcess), log, requests, population));
                    server.stop();
                }
                System.out.printf(
                        "bench: run %d of %d: p99 during / alone %.2f, of the median 5 s %.2f%n",
                        number,
                        runs,
                        done.get(number - 1).ratio(),
                        done.get(number - 1).typicalRatio());
            }
            return done;
        } finally {
            Bench.remove(workDir);
        }
    }

    /** With a server of its own: what it had in memory is gone when the measured one starts. */
    private Bench.Population populate(ServerSettings settings, List<String> names) throws IOException {
        try (ServerProcess server = ServerProcess.start(settings)) {
            Bench.Population population = Bench.populate(server, names);
            register(server, population.apiKey(), "c", TAG, audience);
            register(server, population.apiKey(), "r", REHEARSAL_TAG, rehearsal);
            server.stop();
            return population;
        }
    }

    private static void register(ServerProcess server, String apiKey, String prefix, String tag, int count)
            throws IOException {
        String body = "{\"platform\":\"android\",\"tags\":[\"" + tag + "\"]}";
        try (Registrations all = new Registrations(address(server), apiKey, prefix, body, count)) {
            all.run();
        }
    }

    private static InetSocketAddress address(ServerProcess server) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.settings().httpPort());
    }

    private AudienceRun measure(
            LoadPlan plan,
            ServerProcess server,
            Meters meters,
            Path log,
            Requests requests,
            Bench.Population population)
            throws IOException, InterruptedException {
        Heap heap = new Heap(log, server.handle().pid());
        Api api = new Api(Api.newHttpClient(), server.address(), population.apiKey());
        Crowd crowd = new Crowd(api, TAG, "crowd-" + server.handle().pid());
        int[] collections = new int[1];
        awaken(server, population.apiKey());
        try (LoadLoop loop = new LoadLoop(plan, requests, meters)) {
            loop.connect(address(server), population.tokens());
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

    /** A server that has just started finds its shards first; a device that connects meanwhile may be told to come again. */
    private void awaken(ServerProcess server, String apiKey) {
        Service service = new Service("bench", new Api(Api.newHttpClient(), server.address(), apiKey), new Recorder());
        for (int device = 0; device < devices; device++) {
            Rig.await(service.view("d" + device));
        }
    }

    private void report(LoadPlan plan, List<AudienceRun> done) throws IOException {
        String title = "%d devices, %s to %d others".formatted(audience, plan.describe(), devices);
        List<String> circumstances = List.of(
                "%d s alone after %d s of warm-up, then until every device of the audience had been asked; single pushes of"
                                .formatted(seconds, warmUpSeconds)
                        + " 300 bytes; a new server for each run, on the database that has the registrations",
                "server, database (PostgreSQL, fsync on) and load generator on %d cores (%s), Java %s; load average before: %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                Bench.processor(),
                                Runtime.version().feature(),
                                done.stream()
                                        .map(run -> run.before().machineLoad())
                                        .toList()),
                "`load-tests/bin/bench "
                        + String.join(
                                " ", spec.root().commandLine().getParseResult().originalArgs())
                        + "`, " + LocalDate.now(ZoneOffset.UTC));
        String markdown = AudienceRun.markdown(title, circumstances, done);
        System.out.println(markdown);
        if (out.isPresent()) {
            Files.createDirectories(out.get().toAbsolutePath().getParent());
            Files.writeString(Path.of(out.get() + ".md"), markdown);
            Files.writeString(
                    Path.of(out.get() + ".json"),
                    AudienceRun.json(title, circumstances, done).toPrettyString() + "\n");
        }
    }
}
