package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures what reading one device's long journal takes: as auditors do, and as the device itself does when it comes back. The
 * journal is made once; each run has a new server on it. Fails if events are missing or a state is not the one asked for.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Reading one device's long journal: events, states as they were, its own recovery.")
final class ReplayBench implements Callable<Integer> {

    private static final int SHORT_JOURNALS = 20;
    private static final int PASSIVATIONS = 3;
    private static final Duration PASSIVATE_AFTER = Duration.ofSeconds(3);
    private static final Duration PASSIVATED = PASSIVATE_AFTER.plusSeconds(2);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--events", defaultValue = "100000", description = "Events in the device's journal.")
    private long events = 100_000;

    @Option(
            names = "--pushes",
            defaultValue = "9000",
            description = "How many of them may be pushes, at most half; the rest are connections that came and went."
                    + " More than 9000 a device refuses within 7 days, unless --java-opts says otherwise.")
    private int pushes = LongJournal.MOST_PUSHES;

    @Option(
            names = "--fill-seconds",
            defaultValue = "1200",
            description = "How long making the journal may take; then it is as long as it is.")
    private int fillSeconds = 1200;

    @Override
    public Integer call() throws Exception {
        options.demand(
                events >= 100 && pushes > 0 && options.runs() > 0, "events are 100 or more, the others 1 or more");
        System.out.printf(
                "bench: one device with %d events, made in at most %d s; then %d runs, each with a new server on them: first"
                        + " pushes after a restart, all events twice by pages and once as lines, states in the middle and at"
                        + " the end, first pushes after %d passivations%n",
                events, fillSeconds, options.runs(), PASSIVATIONS);
        // The one may not be shorter than the other.
        String passivate = "-Dpush.device.passivate-after=%1$ds -Dpush.device.session-return=%1$ds "
                .formatted(PASSIVATE_AFTER.toSeconds());
        try (Stand stand = Stand.onPostgres(passivate + options.javaOpts())) {
            DeviceJournal journal = new DeviceJournal(stand.database(), LongJournal.DEVICE);
            Population population = fill(stand, journal);
            DeviceJournal.Size size = journal.size();
            System.out.printf("bench: the journal has %d events, %d bytes%n", size.events(), size.bytes());
            List<SideRun> done = options.each(number -> run(stand, population, journal, number));
            SideRun.report(
                    options,
                    "One device with %d events".formatted(size.events()),
                    List.of(
                            "%d of them pushes of 300 bytes, the others connections; %d bytes of events, a snapshot of %d bytes"
                                    .formatted(pushed(), size.bytes(), size.snapshotBytes()),
                            "one caller, one call at a time; a new server for each run; devices without a session leave"
                                    + " memory after " + PASSIVATE_AFTER.toSeconds() + " s"),
                    RunOptions.POSTGRES,
                    done);
            return 0;
        }
    }

    private int pushed() {
        return (int) Math.min(pushes, events / 2);
    }

    private Population fill(Stand stand, DeviceJournal journal) throws IOException, InterruptedException {
        try (ServerProcess server = stand.start()) {
            List<String> names = new ArrayList<>(List.of(LongJournal.DEVICE));
            IntStream.range(0, SHORT_JOURNALS).forEach(number -> names.add(shortOne(number)));
            Population population = Population.register(server, names);
            new LongJournal(server, population.apiKey(), population.tokens().get(0), journal)
                    .fill(events, pushed(), Duration.ofSeconds(fillSeconds));
            server.stop();
            return population;
        }
    }

    private static String shortOne(int number) {
        return "short" + number;
    }

    private SideRun run(Stand stand, Population population, DeviceJournal journal, int number)
            throws IOException, InterruptedException {
        SideRun run = new SideRun();
        try (ServerProcess server = stand.start()) {
            Heap heap = stand.heap(server);
            Costs costs = new Costs(server.handle(), stand.databaseProcess(), heap);
            Pushes sender = new Pushes(server, population.apiKey(), "run" + number);
            restarted(sender, run);
            run.put("heap before reading, after a full collection, MiB", (double) heap.collect());
            Auditor auditor = new Auditor(server, population.apiKey(), LongJournal.DEVICE);
            read(costs, auditor, journal, run);
            states(costs, auditor, journal.length(), run);
            passivated(sender, run);
            run.put("heap at the end, after a full collection, MiB", (double) heap.collect());
            run.put("server resident memory at the end, MiB", server.residentBytes() / 1048576.0);
            server.stop();
            return run;
        }
    }

