package io.lanying.persistence.lease;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lanying.persistence.JournalMark;
import io.lanying.persistence.Store;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.lease.LeaseRows.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The compare-and-set of leases, where nodes are late, gone, or cross each other. */
class LeaseRowsTest {

    private static final LeaseTimes TIMES = new LeaseTimes(
            Duration.ofMinutes(1),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofMillis(10));

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(2);
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(Store.POSTGRESQL.fresh());
    }

    @AfterAll
    static void stop() {
        node.close();
        THREADS.shutdown();
    }

    @Test
    void aTermThatExpiredCanDoNothingAnyMore() {
        LeaseRows frozen = rows();
        LeaseRows other = rows();
        long old = await(frozen.open("frozen"));
        long late = await(frozen.open("late"));
        long term = await(other.open("other"));
        assertThat(take(frozen, old, "x", "y")).containsExactlyInAnyOrder("x", "y");
        assertThat(take(other, term, "x", "z")).containsExactly("z");

        node.execute("UPDATE node_lease SET expires_at = clock_timestamp() WHERE term IN (" + old + ", " + late + ")");
        assertThat(take(other, term, "x")).containsExactly("x");

        assertThat(await(frozen.renew(old)).alive()).isFalse();
        assertThat(await(frozen.exchange(old, List.of("x", "z"), List.of("x", "z"))))
                .isEqualTo(new Outcome(false, Set.of()));
        assertThat(await(frozen.exchange(late, List.of("x"), List.of())).alive())
                .isFalse();
        assertThat(take(other, term, "x", "y", "z")).containsExactlyInAnyOrder("x", "y", "z");
        assertThat(await(frozen.open("again"))).isGreaterThan(term);
    }

    @Test
    void whoHasEndedForCertainKeepsItsLeasesForTheMarginOnly() {
        LeaseRows rows = rows();
        long ended = await(rows.open("ended#1"));
        long next = await(rows.open("ended#2"));
        assertThat(await(rows.endSoon("ended#1"))).isTrue();
        assertThat(secondsLeft(ended)).isBetween(10L, 15L);
        assertThat(secondsLeft(next)).as("a later incarnation's").isGreaterThan(40);
        assertThat(await(rows.endSoon("ended#1"))).as("already").isFalse();
        assertThat(await(rows.endSoon("none#1"))).isFalse();
        node.execute(
                "UPDATE node_lease SET expires_at = clock_timestamp() + INTERVAL '5 seconds' WHERE term = " + next);
        assertThat(await(rows.endSoon("ended#2"))).as("never later").isFalse();
        assertThat(secondsLeft(next)).isLessThanOrEqualTo(5);
    }

    private static long secondsLeft(long term) {
        return node.number(
                "SELECT floor(extract(epoch FROM expires_at - clock_timestamp())) FROM node_lease WHERE term = "
                        + term);
    }

    @Test
    void aNodeWhoseJournalWasMovedBeginsNoTerm() {
        LeaseRows before = new LeaseRows(node.database(), THREADS, TIMES, JournalMark.cassandra("old"));
        assertThatThrownBy(() -> await(before.open("frozen"))).hasStackTraceContaining("not where this node writes");
        assertThat(await(rows().open("new"))).isPositive();
    }

    @Test
    void onlyWhoHasALeaseCanGiveItBack() {
        LeaseRows rows = rows();
        long first = await(rows.open("first"));
        long second = await(rows.open("second"));
        assertThat(take(rows, first, "given")).containsExactly("given");

        assertThat(await(rows.exchange(second, List.of("given"), List.of("given")))
                        .taken())
                .isEmpty();
        assertThat(await(rows.exchange(first, List.of("given"), List.of())).alive())
                .isTrue();
        assertThat(take(rows, second, "given")).containsExactly("given");
    }

    /** It was renewed in time but is not committed when another looks: that one waits for it and is not misled by what was. */
    @Test
    void aRenewalThatIsNotCommittedYetCounts() throws SQLException {
        long term = await(rows().open("slow to commit"));
        LeaseRows other = rows();
        long wanting = await(other.open("wanting"));
        assertThat(take(rows(), term, "renewed")).containsExactly("renewed");
        CompletableFuture<Outcome> waiting;
        try (Connection connection = node.persistence.pool().getConnection()) {
            node.execute(
                    "UPDATE node_lease SET expires_at = clock_timestamp() + INTERVAL '2 seconds' WHERE term = " + term);
            connection.setAutoCommit(false);
            try (var renewal = connection.createStatement()) {
                assertThat(renewal.executeUpdate(
                                "UPDATE node_lease SET expires_at = clock_timestamp() + INTERVAL '1 minute'"
                                        + " WHERE term = " + term + " AND expires_at > clock_timestamp()"))
                        .isEqualTo(1);
            }
            await().until(() -> node.number("SELECT COUNT(*) FROM node_lease WHERE term = " + term
                            + " AND expires_at > clock_timestamp()")
                    == 0);
            waiting = other.exchange(wanting, List.of(), List.of("renewed")).toCompletableFuture();
            await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());
            connection.commit();
            connection.setAutoCommit(true);
        }
        assertThat(await(waiting)).isEqualTo(new Outcome(true, Set.of()));
        assertThat(await(rows().renew(term)).alive()).isTrue();
    }

    @Test
    void manyWhoWantTheSameGetEachOnce() {
        List<String> names = List.of("m1", "m2", "m3", "m4", "m5", "m6");
        for (int round = 0; round < 20; round++) {
            String prefix = round + "-";
            List<String> wanted = names.stream().map(name -> prefix + name).toList();
            LeaseRows rows = rows();
            long one = await(rows.open("one"));
            long two = await(rows.open("two"));
            var reversed = wanted.stream().sorted(Comparator.reverseOrder()).toList();
            var left = rows.exchange(one, List.of(), wanted);
            var right = rows.exchange(two, List.of(), reversed);
            Set<String> ofOne = await(left).taken();
            Set<String> ofTwo = await(right).taken();
            assertThat(ofOne.size() + ofTwo.size()).isEqualTo(names.size());
            assertThat(Collections.disjoint(ofOne, ofTwo)).isTrue();
        }
    }

    private static LeaseRows rows() {
        return new LeaseRows(node.database(), THREADS, TIMES, JournalMark.HERE);
    }

    private static Set<String> take(LeaseRows rows, long term, String... names) {
        return await(rows.exchange(term, List.of(), List.of(names))).taken();
    }
}
