package io.lanying.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.rig.Rig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Mixin
    private RunOptions options = new RunOptions();

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

    @Override
    public Integer call() throws Exception {
        options.demand(
                sizes.stream().allMatch(size -> size >= 2 && size <= MOST_MEMBERS) && outstanding > 0 && messages > 0,
                "sizes are 2 to " + MOST_MEMBERS + ", outstanding and messages 1 or more");
        System.out.printf(
                "bench: %d runs; conversations of %s members; %d s of warm-up each, then at most %d s or %d messages one"
                        + " at a time, then the same with %d on their way%n",
                options.runs(), sizes, warmUpSeconds, seconds, messages, outstanding);
        List<ConversationRun> done = options.each(number -> run());
        options.report(
                "Conversations of %s members, all connected, postgres"
                        .formatted(sizes.stream().map(String::valueOf).collect(Collectors.joining(", "))),
                circumstances(),
                RunOptions.POSTGRES,
                done.stream().map(ConversationRun::machineLoad).toList(),
                ConversationRun.parts(done));
        return done.stream().allMatch(ConversationRun::correct) ? 0 : 1;
    }

    private List<String> circumstances() {
        return List.of(
                "%d runs, each with a new server and database; at each size %d s of warm-up, then at most %d s or %d messages"
                                .formatted(options.runs(), warmUpSeconds, seconds, messages)
                        + " one at a time, then the same with %d on their way; a message is on its way until the last member has it;"
                                .formatted(outstanding)
                        + " texts of %d bytes; the sender is a member".formatted(bytes),
                "CPU and journal of the busy time; journal rows as the table has them, without indexes");
    }

    private ConversationRun run() throws IOException {
        try (Stand stand = Stand.onPostgres(options.javaOpts());
                ServerProcess server = stand.start()) {
            int most = sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
            Population population = Population.register(server, Population.names(most));
            Meters meters = stand.meters(server);
            JournalSize journal = new JournalSize(stand.database());
            List<ConversationRun.Size> measured = new ArrayList<>();
            for (int members : sizes) {
                ConversationRun.Size size = measure(server, population, members, meters, measured.size(), journal);
                System.out.println("bench: " + size.line());
                measured.add(size);
            }
            server.stop();
            return new ConversationRun(measured, meters.machineLoad());
        }
    }

    private ConversationRun.Size measure(
            ServerProcess server, Population population, int members, Meters meters, int stage, JournalSize journal)
            throws IOException {
        String conversation = "c" + members;
        begin(new Api(Api.newHttpClient(), server.address(), population.apiKey()), conversation, members);
        TalkRequests requests = new TalkRequests("127.0.0.1", population.apiKey(), conversation, user(0), bytes);
        List<String> tokens = population.tokens().subList(0, members);
        try (TalkLoop loop = new TalkLoop(Stand.address(server), tokens, requests, outstanding, DRAIN)) {
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

    private static String user(int index) {
        return Population.user("d" + index);
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
}
