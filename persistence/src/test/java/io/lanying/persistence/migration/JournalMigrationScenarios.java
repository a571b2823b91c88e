package io.lanying.persistence.migration;

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
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.Counter;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.cassandra.CassandraTables;
import io.lanying.persistence.migration.JournalMigration.Place;
import io.lanying.persistence.migration.JournalMigration.Progress;
import io.lanying.persistence.migration.JournalMigration.Result;
import io.lanying.persistence.migration.JournalMigration.Step;
import io.lanying.persistence.testing.CassandraServer;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.JournalEvent;
import java.net.InetSocketAddress;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal that nodes have written goes to the other store, and nodes go on there; or it does not, and says why. */
public abstract class JournalMigrationScenarios {

    private static final String TIMES = TestNode.GIVE_UP_SOON + """
            akka.cluster.sharding.number-of-shards = 256
            akka.persistence.cassandra.journal.target-partition-size = 10
            push.persistence.shard-lease {
              heartbeat-timeout = 6500 ms, margin = 4500 ms, heartbeat-interval = 200 ms
              lease-operation-timeout = 1 s, retry-interval = 20 ms
            }
            """;
    private static final String TABLES = "moved";
    private static boolean tablesMade;
    private static final Duration GONE_SOON = Duration.ofSeconds(10);

    private final CassandraServer cassandra;
    private final List<TestNode> nodes = new ArrayList<>();
    private String keyspace = TABLES;
    private PostgresServer.Database database;
    private Optional<CqlSession> session = Optional.empty();

    protected JournalMigrationScenarios(CassandraServer cassandra) {
        this.cassandra = cassandra;
    }

    @BeforeEach
    void freshStores() {
        database = PostgresServer.shared().newDatabase();
    }

    @AfterEach
    void endNodes() {
        nodes.forEach(TestNode::close);
        session.ifPresent(CqlSession::close);
    }

