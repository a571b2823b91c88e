package io.lanying.load.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.crash.CrashResults;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * F11 to F14: vendors fail, and nothing is lost, invented, or shown under two ids; what was offered to them has an outcome.
 *
 * <p>In {@code verify}: all of them in two short runs. With {@code -Pvendor-faults}: {@code -Dvendor.seeds=N} seeds of each
 * fault at each vendor, less those that {@code results/vendor-faults.csv} has; each run adds its line there.
 */
class VendorFaultsIT {

    private static final int SEEDS = Integer.getInteger("vendor.seeds", 0);
    private static final int STEPS = 300;
    private static final int PROBES = 150;
    private static final int FEW_STEPS = 60;
    private static final int FEW_PROBES = 10;

    private record Plan(VendorFault fault, Kind vendor, long seed) {
        @Override
        public String toString() {
            return fault.text() + " at " + vendor.channel() + ", seed " + seed;
        }
    }

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> theVendorFails() throws Exception {
        VendorResults results = new VendorResults(Path.of("results", "vendor-faults.csv"));
        List<Plan> plans = new ArrayList<>();
        for (Plan plan : SEEDS == 0 ? aFew() : all()) {
            if (SEEDS == 0 || !results.has(plan.fault(), plan.vendor(), plan.seed())) {
                plans.add(plan);
            }
        }
        if (plans.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest("all runs are in the file", () -> {}));
        }
        return plans.stream().map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> run(plan, results)));
    }

    private void run(Plan plan, VendorResults results) throws Exception {
        Path workDir = directory.resolve(plan.toString().replaceAll("[ ,]+", "-"));
        int steps = SEEDS == 0 ? FEW_STEPS : STEPS;
        int probes = SEEDS == 0 ? FEW_PROBES : PROBES;
        Outcome outcome = new VendorFaultRun(plan.fault(), plan.vendor(), plan.seed(), steps, probes, workDir).run();
        if (!outcome.verdict().holds()) {
            outcome.history().save(Path.of("target", workDir.getFileName() + ".ndjson"));
        }
        if (SEEDS > 0) {
            results.add(outcome, Clock.systemUTC(), CrashResults.commit());
        }

        assertThat(outcome.verdict().holds()).as(outcome.verdict().summary()).isTrue();
        assertThat(outcome.wrongDeletions()).as("tokens lost or kept wrongly").isZero();
        assertThat(outcome.figures().openOffers())
                .as("offers without an outcome")
                .isZero();
        assertThat(outcome.figures().items()).as("items that met the fault").isGreaterThan(10);
        if (plan.fault() != VendorFault.F14) {
            assertThat(outcome.figures().requests())
                    .as("requests, some of which failed")
                    .isGreaterThan(outcome.figures().items());
        }
    }

    private static List<Plan> aFew() {
        return List.of(new Plan(VendorFault.F14, Kind.APNS, 1));
    }

    private static List<Plan> all() {
        List<Plan> plans = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (VendorFault fault : VendorFault.values()) {
                for (Kind vendor : Kind.values()) {
                    if (fault.concerns(vendor)) {
                        plans.add(new Plan(fault, vendor, seed));
                    }
                }
            }
        }
        return plans;
    }
}
