package io.lanying.load.people;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.history.History;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Vendors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Two tenants' people talk, with the same names and conversations in both; troubles come over the server with messages under
 * way: it is killed and started again, or its nodes are killed, drained and replaced; in the end everybody comes back and all is
 * checked.
 */
public final class PeopleRun {

    private static final int OUTSTANDING = 8;
    /** A node starts on a busy machine, and another one hands over what it has. */
    private static final Duration TROUBLE = Duration.ofMinutes(3);

    /** Nobody waits long for the end of a telling, nor for a conversation whose node died. */
    private static final String SHORT_WAITS = " -Dpush.conversation.told-later=500ms -Dpush.conversation.look-again=2s";

    /**
     * What came of a run.
     *
     * @param messages that were accepted
     * @param told how often a device was told of one, repeats, edits and recalls included
     * @param buzzed requests that showed a message and reached a vendor
     */
    public record Outcome(
            Ground ground,
            long seed,
            long ops,
            long messages,
            long told,
            long buzzed,
            Verdict verdict,
            History history) {}

    private final Ground ground;
    private final long seed;
    private final int steps;
    private final int kills;
    private final List<VendorSimulator.Kind> kinds;
    private final Path workDir;

    /**
     * @param steps of all people, before the first trouble and with or after each
     * @param kills of the only node, if there is only one
     * @param kinds the vendors that there are
     */
    public PeopleRun(Ground ground, long seed, int steps, int kills, List<VendorSimulator.Kind> kinds, Path workDir) {
        this.ground = ground;
        this.seed = seed;
        this.steps = steps;
        this.kills = kills;
        this.kinds = List.copyOf(kinds);
        this.workDir = workDir;
    }

    /**
     * Runs.
     *
     * @throws IllegalStateException if the run itself fails: the server does not start again, a post is never answered
     */
    public Outcome run() {
        try (Vendors vendors =
                Vendors.start(workDir.resolve("vendors"), seed, kinds.toArray(VendorSimulator.Kind[]::new))) {
            Ground.Prepared prepared = ground.prepare(workDir, seed, settings -> settings(vendors.pointed(settings)));
            try (Rig rig = Rig.on(prepared.nodes(), seed).with(vendors.all())) {
                return run(rig, prepared.files());
            }
        }
    }

    private Outcome run(Rig rig, List<Path> files) {
        try {
            List<Circle> circles = List.of(new Circle(rig, "acme" + seed), new Circle(rig, "globex" + seed));
            talk(rig, circles, steps).forEach(Rig::await);
            for (Ground.Trouble trouble : ground.troubles(kills, seed)) {
                Queue<CompletableFuture<Void>> underWay = talk(rig, circles, OUTSTANDING);
                CompletableFuture<Void> over = trouble.apply(rig);
                underWay.forEach(Rig::await);
                talk(rig, circles, steps).forEach(Rig::await);
                over.orTimeout(TROUBLE.toSeconds(), TimeUnit.SECONDS).join();
            }
            rig.nodes().awaitWhole();
            circles.forEach(Circle::settle);
            rig.settle();
            circles.forEach(Circle::recordAfterwards);
            Verdict verdict = rig.stopAndCheck(files);
            History history = rig.recorder().history();
            return new Outcome(
                    ground,
                    seed,
                    rig.recorder().ops(),
                    history.all(TalkEvent.MessageRead.class).count(),
                    history.all(TalkEvent.Said.class).count(),
                    history.all(TalkEvent.Buzzed.class).count(),
                    verdict,
                    history);
        } catch (IllegalStateException | CompletionException e) {
            throw keep(rig, e);
        }
    }

    /** What came so far of a run that failed itself, with the server's last words, to find out why. */
    private RuntimeException keep(Rig rig, RuntimeException failure) {
        try {
            String name = workDir.getFileName().toString();
            Files.createDirectories(Path.of("target"));
            rig.recorder().history().save(Path.of("target", name + ".ndjson"));
            rig.nodes().close();
            for (Path directory : rig.nodes().directories()) {
                Files.copy(
                        directory.resolve("server.log"),
                        Path.of("target", name + "-" + directory.getFileName() + ".txt"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static ServerSettings settings(ServerSettings pointed) {
        return pointed.withJvmOptions(pointed.jvmOptions() + SHORT_WAITS);
    }

    /** Steps with a few outstanding; returns those whose answers were not waited for. */
    private static Queue<CompletableFuture<Void>> talk(Rig rig, List<Circle> circles, int count) {
        Queue<CompletableFuture<Void>> outstanding = new ArrayDeque<>();
        for (int step = 0; step < count; step++) {
            outstanding.add(circles.get(rig.random().nextInt(circles.size())).step());
            while (outstanding.size() > OUTSTANDING) {
                Rig.await(outstanding.remove());
            }
        }
        return outstanding;
    }
}
