package io.lanying.load.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.client.EarlierBuild;
import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.crash.CrashResults;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * People talk while the server dies, and nothing they say is lost, repeated, disordered or heard by others.
 *
 * <p>In {@code verify}: one short run. With {@code -Ppeople}: {@code -Dpeople.seeds=N} seeds on one node with each store and on three
 * nodes, with both vendors, less those that {@code results/people.csv} has; each run adds its line there. With {@code -Dearlier.build=PATH} also
 * while nodes of that build are replaced by this one, and back.
 */
class PeopleIT {

    private static final int SEEDS = Integer.getInteger("people.seeds", 0);
    private static final String ON = System.getProperty("people.on", "");
    private static final int STEPS = 250;
    private static final int FEW_STEPS = 90;

    private record Plan(Ground ground, long seed) {
        @Override
        public String toString() {
            return "people on " + ground.text() + ", seed " + seed;
        }
    }

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> peopleTalk() throws Exception {
        PeopleResults results = new PeopleResults(Path.of("results", "people.csv"));
        List<Plan> plans = new ArrayList<>();
        for (Plan plan : SEEDS == 0 ? List.of(new Plan(Ground.H2, 1)) : all()) {
            if (SEEDS == 0 || !results.has(plan.ground(), plan.seed())) {
                plans.add(plan);
            }
        }
        if (plans.isEmpty()) {
            return Stream.of(DynamicTest.dynamicTest("all runs are in the file", () -> {}));
        }
        return plans.stream().map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> run(plan, results)));
    }

    private void run(Plan plan, PeopleResults results) throws Exception {
        Path workDir = directory.resolve(plan.toString().replaceAll("[ ,]+", "-"));
        PeopleRun run = SEEDS == 0
                ? new PeopleRun(plan.ground(), plan.seed(), FEW_STEPS, 1, List.of(Kind.APNS), workDir)
                : new PeopleRun(plan.ground(), plan.seed(), STEPS, 3, List.of(Kind.values()), workDir);
        PeopleRun.Outcome outcome = run.run();
        if (!outcome.verdict().holds()) {
            outcome.history().save(Path.of("target", workDir.getFileName() + ".ndjson"));
        }
        if (SEEDS > 0) {
            results.add(outcome, Clock.systemUTC(), CrashResults.commit());
        }

        assertThat(outcome.verdict().holds()).as(outcome.verdict().summary()).isTrue();
        assertThat(outcome.messages()).as("messages").isGreaterThan(FEW_STEPS);
        assertThat(outcome.told()).as("tellings").isGreaterThan(2L * FEW_STEPS);
        assertThat(outcome.buzzed()).as("requests that vendors had").isGreaterThan(10);
        for (String kind : List.of("message", "edit", "recall")) {
            assertThat(outcome.history().all(TalkEvent.Said.class))
                    .as(kind + "s that devices heard of")
                    .anyMatch(said -> said.kind().equals(kind));
        }
        assertThat(outcome.history().all(TalkEvent.MemberInvoked.class))
                .as("comings and goings")
                .hasSizeGreaterThan(2);
        if (!plan.ground().builds().areMixed()) {
            assertThat(outcome.history().all(HistoryEvent.Unknown.class))
                    .as("what the death of the server left unanswered")
                    .isNotEmpty();
        }
    }

    private static List<Plan> all() {
        List<Plan> plans = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (Ground ground : Ground.values()) {
                boolean possible =
                        !ground.builds().areMixed() || EarlierBuild.given().isPresent();
                if (possible && (ON.isEmpty() || ON.equals(ground.text()))) {
                    plans.add(new Plan(ground, seed));
                }
            }
        }
        return plans;
    }
}
