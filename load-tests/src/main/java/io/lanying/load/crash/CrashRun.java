package io.lanying.load.crash;

import io.lanying.load.agent.CrashPoint;
import io.lanying.load.agent.Trigger;
import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.history.History;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Vendors;
import io.lanying.load.rig.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Kills the server at one point of one run and says what came of it: two tenants, three to five phones, sends with repeats,
 * the process dies at a hit chosen by the seed, starts again without the agent, what was unknown is repeated, one phone
 * changes its owner, all is drained and checked. Where the point asks for it, vendors as processes of their own live through it,
 * some phones are out of reach of the server, and a part of the sends is to many.
 */
public final class CrashRun {

    private static final int MOST_STEPS = 3_000;
    private static final int STEPS_BEFORE = 10;
    private static final int STEPS_AFTER = 20;

    /** What came of a run. */
    public record Outcome(CrashPoint point, Store store, long seed, long ops, Verdict verdict, History history) {}

    private final CrashPoint point;
    private final Store store;
    private final long seed;
    private final Path workDir;

    public CrashRun(CrashPoint point, Store store, long seed, Path workDir) {
        this.point = point;
        this.store = store;
        this.seed = seed;
        this.workDir = workDir;
    }

    /**
     * Runs.
     *
     * @throws IllegalStateException if the run itself fails: the point was never hit, the server does not start again
     */
    public Outcome run() {
        try (Vendors vendors =
                point.needsVendors() ? Vendors.start(workDir.resolve("vendors"), seed) : Vendors.none()) {
            return run(vendors);
        }
    }

    private Outcome run(Vendors vendors) {
        Store.Prepared prepared = store.prepare(workDir.resolve("node"));
        Path armed = workDir.resolve("armed");
        int hit = 1 + Math.floorMod(seed * 7_919 + point.text().hashCode(), point.latestHit());
        String agent = AgentJar.in(workDir.resolve("agent")).killAt(point, hit, armed);
        ServerSettings settings = vendors.pointed(prepared.settings()).withAgent(agent);
        try (Rig rig = Rig.on(ServerProcess.start(settings), seed).with(vendors.all())) {
            populate(rig);
            Workload.steps(rig, STEPS_BEFORE);
            arm(armed);
            Workload.steps(rig, MOST_STEPS);
            requireKilled(rig);
            rig.restart();
            Workload.steps(rig, STEPS_AFTER);
            Workload.leaveForNextOwner(rig);
            if (point.needsVendors()) {
                Workload.moveToken(rig);
            }
            rig.settle();
            Verdict verdict = rig.stopAndCheck(prepared.files());
            return new Outcome(
                    point,
                    store,
                    seed,
                    rig.recorder().ops(),
                    verdict,
                    rig.recorder().history());
        }
    }

    private void populate(Rig rig) {
        if (point.needsVendors()) {
            Workload.populateWithVendors(rig);
        } else {
            Workload.populate(rig);
        }
    }

    private static void arm(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireKilled(Rig rig) {
        if (!Rig.holdsWithin(Rig.STEP, () -> !rig.server().alive())) {
            throw new IllegalStateException(point.text() + " was not hit often enough: is the method still there?");
        }
        int exitCode = rig.server().exitCode();
        if (exitCode != Trigger.EXIT_CODE) {
            throw new IllegalStateException("the server ended by itself with " + exitCode);
        }
    }
}
