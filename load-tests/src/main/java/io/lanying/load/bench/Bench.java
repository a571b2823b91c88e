package io.lanying.load.bench;

import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.Operator;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.Service;
import io.lanying.load.history.Recorder;
import io.lanying.load.rig.Rig;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
            ConversationBench.class,
            ReplayBench.class,
            StartBench.class,
            FloorBench.class,
            ApnsBench.class,
            ApnsPathBench.class
        })
public final class Bench implements Callable<Integer> {

    private static final int REGISTRATIONS_AT_ONCE = 16;
    private static final Duration DRAIN = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--devices", defaultValue = "200", description = "Connected devices.")
    private int devices = 200;

    @Option(names = "--outstanding", defaultValue = "64", description = "Sends on their way at once.")
    private int outstanding = 64;

    @Option(names = "--rate", defaultValue = "0", description = "Sends a second (open loop); 0: closed loop.")
    private double rate;

    @Option(names = "--bytes", defaultValue = "300", description = "Size of a message.")
    private int bytes = 300;

    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds before measuring.")
    private int warmUpSeconds = 20;

    @Option(names = "--seconds", defaultValue = "30", description = "Measured seconds.")
    private int seconds = 30;

    @Option(names = "--runs", defaultValue = "3", description = "Runs; the median is reported.")
    private int runs = 3;

    @Option(names = "--store", defaultValue = "postgres", description = "postgres or h2.")
    private String store = "postgres";

    @Option(names = "--java-opts", defaultValue = "", description = "JVM options of the server, on top of the shipped.")
    private String javaOpts = "";

    @Option(names = "--out", description = "Writes NAME.md and NAME.json; nothing if absent.")
    private Optional<Path> out = Optional.empty();

    /** Runs the benchmark. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        LoadPlan plan =
                new LoadPlan(outstanding, rate, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds), DRAIN);
        System.out.printf(
                "bench: %d runs of %d+%d s, %s, %d devices, messages of %d bytes, %s%n",
                runs, warmUpSeconds, seconds, plan.describe(), devices, bytes, store);
        List<BenchRun> done = new ArrayList<>();
        for (int number = 1; number <= runs; number++) {
            BenchRun run = run(plan, number);
            System.out.printf("bench: run %d of %d: %s%n", number, runs, Figures.line(run));
            done.add(run);
        }
        report(plan, done);
        return done.stream().allMatch(run -> run.load().correct()) ? 0 : 1;
    }

    private BenchRun run(LoadPlan plan, int number) throws IOException {
        Path workDir = Files.createTempDirectory("lanying-bench-");
        Optional<PostgresServer> database =
                store.equals("postgres") ? Optional.of(PostgresServer.start()) : Optional.empty();
        Optional<ProcessHandle> databaseProcess = onlyChild();
        try (ServerProcess server = ServerProcess.start(settings(workDir, database))) {
            List<String> names =
                    IntStream.range(0, devices).mapToObj(index -> "d" + index).toList();
            Population population = populate(server, names);
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), server.settings().httpPort());
            Requests requests =
                    new Requests(address.getHostString(), population.apiKey(), names, "run" + number, bytes);
            BenchRun measured = measure(plan, server, databaseProcess, address, requests, population.tokens());
            server.stop();
            return measured;
        } finally {
            database.ifPresent(PostgresServer::close);
            remove(workDir);
        }
    }

    /** Our only child that lives is the database's first process, before the server is started. */
    static Optional<ProcessHandle> onlyChild() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).findFirst();
    }

    private ServerSettings settings(Path workDir, Optional<PostgresServer> database) {
        return database.map(PostgresServer::newDatabase)
                .map(made -> ServerSettings.onPostgres(workDir, made.jdbcUrl(), made.user(), made.password()))
                .orElseGet(() -> ServerSettings.onH2(workDir))
                .withJvmOptions(javaOpts);
    }

    record Population(String apiKey, List<String> tokens) {}

    /** Registers the devices through the API, some at once. */
    static Population populate(ServerProcess server, List<String> names) {
        HttpClient http = Api.newHttpClient();
        String key = Rig.await(new Operator(http, server.address(), ServerSettings.OPERATOR_KEY).newKey("bench"));
        Service service = new Service("bench", new Api(http, server.address(), key), new Recorder());
        List<String> tokens = new ArrayList<>();
        for (int from = 0; from < names.size(); from += REGISTRATIONS_AT_ONCE) {
            List<CompletableFuture<String>> page =
                    names.subList(from, Math.min(names.size(), from + REGISTRATIONS_AT_ONCE)).stream()
                            .map(name -> service.bind(name, "user-" + name)
                                    .thenApply(Answer::orThrow)
                                    .thenCompose(bound -> service.sessionToken(name)))
                            .toList();
            page.forEach(token -> tokens.add(Rig.await(token)));
        }
        return new Population(key, tokens);
    }

    private static BenchRun measure(
            LoadPlan plan,
            ServerProcess server,
            Optional<ProcessHandle> databaseProcess,
            InetSocketAddress address,
            Requests requests,
            List<String> tokens)
            throws IOException {
        Meters meters = new Meters(server, databaseProcess);
        try (LoadLoop loop = new LoadLoop(plan, requests, meters)) {
            loop.connect(address, tokens);
            return meters.run(loop.run(), 0);
        }
    }

    private void report(LoadPlan plan, List<BenchRun> done) throws IOException {
        String title = "%d devices, %s, %s".formatted(devices, plan.describe(), store);
        List<String> circumstances = List.of(
                "%d runs, each %d s after %d s of warm-up, with a new server and database; messages of %d bytes"
                        .formatted(runs, seconds, warmUpSeconds, bytes),
                "server, database (%s) and load generator on %d cores (%s), Java %s; load average before each run: %s"
                        .formatted(
                                store.equals("postgres") ? "PostgreSQL, fsync on" : "H2 in the server",
                                Runtime.getRuntime().availableProcessors(),
                                processor(),
                                Runtime.version().feature(),
                                done.stream().map(BenchRun::machineLoad).toList()),
                "`load-tests/bin/bench "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()) + "`, "
                        + LocalDate.now(ZoneOffset.UTC));
        String markdown = Figures.markdown(title, circumstances, done);
        System.out.println(markdown);
        if (out.isPresent()) {
            Path file = out.get();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(Path.of(file + ".md"), markdown);
            Files.writeString(
                    Path.of(file + ".json"),
                    Figures.json(title, circumstances, done).toPrettyString() + "\n");
        }
    }

    static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
