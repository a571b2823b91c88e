package io.lanying.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.EarlierBuild;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterResultsTest {

    @TempDir
    private Path directory;

    @Test
    void runsAccumulateAndAreFoundAgain() throws Exception {
        Path file = directory.resolve("results/cluster-faults.csv");
        ClusterResults results = new ClusterResults(file);
        Clock clock = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);

        assertThat(results.has(ClusterFault.KILL_ONE, 1)).isFalse();
        results.add(outcome(1), clock, "abc123");
        results.add(outcome(12), clock, "abc123");

        assertThat(results.has(ClusterFault.KILL_ONE, 1)).isTrue();
        assertThat(results.has(ClusterFault.KILL_ONE, 2)).isFalse();
        assertThat(results.has(ClusterFault.KILL_ALL, 1)).isFalse();
        assertThat(Files.readString(file)).isEqualTo("""
                        fault,seed,ops,refused,unanswered,secondsToFirstAnswer,secondsToAnswer,longestWaitSeconds,doubleWriters,violations,date,commit
                        kill-one,1,2000,30,40,20.1,21.9,22.4,0,0,2026-11-30,abc123
                        kill-one,12,2000,30,40,20.1,21.9,22.4,0,0,2026-11-30,abc123
                        """);
    }

    @Test
    void upgradesAccumulateByTheBuildThatTheyAreFrom() throws Exception {
        Path file = directory.resolve("results/upgrades.csv");
        UpgradeResults results = new UpgradeResults(file, new EarlierBuild(Path.of("target", "builds", "2c59628")));
        UpgradeResults others = new UpgradeResults(file, new EarlierBuild(Path.of("target", "builds", "1111111")));
        Clock clock = Clock.fixed(Instant.parse("2026-12-01T10:00:00Z"), ZoneOffset.UTC);

        results.add(outcome(ClusterFault.UPGRADE, 1), clock, "abc123");

        assertThat(results.has(ClusterFault.UPGRADE, 1)).isTrue();
        assertThat(results.has(ClusterFault.UPGRADE, 2)).isFalse();
        assertThat(results.has(ClusterFault.GO_BACK, 1)).isFalse();
        assertThat(others.has(ClusterFault.UPGRADE, 1)).isFalse();
        assertThat(Files.readString(file)).isEqualTo("""
                        run,earlier,seed,ops,refused,unanswered,p99BeforeMillis,p99DuringMillis,longestWaitSeconds,longestStopSeconds,secondsToAnswer,doubleWriters,violations,date,commit
                        upgrade,2c59628,1,2000,30,40,41,1204,22.4,6.5,21.9,0,0,2026-12-01,abc123
                        """);
    }

    @Test
    void figuresAreTheLargestOfEachThatWasMeasured() throws Exception {
        Path file = directory.resolve("results/cluster-figures.csv");
        FigureResults results = new FigureResults(file);
        Clock clock = Clock.fixed(Instant.parse("2026-12-01T10:00:00Z"), ZoneOffset.UTC);

        results.add(outcome(ClusterFault.KILL_ONE, 1), clock, "abc123");
        assertThat(file).doesNotExist();
        results.add(
                outcome(
                        ClusterFault.REBALANCE,
                        1,
                        new HistoryEvent.Measured("shards", 31, Long.MAX_VALUE),
                        new HistoryEvent.Measured("milliseconds, each", 900, 45_000),
                        new HistoryEvent.Measured("shards", 40, Long.MAX_VALUE)),
                clock,
                "abc123");

        assertThat(Files.readString(file)).isEqualTo("""
                        fault,seed,figure,value,limit,date,commit
                        rebalance,1,milliseconds  each,900,45000,2026-12-01,abc123
                        rebalance,1,shards,40,,2026-12-01,abc123
                        """);
    }

    private static ClusterRun.Outcome outcome(long seed) {
        return outcome(ClusterFault.KILL_ONE, seed);
    }

    private static ClusterRun.Outcome outcome(ClusterFault fault, long seed, HistoryEvent... seen) {
        return new ClusterRun.Outcome(
                fault,
                seed,
                2_000,
                30,
                0,
                40,
                20.14,
                21.93,
                22.41,
                0,
                new ClusterRun.Felt(41.4, 1_203.6, 6.54),
                new Verdict(List.of(), 1, 1, 0),
                new History(List.of(seen)));
    }
}
