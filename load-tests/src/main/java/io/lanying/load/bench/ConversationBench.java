package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.rig.Rig;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures messages in conversations of several sizes, each member connected with one device: how long until the last one has
 * a message, how many go through, and what they cost. Exits 1 if anything was lost, repeated or out of order.
 */
@Command(
        name = "conversation",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Messages to conversations of several sizes, to the last member.")
final class ConversationBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_AT_CREATION = 1_000;
    private static final int MOST_MEMBERS = 10_000;
    private static final int JOINS_AT_ONCE = 16;

    private static final Duration DRAIN = Duration.ofSeconds(60);

    /** Acknowledgements are journaled a second after they came, if no other event takes them along. */
    private static final Duration ACKNOWLEDGED = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "2,50,500,5000",
            description = "Members of the conversations, each connected: 2 to 10000.")
    private List<Integer> sizes = List.of();

    @Option(names = "--outstanding", defaultValue = "16", description = "Messages on their way in the busy time.")
    private int outstanding = 16;

    @Option(names = "--bytes", defaultValue = "300", description = "Size of a message's text.")
    private int bytes = 300;

    @Option(names = "--warm-up", defaultValue = "10", description = "Busy seconds before measuring, at each size.")
    private int warmUpSeconds = 10;

    @Option(names = "--seconds", defaultValue = "15", description = "Seconds of each measured time, at most.")
    private int seconds = 15;

    @Option(names = "--messages", defaultValue = "10000", description = "Messages in each measured time, at most.")
    private int messages = 10_000;

    @Option(names = "--runs", defaultValue = "3", description = "Runs; the median is reported.")
    private int runs = 3;

    @Option(names = "--java-opts", defaultValue = "", description = "JVM options of the server, on top of the shipped.")
    private String javaOpts = "";

    @Option(names = "--out", description = "Writes NAME.md and NAME.json; nothing if absent.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() throws Exception {
        if (sizes.stream().anyMatch(size -> size < 2 || size > MOST_MEMBERS) || outstanding < 1 || messages < 1) {
            throw new ParameterException(
                    spec.commandLine(), "sizes are 2 to " + MOST_MEMBERS + ", outstanding and messages 1 or more");
        }
        System.out.printf(
                "bench: %d runs; conversations of %s members; %d s of warm-up each, then at most %d s or %d messages one"
                        + " at a time, then the same with %d on their way%n",
                runs, sizes, warmUpSeconds, seconds, messages, outstanding);
        List<ConversationRun> done = new ArrayList<>();
        for (int number = 1; number <= runs; number++) {
            System.out.printf("bench: run %d of %d%n", number, runs);
            done.add(run());
        }
        report(done);
        return done.stream().allMatch(ConversationRun::correct) ? 0 : 1;
    }

    private ConversationRun run() throws IOException {
        Path workDir = Files.createTempDirectory("lanying-bench-");
        try (PostgresServer database = PostgresServer.start()) {
            Optional<ProcessHandle> databaseProcess = Bench.onlyChild();
            PostgresServer.Database made = database.newDatabase();
            ServerSettings settings = ServerSettings.onPostgres(workDir, made.jdbcUrl(), made.user(), made.password())
                    .withJvmOptions(javaOpts);
            try (ServerProcess server = ServerProcess.start(settings)) {
                int most = sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
                List<String> names =
                        IntStream.range(0, most).mapToObj(index -> "d" + index).toList();
                Bench.Population population = Bench.populate(server, names);
                Meters meters = new Meters(server, databaseProcess);
                List<ConversationRun.Size> measured = new ArrayList<>();
                for (int members : sizes) {
                    ConversationRun.Size size =
                            measure(server, population, members, meters, measured.size(), new JournalSize(made));
                    System.out.println("bench: " + size.line());
                    measured.add(size);
                }
                server.stop();
                return new ConversationRun(measured, meters.machineLoad());
            }
        } finally {
            Bench.remove(workDir);
        }
    }

    private ConversationRun.Size measure(
            ServerProcess server,
            Bench.Population population,
            int members,
            Meters meters,
            int stage,
            JournalSize journal)
            throws IOException {
        String conversation = "c" + members;
        begin(new Api(Api.newHttpClient(), server.address(), population.apiKey()), conversation, members);
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.settings().httpPort());
        TalkRequests requests =
                new TalkRequests(address.getHostString(), population.apiKey(), conversation, user(0), bytes);
        try (TalkLoop loop =
                new TalkLoop(address, population.tokens().subList(0, members), requests, outstanding, DRAIN)) {
            loop.run(new TalkLoop.Plan(outstanding, Duration.ofSeconds(warmUpSeconds), messages));
            TalkLoop.Result quiet = loop.run(new TalkLoop.Plan(1, Duration.ofSeconds(seconds), messages));
            LockSupport.parkNanos(ACKNOWLEDGED.toNanos());
            long place = journal.place();
            meters.measuring();
            TalkLoop.Result busy = loop.run(new TalkLoop.Plan(outstanding, Duration.ofSeconds(seconds), messages));
            meters.measured();
            LockSupport.parkNanos(ACKNOWLEDGED.toNanos());
            return new ConversationRun.Size(members, quiet, busy, meters.cpu(stage), journal.since(place));
        }
    }

    /** Each device has a user of its own: see {@link Bench#populate}. */
    private static String user(int index) {
        return "user-d" + index;
    }

    private static void begin(Api api, String conversation, int members) {
        ObjectNode body = JSON.createObjectNode().put("type", "group").put("conversationId", conversation);
        for (int member = 0; member < Math.min(members, MOST_AT_CREATION); member++) {
            body.withArray("members").addObject().put("userId", user(member));
        }
        Rig.await(Api.patiently(attempt -> api.post("/v1/conversations", body, conversation)))
                .orThrow();
        for (int from = MOST_AT_CREATION; from < members; from += JOINS_AT_ONCE) {
            List<CompletableFuture<Answer>> joins = IntStream.range(from, Math.min(members, from + JOINS_AT_ONCE))
                    .mapToObj(member -> "/v1/conversations/" + conversation + "/members/" + user(member))
                    .map(path -> Api.patiently(attempt -> api.put(path, JSON.createObjectNode())))
                    .toList();
            joins.forEach(join -> Rig.await(join).orThrow());
        }
    }

    private void report(List<ConversationRun> done) throws IOException {
        String title = "Conversations of %s members, all connected, postgres"
                .formatted(sizes.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        List<String> circumstances = List.of(
                "%d runs, each with a new server and database; at each size %d s of warm-up, then at most %d s or %d messages"
                                .formatted(runs, warmUpSeconds, seconds, messages)
                        + " one at a time, then the same with %d on their way; a message is on its way until the last member has it;"
                                .formatted(outstanding)
                        + " texts of %d bytes; the sender is a member".formatted(bytes),
                "server, database (PostgreSQL, fsync on) and load generator on %d cores (%s), Java %s; load average before each run: %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                Bench.processor(),
                                Runtime.version().feature(),
                                done.stream().map(ConversationRun::machineLoad).toList()),
                "CPU and journal of the busy time; journal rows as the table has them, without indexes",
                "`load-tests/bin/bench "
                        + String.join(
                                " ", spec.root().commandLine().getParseResult().originalArgs())
                        + "`, " + LocalDate.now(ZoneOffset.UTC));
        String markdown = ConversationRun.markdown(title, circumstances, done);
        System.out.println(markdown);
        if (out.isPresent()) {
            Files.createDirectories(out.get().toAbsolutePath().getParent());
            Files.writeString(Path.of(out.get() + ".md"), markdown);
            Files.writeString(
                    Path.of(out.get() + ".json"),
                    ConversationRun.json(title, circumstances, done).toPrettyString() + "\n");
        }
    }
}
