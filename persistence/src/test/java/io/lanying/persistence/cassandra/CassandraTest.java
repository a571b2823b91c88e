package io.lanying.persistence.cassandra;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.coordination.lease.javadsl.Lease;
import akka.coordination.lease.javadsl.LeaseProvider;
import akka.stream.javadsl.Sink;
import com.datastax.oss.driver.api.core.cql.Row;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.Counter;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.journal.JournaledEntities.Journaled;
import io.lanying.persistence.journal.JournaledEntities.Page;
import io.lanying.persistence.migration.JournalMigrationScenarios;
import io.lanying.persistence.testing.CassandraServer;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Events and snapshots in a real Cassandra, the rest in PostgreSQL. Each test has a database of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CassandraTest {

    private static final String TIMES = TestNode.GIVE_UP_SOON + """
            akka.cluster.sharding.number-of-shards = 256
            akka.persistence.cassandra.journal.target-partition-size = 10
            push.persistence.shard-lease {
              heartbeat-timeout = 6500 ms, margin = 4500 ms, heartbeat-interval = 200 ms
              lease-operation-timeout = 1 s, retry-interval = 20 ms
            }
            """;
    private static final String KEYSPACE = "in_test";
    private static CassandraServer cassandra;

    private final List<TestNode> nodes = new ArrayList<>();
    private PostgresServer.Database database;
    private String entity;

    @BeforeAll
    static void startCassandra() {
        cassandra = CassandraServer.start();
    }

    @AfterAll
    static void endCassandra() {
        cassandra.close();
    }

    @BeforeEach
    void freshDatabase(TestInfo test) {
        database = PostgresServer.shared().newDatabase();
        entity = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void endNodes() {
        nodes.forEach(TestNode::close);
    }

    @Test
    @Order(1)
    void withoutTablesANodeIsRefusedAndSaysWhatMakesThem() {
        assertThatThrownBy(() -> node(""))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("lanying journal tables");
        make();
        refused("push.persistence.lease = off", "LANYING_SHARD_LEASE");
        refused("push.persistence.shard-lease.margin = 2 s", "margin must be longer");
        refused("push.persistence.cassandra.datacenter = \"\"", "LANYING_CASSANDRA_DATACENTER is not set");
        refused("push.persistence.cassandra.contact-points = \"here\"", "\"here\" is not host:port");
        refused("push.persistence.cassandra.contact-points = \"127.0.0.1:1\"", "cannot be used");
    }

    @Test
    @Order(2)
    void eventsAndSnapshotsComeBackAfterARestart() {
        TestNode node = node("");
        lease(node, entity);
        assertThat(count(node, entity, 25)).isEqualTo(25);
        assertThat(numbers(node, entity, 1, Long.MAX_VALUE, 1_000))
                .isEqualTo(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(numbers(node, entity, 5, 7, 1_000)).containsExactly(5L, 6L, 7L);
        assertThat(numbers(node, entity, 9, 99, 4)).as("across partitions").containsExactly(9L, 10L, 11L, 12L);
        assertThat(numbers(node, entity, 26, 99, 4)).isEmpty();
        assertThat(numbers(node, "other", 1, 99, 4)).isEmpty();
        assertThat(await(node.persistence.writable())).isTrue();
        assertThat(node.number("SELECT COUNT(*) FROM event_journal")).isZero();
        node.close();

        TestNode again = node("");
        lease(again, entity);
        assertThat(count(again, entity, 1)).isEqualTo(26);
        assertThat(again.persistence.stats().unleasedWrites()).isZero();
    }

    @Test
    @Order(3)
    void everyEntityIsMetOnceByARepairCommand() {
        TestNode node = node("");
        List<String> ids = List.of("a", "A", "a-b", "a.b", "ab", "~", "0");
        ids.forEach(id -> {
            lease(node, id);
            count(node, id, 2);
        });
        Maintenance maintenance = Maintenance.open(node.system);
        for (int limit : new int[] {1, 3, 7, 1_000}) {
            List<Journaled> all = new ArrayList<>();
            Optional<String> after = Optional.of("");
            while (after.isPresent()) {
                Page page = await(maintenance.entities().page(after, limit));
                assertThat(page.entities().size()).isLessThanOrEqualTo(limit);
                all.addAll(page.entities());
                after = page.next();
            }
            assertThat(all)
                    .doesNotHaveDuplicates()
                    .containsAll(ids.stream()
                            .map(id -> new Journaled(EntityKind.TENANT, new EntityId("t", id)))
                            .toList());
        }
    }

    @Test
    @Order(4)
    void aWriterPastItsLeaseDoesNotWrite() {
        String role = "writer_" + entity.toLowerCase(Locale.ROOT);
        PostgresServer.shared().execute("CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD 'a'");
        TestNode frozen = start(new PostgresServer.Database(database.jdbcUrl(), role, "a"), "");
        TestNode other = node("");
        Lease ofFrozen = lease(frozen, entity);
        ActorRef<Counter.Increment> late = counter(frozen, entity);
        TestProbe<Long> answers = TestProbe.create(frozen.system);
        late.tell(new Counter.Increment(answers.ref()));
        answers.expectMessage(Duration.ofSeconds(10), 1L);

        PostgresServer.shared().execute("ALTER ROLE " + role + " NOLOGIN");
        PostgresServer.shared()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
        await().atMost(Duration.ofSeconds(10)).until(() -> !ofFrozen.checkLease());
        late.tell(new Counter.Increment(answers.ref()));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> frozen.persistence.stats().unleasedWrites() == 1);
        lease(other, entity);
        assertThat(count(other, entity, 2)).isEqualTo(3);

        late.tell(new Counter.Increment(answers.ref()));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> frozen.persistence.stats().unleasedWrites() == 2);
        answers.expectNoMessage();
        assertThat(numbers(other, entity, 1, 99, 100)).containsExactly(1L, 2L, 3L);
    }

    /** What the lease cannot prevent for certain is noticed: nothing is chosen, nothing is dropped. */
    @Test
    @Order(5)
    void twoBranchesAreRefusedByWhoeverReadsThem() {
        TestNode node = node("");
        lease(node, entity);
        count(node, entity, 3);
        writtenByAnother(node, 2, 0);

        assertThatThrownBy(() -> numbers(node, entity, 1, 99, 100))
                .hasStackTraceContaining("event 2 of Tenant|t:" + entity + " was written by two");
        TestProbe<Long> answers = TestProbe.create(node.system);
        ActorRef<Counter.Increment> recovering =
                node.system.systemActorOf(Counter.create(new EntityId("t", entity)), "recovering", Props.empty());
        recovering.tell(new Counter.Increment(answers.ref()));
        answers.expectTerminated(recovering, Duration.ofSeconds(15));
        answers.expectNoMessage();
    }

    @Test
    @Order(6)
    void branchesAreListedAndOneIsTakenAway(@TempDir Path dir) throws IOException {
        TestNode node = node("");
        lease(node, entity);
        count(node, entity, 25);
        String id = "Tenant|t:" + entity;
        String own = stored(node, 12, 1).getString("writer_uuid");
        LongStream.rangeClosed(12, 14).forEach(seq -> writtenByAnother(node, seq, 1));
        // The beginning of an atomic write is in the partition of its end.
        writtenByAnother(node, 20, 2);
        JournalRepair repair = JournalRepair.open(node.system);
        List<Branches.Event> branches = await(repair.branches().of(id).runWith(Sink.seq(), node.system));
        assertThat(branches).extracting(Branches.Event::seq).containsExactly(12L, 12L, 13L, 13L, 14L, 14L, 20L, 20L);
        assertThat(branches).extracting(Branches.Event::writer).containsOnly(own, "another");
        assertThat(branches).extracting(Branches.Event::type).containsOnly(ApiKeyRevoked.class.getName());
        assertThat(await(repair.branches().all().runWith(Sink.seq(), node.system)))
                .containsAll(branches)
                .filteredOn(event -> event.persistenceId().equals(id))
                .hasSize(8);

        Path copy = dir.resolve("copy.ndjson");
        assertThatThrownBy(() -> await(repair.removal().remove(id, Set.of(own), copy)))
                .hasStackTraceContaining("would lack number 15");
        assertThatThrownBy(() -> await(repair.removal().remove(id, Set.of("nobody"), copy)))
                .hasStackTraceContaining("would still have two of number 12");
        assertThatThrownBy(() -> await(repair.removal().remove(id, Set.of("another", "nobody"), copy)))
                .hasStackTraceContaining("writer nobody has no event");
        assertThat(copy).doesNotExist();
        assertThat(await(repair.branches().of(id).runWith(Sink.seq(), node.system)))
                .isEqualTo(branches);

        BranchRemoval.Removed removed = await(repair.removal().remove(id, Set.of("another"), copy));

        assertThat(removed).isEqualTo(new BranchRemoval.Removed(12, 4, 1));
        assertThat(Files.readAllLines(copy))
                .hasSize(5)
                .allMatch(line -> line.contains("\"persistence_id\":\"" + id + "\""));
        assertThat(await(repair.branches().of(id).runWith(Sink.seq(), node.system)))
                .isEmpty();
        assertThatThrownBy(() -> await(repair.removal().remove(id, Set.of("another"), dir.resolve("again"))))
                .hasStackTraceContaining("has no number with two events");
        assertThat(count(node, entity, 1)).isEqualTo(26);
        assertThat(repair.liveNode())
                .hasValueSatisfying(alive -> assertThat(alive).contains("connections"));
    }

    @Test
    @Order(7)
    void aDatabaseBelongsToOneJournal() {
        node("").close();
        assertThatThrownBy(() -> TestNode.start(StoreConfigs.postgres(database)).close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("in Cassandra's keyspace " + KEYSPACE);

        database = PostgresServer.shared().newDatabase();
        TestNode postgres = TestNode.start(StoreConfigs.postgres(database));
        postgres.close();
        assertThatThrownBy(() -> node("")).isInstanceOf(StartRefused.class).hasMessageContaining("is in it");
    }

    @Test
    @Order(8)
    void aNodeIsNotReadyWithoutCassandra() {
        TestNode node = node("");
        assertThat(await(node.persistence.writable())).isTrue();

        cassandra.freeze();
        try {
            await().atMost(Duration.ofSeconds(15)).until(() -> !await(node.persistence.writable()));
        } finally {
            cassandra.goOn();
        }
    }

    /** Here, for a Cassandra takes long to start. */
    @Nested
    class WhenTheJournalIsMoved extends JournalMigrationScenarios {
        WhenTheJournalIsMoved() {
            super(cassandra);
        }
    }

    private Row stored(TestNode node, long seq, long partition) {
        return await(CassandraStore.open(node.system)
                        .session()
                        .selectAll("SELECT * FROM " + KEYSPACE + ".messages WHERE persistence_id = 'Tenant|t:" + entity
                                + "' AND partition_nr = " + partition + " AND sequence_nr = " + seq))
                .get(0);
    }

    /** The event of this number once more, as another writer's in this partition. */
    private void writtenByAnother(TestNode node, long seq, long partition) {
        Row row = stored(node, seq, (seq - 1) / 10);
        await(CassandraStore.open(node.system)
                .session()
                .executeWrite(
                        "INSERT INTO " + KEYSPACE
                                + ".messages (persistence_id, partition_nr, sequence_nr, timebucket, ser_id,"
                                + " ser_manifest, event_manifest, event, timestamp, writer_uuid)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, now(), 'another')",
                        row.getString("persistence_id"),
                        partition,
                        seq,
                        row.getString("timebucket"),
                        row.getInt("ser_id"),
                        row.getString("ser_manifest"),
                        row.getString("event_manifest"),
                        row.getByteBuffer("event")));
    }

    private void refused(String setting, String why) {
        assertThatThrownBy(() -> node(setting + "\n"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("\n");
    }

    private TestNode node(String more) {
        return start(database, more);
    }

    private TestNode start(PostgresServer.Database as, String more) {
        TestNode node = TestNode.start(config(as), TIMES + more);
        nodes.add(node);
        return node;
    }

    private Config config(PostgresServer.Database as) {
        return StoreConfigs.cassandra(cassandra, KEYSPACE, as);
    }

    /** As the command does. */
    private void make() {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "command",
                ConfigFactory.load(ConfigFactory.parseString("datastax-java-driver.basic.request.timeout = 30 s")
                        .withFallback(config(database))));
        CassandraTables.make(system);
        CassandraTables.make(system);
        system.terminate();
        await(system.getWhenTerminated());
    }

    /** Takes the lease of the shard that the entity is in. */
    private static Lease lease(TestNode node, String id) {
        int shard = Math.abs(new EntityId("t", id).toString().hashCode() % 256);
        Lease lease = LeaseProvider.get(node.system)
                .getLease("test-shard-Tenant-" + shard, "push.persistence.shard-lease", "owner");
        await().atMost(Duration.ofSeconds(15)).until(() -> await(lease.acquire().exceptionally(failure -> false)));
        return lease;
    }

    private static ActorRef<Counter.Increment> counter(TestNode node, String id) {
        return node.system.systemActorOf(
                Counter.restarting(new EntityId("t", id)), "counter" + System.nanoTime(), Props.empty());
    }

    private static long count(TestNode node, String id, int times) {
        TestProbe<Long> probe = TestProbe.create(node.system);
        ActorRef<Counter.Increment> counter = counter(node, id);
        for (int i = 0; i < times; i++) {
            counter.tell(new Counter.Increment(probe.ref()));
        }
        return probe.receiveSeveralMessages(times, Duration.ofSeconds(15)).get(times - 1);
    }

    private static List<Long> numbers(TestNode node, String id, long from, long to, int limit) {
        return await(node.persistence.journal().events(EntityKind.TENANT, new EntityId("t", id), from, to, limit))
                .stream()
                .map(JournalEvent::eventSeq)
                .toList();
    }
}
