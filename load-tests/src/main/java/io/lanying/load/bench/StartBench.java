package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures how long a node takes from the start of its process until it says that it is ready, and until it has accepted a
 * push: with a new database, with one that has a single device, and with a large one.
 */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "How long a node takes to start, with a new, a small and a large database.")
final class StartBench implements Callable<Integer> {

    private static final String FIRST = "first";
    private static final String CROWD_BODY = "{\"platform\":\"android\"}";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--devices", defaultValue = "20000", description = "Devices in the large database.")
    private int devices = 20_000;

    @Option(names = "--events", defaultValue = "100000", description = "Events of one more device in it.")
    private long events = 100_000;

    @Option(
            names = "--fill-seconds",
            defaultValue = "1200",
            description = "How long those events may take; then there are as many as there are.")
    private int fillSeconds = 1200;

    @Override
    public Integer call() throws Exception {
        options.demand(devices > 0 && events > 0 && options.runs() > 0, "all numbers are 1 or more");
        System.out.printf(
                "bench: a database with %d devices and another one with %d events, made in at most %d s; then %d runs, each:"
                        + " a node's start with a new database, with one device, and with the large database%n",
                devices, events, fillSeconds, options.runs());
        try (Stand large = Stand.onPostgres(options.javaOpts())) {
            DeviceJournal journal = new DeviceJournal(large.database(), LongJournal.DEVICE);
            String key = fill(large, journal);
            DeviceJournal.Size size = journal.size();
            long rows = new JournalSize(large.database()).place();
            System.out.printf("bench: the large database has %d events%n", rows);
            List<SideRun> done = options.each(number -> run(large, key));
            SideRun.report(
                    options,
                    "Start of a node, with up to %d events".formatted(rows),
                    List.of(
                            "the large database has %d devices, and one with %d events and a snapshot of %d bytes"
                                    .formatted(devices, size.events(), size.snapshotBytes()),
                            "the database runs already, and the machine has read all files before; a push is tried every 5 ms"
                                    + " from when the node is ready until it is accepted"),
                    RunOptions.POSTGRES,
                    done);
            return 0;
        }
    }

    /** Returns the API key of its devices' tenant. */
    private String fill(Stand stand, DeviceJournal journal) throws IOException, InterruptedException {
        try (ServerProcess server = stand.start()) {
            Population population = Population.register(server, List.of(LongJournal.DEVICE, FIRST));
            try (Registrations crowd = new Registrations(
                    Stand.address(server), population.apiKey(), number -> "c" + number, CROWD_BODY, devices)) {
                crowd.run();
            }
            int pushes = (int) Math.min(LongJournal.MOST_PUSHES, events / 2);
            new LongJournal(server, population.apiKey(), population.tokens().get(0), journal)
                    .fill(events, pushes, Duration.ofSeconds(fillSeconds));
            server.stop();
            return population.apiKey();
        }
    }

    private SideRun run(Stand large, String largeKey) throws IOException, InterruptedException {
        SideRun run = new SideRun();
        try (Stand small = Stand.onPostgres(options.javaOpts())) {
            String key;
            try (Startup start = Startup.of(small.settings())) {
                start.tell("new database", run);
                start.server().awaitReady();
                key = Population.register(start.server(), List.of(FIRST)).apiKey();
            }
            try (Startup start = Startup.of(small.settings())) {
                start.push(key, FIRST);
                start.tell("one device", run);
            }
        }
        try (Startup start = Startup.of(large.settings())) {
            start.push(largeKey, FIRST);
            start.tell("large database", run);
            double seconds = new Pushes(start.server(), largeKey, start.prefix() + "-long").send(LongJournal.DEVICE);
            run.put("large database, then the first push to the device with the long journal, ms", seconds * 1e3);
        }
        return run;
    }
}
