package io.lanying.load.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.agent.CrashPoint;
import io.lanying.load.history.HistoryEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * F21: the real process dies at each point, and nothing is lost, repeated or invented.
 *
 * <p>In {@code verify}: two points of the first path, two of those at vendors and audiences, and one around the journal of
 * PostgreSQL. With {@code -Pcrash-points}: {@code -Dcrash.seeds=N} seeds of each point on both stores, less those that
 * {@code results/crash-points.csv} has; each run adds its line there.
 */
class CrashPointsIT {

    private static final int SEEDS = Integer.getInteger("crash.seeds", 0);

    private record Plan(CrashPoint point, Store store, long seed) {
        @Override
        public String toString() {
            return point.text() + " on " + store.text() + ", seed " + seed;
        }
    }

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> theServerDiesAt() throws Exception {
        CrashResults results = new CrashResults(Path.of("results", "crash-points.csv"));
        List<Plan> plans = new ArrayList<>();
        for (Plan plan : SEEDS == 0 ? aFew() : all()) {
            if (SEEDS == 0 || !results.has(plan.point(), plan.store(), plan.seed())) {
                plans.add(plan);
            }
        }
        if (plans.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest("all runs are in the file", () -> {}));
        }
        return plans.stream().map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> run(plan, results)));
    }

    private void run(Plan plan, CrashResults results) throws Exception {
        Path workDir = directory.resolve(plan.toString().replaceAll("[ ,]+", "-"));
        CrashRun.Outcome outcome = new CrashRun(plan.point(), plan.store(), plan.seed(), workDir).run();
        if (!outcome.verdict().holds()) {
            outcome.history().save(Path.of("target", workDir.getFileName() + ".ndjson"));
        }
        if (SEEDS > 0) {
            results.add(outcome, Clock.systemUTC(), CrashResults.commit());
        }

        assertThat(outcome.verdict().holds()).as(outcome.verdict().summary()).isTrue();
        if (plan.point().needsVendors()) {
            assertThat(outcome.history().all(HistoryEvent.VendorAsked.class))
                    .as("requests that vendors had")
                    .isNotEmpty();
        } else {
            assertThat(outcome.history().all(HistoryEvent.Unknown.class))
                    .as("sends that the death of the server left unanswered")
                    .isNotEmpty();
        }
    }

    private static List<Plan> aFew() {
        return List.of(
                new Plan(CrashPoint.AFTER_HANDOUT, Store.H2, 1),
                new Plan(CrashPoint.BEFORE_ANSWER, Store.H2, 1),
                new Plan(CrashPoint.AFTER_PERSIST, Store.POSTGRES, 1));
    }

    private static List<Plan> all() {
        List<Plan> plans = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (CrashPoint point : CrashPoint.values()) {
                for (Store store : Store.values()) {
                    plans.add(new Plan(point, store, seed));
                }
            }
        }
        return plans;
    }
}
