package io.lanying.load.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.agent.CrashPoint;
import io.lanying.load.check.Verdict;
import io.lanying.load.history.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashResultsTest {

    @TempDir
    private Path directory;

    @Test
    void runsAccumulateAndAreFoundAgain() throws Exception {
        Path file = directory.resolve("results/crash-points.csv");
        CrashResults results = new CrashResults(file);
        Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

        assertThat(results.has(CrashPoint.AFTER_PERSIST, Store.H2, 1)).isFalse();
        results.add(outcome(1), clock, "abc123");
        results.add(outcome(12), clock, "abc123");

        assertThat(results.has(CrashPoint.AFTER_PERSIST, Store.H2, 1)).isTrue();
        assertThat(results.has(CrashPoint.AFTER_PERSIST, Store.H2, 2)).isFalse();
        assertThat(results.has(CrashPoint.AFTER_PERSIST, Store.POSTGRES, 1)).isFalse();
        assertThat(Files.readString(file)).isEqualTo("""
                        point,store,seed,ops,violations,date,commit
                        after-persist,h2,1,321,0,2026-11-20,abc123
                        after-persist,h2,12,321,0,2026-11-20,abc123
                        """);
    }

    private static CrashRun.Outcome outcome(long seed) {
        return new CrashRun.Outcome(
                CrashPoint.AFTER_PERSIST, Store.H2, seed, 321, new Verdict(List.of(), 1, 1, 0), new History(List.of()));
    }
}