    private static void restarted(Pushes sender, SideRun run) throws IOException, InterruptedException {
        double[] all = new double[SHORT_JOURNALS];
        for (int device = 0; device < SHORT_JOURNALS; device++) {
            all[device] = sender.send(shortOne(device)) * 1e3;
        }
        // What has just started is slow in everything: only the last of them tell what a short journal takes.
        run.put(
                "first push after a restart, short journal, ms",
                IntStream.range(SHORT_JOURNALS / 2, SHORT_JOURNALS)
                        .mapToDouble(device -> all[device])
                        .average()
                        .orElseThrow());
        run.put("first push after a restart, this journal, ms", sender.send(LongJournal.DEVICE) * 1e3);
        run.put("next push, ms", sender.send(LongJournal.DEVICE) * 1e3);
    }

    private static void read(Costs costs, Auditor auditor, DeviceJournal journal, SideRun run)
            throws IOException, InterruptedException {
        told("first time, by pages", costs.of(auditor::pages), journal, run);
        Costs.Cost<Auditor.Read> pages = costs.of(auditor::pages);
        told("by pages", pages, journal, run);
        for (int percentile : new int[] {50, 99}) {
            run.put(
                    "a page of 200, p" + percentile + ", ms",
                    LoadResult.millis(pages.result().callNanos(), percentile));
        }
        told("as lines", costs.of(auditor::lines), journal, run);
    }

    private static void told(String how, Costs.Cost<Auditor.Read> cost, DeviceJournal journal, SideRun run) {
        long read = cost.result().events();
        if (read != journal.length()) {
            throw new IllegalStateException("read " + how + " there are " + read + " events of " + journal.length());
        }
        run.put("events " + how + ", s", cost.seconds());
        run.put("events " + how + ", events/s", read / cost.seconds());
        run.put("events " + how + ", server CPU per event, µs", cost.serverMicros(read));
        run.put("events " + how + ", database CPU per event, µs", cost.databaseMicros(read));
        run.put("events " + how + ", heap left by collections, at most, MiB", (double) cost.heapMib());
    }

    private static void states(Costs costs, Auditor auditor, long last, SideRun run)
            throws IOException, InterruptedException {
        long middle = last / 2;
        Instant time = auditor.timeOf(middle);
        run.put("state as of the last event, first time, ms", auditor.asOf(last).seconds() * 1e3);
        state("as of the middle event", costs.of(() -> auditor.asOf(middle)), run);
        state("as of its time", costs.of(() -> auditor.asOf(time)), run);
        Costs.Cost<Auditor.State> whole = costs.of(() -> auditor.asOf(last));
        state("as of the last event", whole, run);
        run.put("state as of the last event, server CPU per event, µs", whole.serverMicros(last));
        run.put("state as of the last event, database CPU per event, µs", whole.databaseMicros(last));
        run.put("state as of the last event, heap left by collections, at most, MiB", (double) whole.heapMib());
    }

    private static void state(String which, Costs.Cost<Auditor.State> cost, SideRun run) {
        double seconds = cost.result().seconds();
        run.put("state " + which + ", ms", seconds * 1e3);
        run.put("state " + which + ", events/s", cost.result().eventSeq() / seconds);
    }

    private static void passivated(Pushes sender, SideRun run) throws IOException, InterruptedException {
        for (int time = 1; time <= PASSIVATIONS; time++) {
            LockSupport.parkNanos(PASSIVATED.toNanos());
            run.put("first push after passivation " + time + ", ms", sender.send(LongJournal.DEVICE) * 1e3);
        }
        run.put("next push after passivation, ms", sender.send(LongJournal.DEVICE) * 1e3);
    }
}
