package io.lanying.load.vendor;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.crash.Store;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Vendors;
import io.lanying.load.rig.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One run of one fault at one vendor: the same load twice, first in quiet, then with the fault, while neighbours who have nothing
 * to do with that vendor are measured; then the vendor is well again, all is drained and checked.
 */
public final class VendorFaultRun {

    private final VendorFault fault;
    private final Kind kind;
    private final long seed;
    private final int steps;
    private final int probes;
    private final Path workDir;

    /**
     * @param steps of the load in each phase
     * @param probes at least so many sends to each neighbour in each phase
     */
    public VendorFaultRun(VendorFault fault, Kind kind, long seed, int steps, int probes, Path workDir) {
        this.fault = fault;
        this.kind = kind;
        this.seed = seed;
        this.steps = steps;
        this.probes = probes;
        this.workDir = workDir;
    }

    /**
     * Runs.
     *
     * @throws IllegalStateException if the run itself fails
     */
    public Outcome run() {
        Store.Prepared prepared = Store.H2.prepare(workDir.resolve("node"));
        try (Vendors vendors = Vendors.start(workDir.resolve("vendors"), seed);
                Rig rig = Rig.on(ServerProcess.start(believing(vendors.pointed(prepared.settings()))), seed)
                        .with(vendors.all())) {
            VendorSimulator vendor = vendors.of(kind);
            Neighbours neighbours = new Neighbours(rig, Neighbours.otherThan(kind));
            List<Sender> senders = Workload.populateWithVendors(rig);
            Workload.steps(rig, senders, steps / 2); // a cold server would make the quiet phase the slower one
            Outcome.Times quiet = measured(neighbours, () -> Workload.steps(rig, senders, steps));
            long since = System.currentTimeMillis();
            vendor.rules(fault.rules(kind, seed).toArray(String[]::new));
            long[] wrong = new long[1];
            Outcome.Times faulty = measured(neighbours, () -> {
                Workload.steps(rig, senders, steps);
                wrong[0] = fault.racesTokens() ? new TokenRaces(rig, vendor, senders).run() : 0;
            });
            vendor.rules();
            rig.settle();
            Outcome.Figures figures = Outcome.Figures.of(rig.recorder().history(), kind, since);
            Verdict verdict = rig.stopAndCheck(List.of());
            return new Outcome(
                    fault,
                    kind,
                    seed,
                    figures,
                    quiet,
                    faulty,
                    wrong[0],
                    verdict,
                    rig.recorder().history());
        }
    }

    /** Many dead tokens among few answers look like a wrong credential: the guard against that would end the races. */
    private ServerSettings believing(ServerSettings settings) {
        return fault.racesTokens()
                ? settings.withJvmOptions(settings.jvmOptions() + " -Dpush.channels.actor.guard.max-share=1")
                : settings;
    }

    /** Neighbours are measured on a thread of their own, for as long as the load takes. */
    private Outcome.Times measured(Neighbours neighbours, Runnable load) {
        boolean[] goesOn = {true};
        CompletableFuture<Outcome.Times> times = CompletableFuture.supplyAsync(() -> neighbours.measure(probes, () -> {
            synchronized (goesOn) {
                return goesOn[0];
            }
        }));
        try {
            load.run();
        } finally {
            synchronized (goesOn) {
                goesOn[0] = false;
            }
        }
        return times.join();
    }
}
