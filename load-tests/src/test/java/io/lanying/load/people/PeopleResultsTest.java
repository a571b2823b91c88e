package io.lanying.load.people;

import static org.assertj.core.api.Assertions.assertThat;

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

class PeopleResultsTest {

    @TempDir
    private Path directory;

    @Test
    void runsAccumulateAndAreFoundAgain() throws Exception {
        Path file = directory.resolve("results/people.csv");
        PeopleResults results = new PeopleResults(file);
        Clock clock = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);

        assertThat(results.has(Ground.H2, 1)).isFalse();
        results.add(outcome(1), clock, "abc123");
        results.add(outcome(12), clock, "abc123");

        assertThat(results.has(Ground.H2, 1)).isTrue();
        assertThat(results.has(Ground.H2, 2)).isFalse();
        assertThat(results.has(Ground.POSTGRES, 1)).isFalse();
        assertThat(Files.readString(file)).isEqualTo("""
                        store,seed,ops,messages,told,vendorRequests,violations,date,commit
                        h2,1,321,200,900,80,0,2026-11-30,abc123
                        h2,12,321,200,900,80,0,2026-11-30,abc123
                        """);
    }

    private static PeopleRun.Outcome outcome(long seed) {
        return new PeopleRun.Outcome(
                Ground.H2, seed, 321, 200, 900, 80, new Verdict(List.of(), 1, 1, 0), new History(List.of()));
    }
}
