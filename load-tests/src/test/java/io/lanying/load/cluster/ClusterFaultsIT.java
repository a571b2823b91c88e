package io.lanying.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanying.load.client.EarlierBuild;
import io.lanying.load.crash.CrashResults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * F1 to F10 and F15 to F20: nodes of a cluster of three and their database die, freeze, come, go, are slow and are cut off,
 * devices come all at once or do not read, and nothing is lost, repeated or invented; commands are refused only as something that may be
 * repeated, and are answered again in time.
 *
 * <p>In {@code verify} one node is killed; a run takes some one and a half minutes. With {@code -Pcluster-faults}: {@code -Dcluster.seeds=N} seeds of each
 * fault, or of {@code -Dcluster.fault=NAME}, less those that {@code results/cluster-faults.csv} has, of faults with nodes of two builds {@code upgrades.csv}; each adds its
 * line there, and what it measured besides to {@code cluster-figures.csv}. The other build is where {@code -Dearlier.build=PATH} says.
 */
class ClusterFaultsIT {

    private static final int SEEDS = Integer.getInteger("cluster.seeds", 0);
    private static final ClusterResults FAULTS = new ClusterResults(Path.of("results", "cluster-faults.csv"));
    private static final FigureResults FIGURES = new FigureResults(Path.of("results", "cluster-figures.csv"));
    /** The server's {@code push.node.stop-timeout}. */
    private static final double STOP_SECONDS = 45;

    private static final String ONLY = System.getProperty("cluster.fault", "");

    private record Plan(ClusterFault fault, long seed) {
        @Override
        public String toString() {
            return fault.text() + ", seed " + seed;
        }
    }

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> theClusterSuffers() throws Exception {
        if (SEEDS == 0) {
            Plan one = new Plan(ClusterFault.KILL_ONE, 2);
            return Stream.of(DynamicTest.dynamicTest(one.toString(), () -> assertHolds(outcome(one))));
        }
        List<Plan> plans = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (ClusterFault fault : ClusterFault.values()) {
                boolean wanted = ONLY.isEmpty() || fault.text().equals(ONLY);
                Plan plan = new Plan(fault, seed);
                if (wanted && !isDone(plan)) {
                    plans.add(plan);
                }
            }
        }
        if (plans.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest("all runs are in the file", () -> {}));
        }
        return plans.stream().map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> run(plan)));
    }

    /** Without an earlier build there is nothing that mixed runs could be of. */
    private static boolean isDone(Plan plan) throws IOException {
        return plan.fault().builds().areMixed()
                ? EarlierBuild.given().isPresent() && upgrades().has(plan.fault(), plan.seed())
                : FAULTS.has(plan.fault(), plan.seed());
    }

    private static UpgradeResults upgrades() {
        return new UpgradeResults(Path.of("results", "upgrades.csv"), EarlierBuild.required());
    }

    private void run(Plan plan) throws Exception {
        if (plan.fault().needsNamespaces()) {
            Optional<String> whyNot = Networks.whyNot();
            assumeTrue(whyNot.isEmpty(), whyNot.orElse(""));
        }
        boolean mixed = plan.fault().builds().areMixed();
        assumeTrue(
                !mixed || EarlierBuild.given().isPresent(),
                "no earlier build: load-tests/bin/cluster-faults makes one");
        ClusterRun.Outcome outcome = outcome(plan);
        if (mixed) {
            upgrades().add(outcome, Clock.systemUTC(), CrashResults.commit());
            assertThat(outcome.felt().longestStop())
                    .as("seconds until a node had ended")
                    .isLessThan(STOP_SECONDS);
        } else {
            FAULTS.add(outcome, Clock.systemUTC(), CrashResults.commit());
            FIGURES.add(outcome, Clock.systemUTC(), CrashResults.commit());
        }
        assertHolds(outcome);
    }

    private ClusterRun.Outcome outcome(Plan plan) throws IOException {
        Path workDir = directory.resolve(plan.toString().replaceAll("[ ,]+", "-"));
        ClusterRun.Outcome outcome = new ClusterRun(plan.fault(), plan.seed(), workDir).run();
        if (!outcome.verdict().holds()) {
            outcome.history().save(Path.of("target", workDir.getFileName() + ".ndjson"));
        }
        return outcome;
    }

    private static void assertHolds(ClusterRun.Outcome outcome) {
        assertThat(outcome.verdict().holds()).as(outcome.verdict().summary()).isTrue();
        assertThat(outcome.refusedForGood()).as("commands refused for good").isZero();
    }
}
