package io.lanying.persistence.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.coordination.lease.LeaseTimeoutException;
import akka.coordination.lease.javadsl.Lease;
import akka.coordination.lease.javadsl.LeaseProvider;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases as sharding uses them, of two nodes on one PostgreSQL. */
class LeaseTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String TIMES = TestNode.GIVE_UP_SOON + """
            push.persistence.lease = on
            push.persistence.shard-lease {
              heartbeat-timeout = 2000 ms, margin = 700 ms, heartbeat-interval = 200 ms
              lease-operation-timeout = 1 s, retry-interval = 20 ms
            }
            """;
    private static final int SHARDS = 256 * 7;
    private static final AtomicInteger ROLES = new AtomicInteger();

    private PostgresServer.Database database;
    private String roleOfA;
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() {
        database = PostgresServer.shared().newDatabase();
        roleOfA = "node_a_" + ROLES.incrementAndGet();
        PostgresServer.shared().execute("CREATE ROLE " + roleOfA + " SUPERUSER LOGIN PASSWORD 'a'");
        a = TestNode.start(
                StoreConfigs.postgres(new PostgresServer.Database(database.jdbcUrl(), roleOfA, "a")),
                TIMES + inTimeZone("Pacific/Kiritimati"));
        b = TestNode.start(StoreConfigs.postgres(database), TIMES + inTimeZone("Pacific/Pago_Pago"));
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @Test
    void ofTwoNodesOneHoldsALeaseUntilItGivesItBack() {
        Lease ofA = lease(a, "s1");
        Lease ofB = lease(b, "s1");
        assertThat(ofA.checkLease()).isFalse();
        assertThat(got(ofA.acquire())).isTrue();
        assertThat(ofA.checkLease()).isTrue();

        // Longer than the database would keep it, were it not renewed.
        holdsFor(ofA, TIMEOUT.plusMillis(500));
        assertThat(got(ofB.acquire())).isFalse();
        assertThat(ofB.checkLease()).isFalse();
        assertThat(got(lease(b, "s2").acquire())).as("another lease").isTrue();
        assertThat(got(ofA.acquire())).as("once more").isTrue();

        CompletableFuture<Boolean> waiting = ofB.acquire().toCompletableFuture();
        assertThat(got(ofA.release())).isTrue();
        assertThat(ofA.checkLease()).isFalse();
        assertThat(waiting).succeedsWithin(Duration.ofMillis(900)).isEqualTo(true);
        assertThat(ofB.checkLease()).isTrue();
        assertThat(a.persistence.stats().leasesLost()).isZero();
    }

    @Test
    void whoCannotRenewKnowsItBeforeAnotherTakes() {
        Lease ofA = lease(a, "s1");
        Lease ofB = lease(b, "s1");
        CompletableFuture<Long> lost = new CompletableFuture<>();
        assertThat(got(ofA.acquire(reason -> lost.complete(System.nanoTime())))).isTrue();

        cutOff();
        long cut = System.nanoTime();
        boolean both = false;
        while (!takes(ofB)) {
            both |= ofA.checkLease() && ofB.checkLease();
        }
        long taken = System.nanoTime();

        assertThat(both).isFalse();
        assertThat(ofA.checkLease()).isFalse();
        assertThat(lost).isCompleted();
        assertThat(lost.join()).isLessThan(taken);
        assertThat(Duration.ofNanos(taken - cut)).isBetween(TIMEOUT.minusMillis(300), TIMEOUT.plusMillis(2_500));
        assertThat(a.persistence.stats().leasesLost()).isEqualTo(1);

        // What the old incarnation says afterwards changes nothing.
        reconnect();
        assertThat(got(ofA.release())).isTrue();
        await().atMost(Duration.ofSeconds(15)).ignoreExceptions().until(() -> !got(ofA.acquire()));
        assertThat(got(ofA.release())).isTrue();
        holdsFor(ofB, TIMEOUT);
    }

    @Test
    void whatIsGivenBackWhileTheDatabaseIsAwayIsGivenBackAfterwards() {
        Lease ofA = lease(a, "s1");
        assertThat(got(lease(a, "kept").acquire())).isTrue();
        assertThat(got(ofA.acquire())).isTrue();

        cutOff();
        CompletionStage<Boolean> released = ofA.release();
        reconnect();

        assertThat(got(released)).isTrue();
        assertThat(got(lease(b, "s1").acquire())).isTrue();
        assertThat(got(lease(b, "kept").acquire())).isFalse();
        assertThat(a.persistence.stats().leasesLost()).isZero();
    }

    @Test
    void aShardThatEndsBeforeItsLeaseIsThereDoesNotKeepIt() {
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "s" + i).toList();
        for (String name : names) {
            // So that the next one is sent at once, and released while it is under way.
            assertThat(got(lease(a, "other").acquire())).isTrue();
            CompletionStage<Boolean> acquired = lease(a, name).acquire();
            CompletionStage<Boolean> released = lease(a, name).release();
            assertThat(got(released)).isTrue();
            got(acquired);
            assertThat(lease(a, name).checkLease()).isFalse();
        }
        names.forEach(name -> assertThat(got(lease(b, name).acquire())).isTrue());
    }

    @Test
    void allLeasesAreRenewedByOneStatement() {
        List<CompletionStage<Boolean>> all = IntStream.range(0, SHARDS)
                .mapToObj(i -> lease(a, "shard-" + i).acquire())
                .toList();
        all.forEach(acquired -> assertThat(got(acquired)).isTrue());
        String name = database.jdbcUrl().replaceAll(".*/", "");
        PostgresServer.shared().execute("ALTER DATABASE " + name + " SET log_statement = 'all'");
        // Its connections of before are not counted.
        PostgresServer.shared()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + roleOfA + "'");
        await().until(() -> statements() > 0);
        long rows = written("shard_lease");
        long before = statements();
        long since = System.nanoTime();

        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);

        long beats = (System.nanoTime() - since) / Duration.ofMillis(200).toNanos();
        assertThat(statements() - before).isBetween(beats / 2, beats + 1);
        assertThat(written("shard_lease"))
                .as("rows of leases written meanwhile")
                .isEqualTo(rows);
        assertThat(lease(a, "shard-0").checkLease()).isTrue();
        assertThat(a.persistence.stats().leasesLost()).isZero();
    }

    @Test
    void withoutADatabaseLeasesAreHeldUntilTheirTimeIsOver() {
        try (PostgresServer server = PostgresServer.start();
                TestNode node = TestNode.start(StoreConfigs.postgres(server.newDatabase()), TIMES)) {
            Lease lease = lease(node, "s1");
            CompletableFuture<Long> lost = new CompletableFuture<>();
            assertThat(got(lease.acquire(reason -> lost.complete(System.nanoTime()))))
                    .isTrue();

            long stopped = System.nanoTime();
            server.kill();
            assertThat(lost).succeedsWithin(TIMEOUT.plusSeconds(2));

            // At least what is left of 1.3 s when the heartbeat before was 200 ms ago and slow; at most all of it.
            assertThat(Duration.ofNanos(lost.join() - stopped)).isBetween(Duration.ofMillis(700), TIMEOUT);
            assertThat(lease.checkLease()).isFalse();
            assertThat(lease.acquire().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LeaseTimeoutException.class);

            server.startAgain();
            await().atMost(Duration.ofSeconds(15)).until(() -> takes(lease));
            assertThat(lease.checkLease()).isTrue();
        }
    }

    /** Whatever the session thinks of time. */
    private static String inTimeZone(String zone) {
        return "akka-persistence-jdbc.shared-databases.slick.db.connectionInitSql = \"SET TIME ZONE '" + zone + "'\"\n";
    }

    private static Lease lease(TestNode node, String name) {
        return LeaseProvider.get(node.system).getLease(name, "push.persistence.shard-lease", "owner");
    }

    private void cutOff() {
        PostgresServer.shared().execute("ALTER ROLE " + roleOfA + " NOLOGIN");
        PostgresServer.shared()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + roleOfA + "'");
    }

    private void reconnect() {
        PostgresServer.shared().execute("ALTER ROLE " + roleOfA + " LOGIN");
    }

    private static void holdsFor(Lease lease, Duration time) {
        await().during(time).atMost(time.plusSeconds(5)).until(lease::checkLease);
    }

    private static boolean takes(Lease lease) {
        try {
            return lease.acquire().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean got(CompletionStage<Boolean> stage) {
        return TestNode.await(stage);
    }

    private static long statements() {
        return PostgresServer.shared().log().stream()
                .filter(line -> line.contains("execute") && line.contains("_lease"))
                .count();
    }

    private long written(String table) {
        return b.number(
                "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = '" + table + "'");
    }
}