    @Test
    void thereAndBackAgain() {
        makeTables();
        TestNode before = postgres("");
        count(before, "long", 25);
        count(before, "short", 1);
        before.close();
        List<String> events = events();
        List<String> snapshots = snapshots();

        Result there = move(Place.CASSANDRA);

        assertThat(there)
                .extracting(Result::entities, Result::events, Result::snapshots)
                .containsExactly(2L, 26L, (long) snapshots.size());
        assertThatThrownBy(() -> postgres(""))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("in Cassandra's keyspace " + keyspace);
        assertThatThrownBy(() -> sql("DELETE FROM event_journal"))
                .as("what a node that was frozen would do")
                .hasMessageContaining("the journal of this database is elsewhere");
        TestNode moved = cassandra();
        lease(moved, "long");
        assertThat(numbers(moved, "long"))
                .isEqualTo(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(count(moved, "long", 7)).isEqualTo(32);
        lease(moved, "new");
        assertThat(count(moved, "new", 3)).isEqualTo(3);
        assertThat(numbers(moved, "short")).containsExactly(1L);
        end(moved);
        int kept = rows("SELECT sequence_nr FROM " + keyspace + ".snapshots").size();

        // What is left of the old journal is a beginning of the new one.
        assertThat(move(Place.POSTGRES))
                .extracting(Result::entities, Result::events, Result::snapshots)
                .containsExactly(3L, 36L, (long) kept);
        assertThat(events()).hasSize(36).containsAll(events);
        TestNode back = postgres("");
        assertThat(count(back, "long", 1)).isEqualTo(33);
        back.close();

        sql("TRUNCATE event_journal, snapshot, event_tag");
        truncate("snapshots");
        assertThat(moveFails(Place.CASSANDRA)).startsWith("its target has Tenant|t:");
        sql("DELETE FROM node_secrets WHERE name = 'journal-store'");
        sql("INSERT INTO node_secrets VALUES ('journal-store', 'cassandra:" + keyspace + "')");
        cql("DELETE FROM " + keyspace + ".messages WHERE persistence_id = 'Tenant|t:new' AND partition_nr = 0");
        move(Place.POSTGRES);
        assertThat(events().stream().filter(events::contains))
                .as("into an empty store")
                .containsExactlyElementsOf(events);
        assertThat(snapshots).isNotEmpty();
        assertThat(snapshots()).as("as Cassandra had none any more").isEmpty();
    }

    @Test
    void killedInTheMiddleItGoesOn() {
        makeTables();
        TestNode node = postgres("");
        for (int i = 0; i < 30; i++) {
            count(node, "e" + i, 2);
        }
        count(node, "a-long", 250);
        node.close();

        assertThat(moveFails(Place.CASSANDRA, progress -> {
                    if (progress.step() == Step.COPY && progress.entities() == 22) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .isEqualTo("killed");

        assertThatThrownBy(() -> postgres("")).isInstanceOf(StartRefused.class).hasMessageContaining("is being moved");
        assertThatThrownBy(this::cassandra).isInstanceOf(StartRefused.class).hasMessageContaining("is being moved");
        // One that was stopped in the middle of an entity, whose copy is not noted.
        cql("DELETE FROM " + keyspace + ".messages WHERE persistence_id = 'Tenant|t:a-long' AND partition_nr = 24");
        sql("UPDATE journal_move SET copied = FALSE WHERE persistence_id IN ('Tenant|t:a-long', 'Tenant|t:e1')");
        List<Progress> shown = new CopyOnWriteArrayList<>();
        Result result = move(Place.CASSANDRA, shown::add);

        assertThat(result).extracting(Result::entities, Result::events).containsExactly(31L, 310L);
        assertThat(shown)
                .filteredOn(progress -> progress.step() == Step.COPY)
                .first()
                .satisfies(first -> {
                    assertThat(first.entities()).as("not copied again").isGreaterThanOrEqualTo(19);
                    assertThat(first.of()).isEqualTo(31);
                });
        assertThat(rows("SELECT sequence_nr FROM " + keyspace + ".messages")).hasSize(310);
        TestNode moved = cassandra();
        lease(moved, "a-long");
        assertThat(count(moved, "a-long", 1)).isEqualTo(251);
    }

    @Test
    void aDamagedCopyIsNotUsed() {
        makeTables();
        TestNode node = postgres("");
        count(node, "a", 12);
        count(node, "b", 12);
        node.close();

        Result there = move(Place.CASSANDRA, whenCopied(() -> {
            Row row = rows("SELECT timestamp FROM " + keyspace + ".messages WHERE persistence_id = 'Tenant|t:a'"
                            + " AND partition_nr = 1 AND sequence_nr = 12")
                    .get(0);
            cql("UPDATE " + keyspace + ".messages SET event = 0x00 WHERE persistence_id = 'Tenant|t:a'"
                    + " AND partition_nr = 1 AND sequence_nr = 12 AND timestamp = " + row.getUuid("timestamp"));
            cql("DELETE FROM " + keyspace + ".snapshots WHERE persistence_id = 'Tenant|t:b'");
        }));

        assertThat(there.differences()).hasSize(2).anySatisfy(line -> assertThat(line)
                .startsWith("Tenant|t:a: 12 events to 12"));
        assertThat(there.differences()).anySatisfy(line -> assertThat(line)
                .startsWith("Tenant|t:b: 1 snapshots to 10")
                .contains("0 snapshots to 0"));
        assertThatThrownBy(this::cassandra).isInstanceOf(StartRefused.class).hasMessageContaining("is being moved");
        giveUp();
        TestNode goesOn = postgres("");
        assertThat(count(goesOn, "a", 1)).isEqualTo(13);
        goesOn.close();

        truncate("messages");
        assertThat(move(Place.CASSANDRA).differences()).isEmpty();
        Result back = move(Place.POSTGRES, whenCopied(() -> {
            sql("SET lanying.moves_journal = 'on'; UPDATE event_journal SET event_ser_manifest = 'x'"
                    + " WHERE persistence_id = 'Tenant|t:b' AND sequence_number = 3");
        }));
        assertThat(back.differences()).singleElement().asString().startsWith("Tenant|t:b: 12 events");
    }

    @Test
    void nothingIsMovedUnderALiveNode() {
        makeTables();
        TestNode node = postgres("");
        count(node, "a", 3);
        assertThat(refused(Place.CASSANDRA))
                .contains("connections to this database")
                .endsWith("stop all nodes first");
        assertThat(count(node, "a", 1)).isEqualTo(4);
        node.close();
        sql(
                "INSERT INTO node_lease (node, expires_at) VALUES ('10.0.0.1:25520#x', clock_timestamp() + INTERVAL '1 hour')");
        assertThat(refused(Place.CASSANDRA)).isEqualTo("the leases of node 10.0.0.1:25520 last: stop all nodes first");
        sql("DELETE FROM node_lease");

        // One that nobody sees: it writes nothing, and so nothing is left behind.
        TestNode hidden =
                postgres("akka-persistence-jdbc.shared-databases.slick.db.properties.ApplicationName = hidden\n");
        ActorRef<Counter.Increment> counter = counter(hidden, "a");
        TestProbe<Long> answers = TestProbe.create(hidden.system);
        counter.tell(new Counter.Increment(answers.ref()));
        answers.expectMessage(Duration.ofSeconds(10), 5L);
        assertThat(move(Place.CASSANDRA, whenCopied(() -> counter.tell(new Counter.Increment(answers.ref()))))
                        .events())
                .isEqualTo(5);
        counter.tell(new Counter.Increment(answers.ref()));
        answers.expectNoMessage();
        assertThat(hidden.number("SELECT COUNT(*) FROM event_journal")).isEqualTo(5);
    }

    @Test
    void whatCannotBeMovedIsRefusedAndNothingAltered() {
        keyspace = "without_tables";
        assertThatThrownBy(() -> move(Place.CASSANDRA))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("older than this program");
        postgres("").close();
        assertThatThrownBy(() -> move(Place.CASSANDRA))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("lanying journal tables");
        makeTables();
        assertThat(refused(Place.POSTGRES)).isEqualTo("the journal of this database is in PostgreSQL already");
        TestNode node = postgres("");
        count(node, "a", 25);
        node.close();
        sql(
                "INSERT INTO journal_segment (segment_id, object, state, created_at_ms) VALUES ('s1', 'o1', 'complete', 1)");
        sql("INSERT INTO journal_archive VALUES ('Tenant|t:a', 1, 1, 's1', 0, 1, 'hash')");
        assertThat(refused(Place.CASSANDRA)).contains("in the archive");
        sql("TRUNCATE journal_archive, journal_segment");
        cql(
                "INSERT INTO " + keyspace
                        + ".messages (persistence_id, partition_nr, sequence_nr, timestamp, event) VALUES ('Tenant|t:z', 0, 1, now(), 0x00)");
        assertThat(moveFails(Place.CASSANDRA)).startsWith("its target has Tenant|t:z");
        postgres("").close();
        truncate("messages");

        sql("DELETE FROM event_journal WHERE persistence_id = 'Tenant|t:a' AND sequence_number = 7");
        assertThat(moveFails(Place.CASSANDRA)).isEqualTo("event 7 of Tenant|t:a is missing in the journal");
        assertThat(refused(Place.POSTGRES)).contains("is being moved, and will be in Cassandra's keyspace " + keyspace);
        giveUp();
        truncate("messages");

        // The oldest events are gone behind a snapshot.
        sql("DELETE FROM event_journal WHERE persistence_id = 'Tenant|t:a' AND sequence_number <= 15");
        assertThat(move(Place.CASSANDRA).events()).isEqualTo(10);
        TestNode moved = cassandra();
        lease(moved, "a");
        assertThat(count(moved, "a", 1)).isEqualTo(26);
        assertThat(rows("SELECT deleted_to FROM " + keyspace + ".metadata")
                        .get(0)
                        .getLong(0))
                .isEqualTo(15);
        end(moved);
        assertThat(move(Place.POSTGRES).events()).isEqualTo(11);
    }

    private Result move(Place to) {
        return move(to, any -> {});
    }

    private Result move(Place to, Consumer<Progress> show) {
        try {
            return tryMove(to, GONE_SOON, show);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private String moveFails(Place to) {
        return moveFails(to, any -> {});
    }

    private String moveFails(Place to, Consumer<Progress> show) {
        try {
            tryMove(to, GONE_SOON, show);
            throw new AssertionError("it was moved");
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }

    private String refused(Place to) {
        try {
            tryMove(to, Duration.ZERO, any -> {});
            throw new AssertionError("it was moved");
        } catch (StartRefused e) {
            return String.valueOf(e.getMessage());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Result tryMove(Place to, Duration patience, Consumer<Progress> show) throws ExecutionException {
        ActorSystem<Void> system = commandSystem();
        try (JournalMigration migration = JournalMigration.open(system)) {
            return migration.run(to, patience, show).toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        } finally {
            system.terminate();
            await(system.getWhenTerminated());
        }
    }

    private void giveUp() {
        ActorSystem<Void> system = commandSystem();
        try (JournalMigration migration = JournalMigration.open(system)) {
            assertThat(migration.giveUp()).isEqualTo("in PostgreSQL");
        } finally {
            system.terminate();
            await(system.getWhenTerminated());
        }
    }

    private ActorSystem<Void> commandSystem() {
        return ActorSystem.create(Behaviors.empty(), "command", JournalMigration.settings(config()));
    }

    private Config config() {
        return ConfigFactory.load(ConfigFactory.parseString(TIMES)
                .withFallback(StoreConfigs.cassandra(cassandra, keyspace, database))
                .withFallback(ConfigFactory.parseString("akka.loglevel = WARNING")));
    }

    /** Once, when all is copied and before it is compared. */
    private static Consumer<Progress> whenCopied(Runnable work) {
        AtomicInteger done = new AtomicInteger();
        return progress -> {
            if (progress.step() == Step.COPY && progress.entities() == progress.of() && done.getAndIncrement() == 0) {
                work.run();
            }
        };
    }

    /** Empty ones; to make them takes longer than to empty them. */
    private void makeTables() {
        keyspace = TABLES;
        if (tablesMade) {
            List.of("messages", "snapshots", "metadata", "all_persistence_ids").forEach(this::truncate);
            return;
        }
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "tables",
                ConfigFactory.parseString("datastax-java-driver.basic.request.timeout = 30 s")
                        .withFallback(Maintenance.settings(config())));
        CassandraTables.make(system);
        system.terminate();
        await(system.getWhenTerminated());
        tablesMade = true;
    }

    private TestNode postgres(String more) {
        return started(TestNode.start(StoreConfigs.postgres(database), TIMES + more));
    }

    private TestNode cassandra() {
        return started(TestNode.start(StoreConfigs.cassandra(cassandra, keyspace, database), TIMES));
    }

    private TestNode started(TestNode node) {
        nodes.add(node);
        return node;
    }

    /** Its term is over, sooner than by its time. */
    private void end(TestNode node) {
        node.close();
        sql("UPDATE node_lease SET expires_at = clock_timestamp()");
    }

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

    private static List<Long> numbers(TestNode node, String id) {
        return await(node.persistence
                        .journal()
                        .events(EntityKind.TENANT, new EntityId("t", id), 1, Long.MAX_VALUE, 1_000))
                .stream()
                .map(JournalEvent::eventSeq)
                .toList();
    }

    /** All that is stored of events but in which order they came. */
    private List<String> events() {
        return texts("SELECT e::text FROM (SELECT persistence_id, sequence_number, deleted, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload, meta_ser_id, meta_ser_manifest,"
                + " meta_payload FROM event_journal ORDER BY persistence_id, sequence_number) e");
    }

    private List<String> snapshots() {
        return texts("SELECT s::text FROM (SELECT * FROM snapshot ORDER BY persistence_id, sequence_number) s");
    }

    private List<String> texts(String sql) {
        List<String> texts = new ArrayList<>();
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    private void sql(String sql) {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void truncate(String table) {
        cql("TRUNCATE " + keyspace + "." + table);
    }

    private void cql(String cql) {
        session().execute(cql);
    }

    private List<Row> rows(String cql) {
        return session().execute(cql).all();
    }

    private CqlSession session() {
        if (session.isEmpty()) {
            String[] at = cassandra.contactPoint().split(":", -1);
            session = Optional.of(CqlSession.builder()
                    .addContactPoint(new InetSocketAddress(at[0], Integer.parseInt(at[1])))
                    .withLocalDatacenter(CassandraServer.DATACENTER)
                    .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                            .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                            .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                            .build())
                    .build());
        }
        return session.get();
    }
}
