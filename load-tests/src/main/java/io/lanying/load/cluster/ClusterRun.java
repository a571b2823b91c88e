package io.lanying.load.cluster;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.Nodes;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One fault of a cluster of three: services send all the while, first in quiet, then through the fault until everybody is answered
 * again, and on while the cluster is made whole; then what was unknown is repeated, a phone changes its owner, all is drained
 * and checked.
 */
public final class ClusterRun {

    private static final int NODES = 3;
    private static final int STEPS = 100;
    private static final int FEW_STEPS = 10;
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    /** Enough commands for a percentile, where one is compared. */
    private static final Duration BEFORE = Duration.ofSeconds(20);

    /**
     * What came of a run.
     *
     * @param refused commands that were told to come again
     * @param refusedForGood commands that were refused with anything else than 429 and 503; none should be
     * @param unanswered commands without an answer
     * @param secondsToFirstAnswer from the fault until the first command to a watched device that was begun after it was answered;
     *     of an outage of the database from its end
     * @param secondsToAnswer from the fault until the last watched device was answered; of an outage of the database from its end;
     *     of nodes that were replaced the longest, each from its SIGTERM
     * @param longestWait of any command to a watched device from the fault on, repeats included, in seconds
     * @param doubleWriters writes that the journal refused because another node had written
     */
    public record Outcome(
            ClusterFault fault,
            long seed,
            long ops,
            long refused,
            long refusedForGood,
            long unanswered,
            double secondsToFirstAnswer,
            double secondsToAnswer,
            double longestWait,
            long doubleWriters,
            Felt felt,
            Verdict verdict,
            History history) {}

    /**
     * How much of it was felt.
     *
     * @param p99Before what 99 of 100 commands to watched devices were answered within before the fault, in milliseconds
     * @param p99During the same from the fault until everybody was answered, repeats included
     * @param longestStop how long the slowest node took to end in order, in seconds; 0 if none was replaced
     */
    public record Felt(double p99Before, double p99During, double longestStop) {}

    private final ClusterFault fault;
    private final Harm harm;
    private final long seed;
    private final Path workDir;

    public ClusterRun(ClusterFault fault, long seed, Path workDir) {
        this.fault = fault;
        this.harm = fault.newHarm();
        this.seed = seed;
        this.workDir = workDir;
    }

    /**
     * Runs.
     *
     * @throws IllegalStateException if the run itself fails: a node does not start, or a device is not answered again
     */
    public Outcome run() {
        try (Site site = Site.make(harm, NODES, seed, workDir);
                Rig rig = Rig.on(Nodes.start(site.settings(), seed), seed)) {
            Workload.populate(rig);
            List<Sender> senders = List.copyOf(rig.senders());
            return run(new Stage(rig, new Watch(rig), site), senders, site.files());
        }
    }

    private Outcome run(Stage stage, List<Sender> senders, List<Path> files) {
        Rig rig = stage.rig();
        try {
            harm.prepare(stage);
            Times times = suffer(stage, senders);
            Workload.leaveForNextOwner(rig);
            rig.settle();
            harm.report(stage);
            return outcome(stage, times, rig.stopAndCheck(files));
        } catch (IllegalStateException | CompletionException e) {
            throw keep(rig, e);
        }
    }

    /** Of a run until all was well again. */
    private record Times(double first, double last, double p99Before, double p99During) {}

    private Times suffer(Stage stage, List<Sender> senders) {
        Rig rig = stage.rig();
        Watch watch = stage.watch();
        watch.begin();
        try {
            Workload.steps(rig, senders, STEPS);
            if (fault.builds().areMixed()) {
                stepsFor(rig, senders, BEFORE);
            }
            double before = watch.p99();
            watch.forget();
            stage.struck();
            CompletableFuture<Void> strike = CompletableFuture.runAsync(() -> harm.strike(stage));
            stepsUntil(rig, senders, strike::isDone);
            strike.join();
            stepsUntil(rig, senders, () -> watch.secondsToAnswer().isPresent());
            double first = watch.secondsToFirstAnswer();
            double last =
                    Math.max(stage.longestAnswer(), watch.secondsToAnswer().orElseThrow());
            double during = watch.p99();
            CompletableFuture<Void> healed = CompletableFuture.runAsync(() -> harm.heal(stage));
            stepsUntil(rig, senders, healed::isDone);
            healed.join();
            rig.nodes().awaitWhole();
            stepsFor(rig, senders, AFTERWARDS);
            return new Times(first, last, before, during);
        } finally {
            watch.end();
        }
    }

    private static void stepsFor(Rig rig, List<Sender> senders, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        stepsUntil(rig, senders, () -> System.nanoTime() > end);
    }

    private static void stepsUntil(Rig rig, List<Sender> senders, BooleanSupplier done) {
        long end = System.nanoTime() + Stage.LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not over within " + Stage.LIMIT);
            }
            Workload.steps(rig, senders, FEW_STEPS);
            LockSupport.parkNanos(100_000_000);
        }
    }

    private Outcome outcome(Stage stage, Times times, Verdict verdict) {
        Rig rig = stage.rig();
        History history = rig.recorder().history();
        long refused = history.all(HistoryEvent.Refused.class)
                .filter(ClusterRun::again)
                .count();
        return new Outcome(
                fault,
                seed,
                rig.recorder().ops(),
                refused,
                history.all(HistoryEvent.Refused.class).count() - refused,
                history.all(HistoryEvent.Unknown.class).count(),
                times.first(),
                times.last(),
                stage.watch().longestWait(),
                rig.nodes().logged("two writers of one entity"),
                new Felt(times.p99Before(), times.p99During(), stage.longestStop()),
                verdict,
                history);
    }

    private static boolean again(HistoryEvent.Refused refused) {
        return refused.status() == 429 || refused.status() == 503;
    }

    /** What came so far of a run that failed itself, and what its nodes said. */
    private RuntimeException keep(Rig rig, RuntimeException failure) {
        try {
            rig.recorder().history().save(Path.of("target", workDir.getFileName() + ".ndjson"));
            rig.nodes().close();
            keepLogs(rig);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void keepLogs(Rig rig) throws IOException {
        for (Path directory : rig.nodes().directories()) {
            Files.copy(
                    directory.resolve("server.log"),
                    Path.of("target", workDir.getFileName() + "-" + directory.getFileName() + ".txt"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
