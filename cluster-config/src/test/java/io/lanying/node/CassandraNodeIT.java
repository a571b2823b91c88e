package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.testing.CassandraServer;
import io.lanying.persistence.testing.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Nodes whose journal is a real Cassandra. */
class CassandraNodeIT {

    private static final List<String> DEVICES =
            IntStream.range(0, 12).mapToObj(i -> "d" + i).toList();
    private static final String KEYSPACE = "node_it";
    private static final String MOVED = "moved_it";

    private static CassandraServer cassandra;

    @TempDir
    Path directory;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @BeforeAll
    static void startCassandra() {
        cassandra = CassandraServer.start();
    }

    @AfterAll
    static void endCassandra() {
        cassandra.close();
    }

    @Test
    void aFrozenNodeThatGoesOnWritesNothingBesideTheOther() throws Exception {
        NodeFixture fixture = on(KEYSPACE, "1");
        command(KEYSPACE, "journal", "tables");
        try (Node first =
                fixture.with("push.node.cluster.seed-nodes", fixture.remote()).start()) {
            Http tenant = new Http(
                    first.url(), NodeIT.tenantWithKey(new Http(first.url(), NodeFixture.OPERATOR_KEY), "acme"));
            freeze(fixture, tenant);
            assertThat(tenant.get("/v1/journal/devices/d0/events").status()).isEqualTo(200);
            assertThat(writtenTwice()).isEmpty();
            assertThat(command(KEYSPACE, "journal", "branches")).contains("share their number with another: 0");
        }
    }

    @Test
    void theJournalMovesThereAndBackAndNodesGoOn() {
        String key;
        List<String> before;
        command(MOVED, "journal", "tables");
        try (Node node =
                NodeFixture.onPostgres(database, directory.resolve("before")).start()) {
            key = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
            Http tenant = new Http(node.url(), key);
            DEVICES.forEach(device -> register(tenant, device, "1"));
            NodeIT.push(tenant, "d0", "one", "k1");
            NodeIT.push(tenant, "d0", "two", "k2");
            before = audit(tenant);
        }

        assertThat(command(MOVED, "journal", "migrate", "--to", "cassandra"))
                .contains("are equal in both")
                .contains("start the nodes with LANYING_JOURNAL=cassandra");

        assertThatThrownBy(() -> NodeFixture.onPostgres(database, directory.resolve("old"))
                        .start()
                        .close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("in Cassandra's keyspace " + MOVED);
        List<String> between;
        try (Node node = on(MOVED, "moved").start()) {
            Http tenant = new Http(node.url(), key);
            assertThat(audit(tenant)).isEqualTo(before);
            String pushed = NodeIT.push(tenant, "d0", "two", "k2");
            assertThat(audit(tenant)).as("a repeat is a repeat: " + pushed).isEqualTo(before);
            NodeIT.push(tenant, "d0", "three", "k3");
            assertThat(register(tenant, "new", "1")).isTrue();
            between = audit(tenant);
            assertThat(between.get(0)).startsWith(before.get(0).substring(0, 200));
            assertThat(streamOf(tenant)).containsExactly(1L, 2L, 3L);
        }

        twoBranchesStopTheMove();
        assertThat(command(MOVED, "journal", "migrate", "--to", "postgres")).contains("LANYING_JOURNAL=postgres");

        try (Node node =
                NodeFixture.onPostgres(database, directory.resolve("back")).start()) {
            Http tenant = new Http(node.url(), key);
            assertThat(audit(tenant)).isEqualTo(between);
            NodeIT.push(tenant, "d0", "four", "k4");
            assertThat(streamOf(tenant)).containsExactly(1L, 2L, 3L, 4L);
            assertThat(tenant.get("/v1/devices/new").status()).isEqualTo(200);
        }
    }

    /** An event of d1 that another has written as well: the operator takes it away. */
    private void twoBranchesStopTheMove() {
        cql("INSERT INTO " + MOVED
                + ".messages (persistence_id, partition_nr, sequence_nr, timestamp, writer_uuid, event)"
                + " VALUES ('Device|acme:d1', 0, 1, now(), 'another', 0x00)");
        String[] migrate = {"journal", "migrate", "--to", "postgres"};
        assertThat(exit(MOVED, 1, migrate)).contains("event 1 of Device|acme:d1 was written by two");
        assertThat(exit(MOVED, 1, "journal", "branches")).contains("is being moved");
        command(MOVED, "journal", "migrate", "--give-up");
        assertThat(exit(MOVED, 3, "journal", "branches", "Device|acme:d1"))
                .contains("Device|acme:d1 1 by another at ")
                .contains("share their number with another: 2");
        String file = directory.resolve("copy.ndjson").toString();
        assertThat(command(MOVED, "journal", "discard", "Device|acme:d1", "--writer", "another", "--copy", file))
                .contains("1 events from number 1 on");
        assertThat(Path.of(file)).content().contains("\"writer_uuid\":\"another\"");
    }

    private static void cql(String cql) {
        String[] at = cassandra.contactPoint().split(":", -1);
        try (CqlSession session = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(at[0], Integer.parseInt(at[1])))
                .withLocalDatacenter(CassandraServer.DATACENTER)
                .build()) {
            session.execute(cql);
        }
    }

    /** The events and the states of some entities, as auditors see them. */
    private static List<String> audit(Http tenant) {
        return Stream.of("d0/events?limit=200", "d0/state", "d1/events?limit=200", "d1/state")
                .map(path -> tenant.get("/v1/journal/devices/" + path))
                .map(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    return answer.text();
                })
                .toList();
    }

    /** The numbers of the device's items. */
    private static List<Long> streamOf(Http tenant) {
        List<Long> numbers = new ArrayList<>();
        tenant.get("/v1/journal/devices/d0/events?limit=200")
                .json()
                .path("items")
                .forEach(event -> event.findValues("itemSeq").forEach(number -> numbers.add(number.asLong())));
        return numbers;
    }

    /** One of two nodes is frozen with commands before it; the other takes its devices over; then it goes on. */
    private void freeze(NodeFixture fixture, Http tenant) throws Exception {
        String remote = "127.0.0.1:" + NodeFixture.freePort();
        int http = NodeFixture.freePort();
        try (NodeProcess frozen = NodeProcess.start(
                        Files.createDirectory(directory.resolve("2")),
                        "node",
                        Map.of("LANYING_REMOTE_PORT", remote.substring(remote.indexOf(':') + 1)),
                        settingsOfAnother(fixture, http))
                .ready()) {
            Http there = tenant.at("http://127.0.0.1:" + http);
            await("devices on both").atMost(Duration.ofSeconds(60)).until(() -> {
                DEVICES.forEach(device -> register(tenant, device, "a"));
                return held(remote) > 0;
            });
            DEVICES.forEach(device -> register(there, device, "b"));
            frozen.signal("STOP");
            List<CompletableFuture<Integer>> late = DEVICES.stream()
                    .map(device -> CompletableFuture.supplyAsync(() -> tryRegister(there, device, "late")))
                    .toList();
            var management = new Http(fixture.management().toString(), NodeFixture.OPERATOR_KEY);
            await("written off")
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(40))
                    .until(() ->
                            management.post("/nodes/" + remote + "/down", "{}").status() == 202);
            await("all on the other").atMost(Duration.ofSeconds(60)).until(() -> DEVICES.stream()
                    .allMatch(device -> register(tenant, device, "c")));

            frozen.signal("CONT");
            late.forEach(CompletableFuture::join);
            await("written after it woke").atMost(Duration.ofSeconds(30)).until(() -> DEVICES.stream()
                    .allMatch(device -> register(tenant, device, "d")));
        }
    }

    private static boolean register(Http node, String device, String version) {
        int status = tryRegister(node, device, version);
        return status == 200 || status == 201;
    }

    private static int tryRegister(Http node, String device, String version) {
        try {
            return node.put(
                            "/v1/devices/" + device,
                            "{\"platform\":\"other\",\"appVersion\":\"" + version + System.nanoTime() + "\"}")
                    .status();
        } catch (AssertionError e) {
            return 0; // its node ended meanwhile
        }
    }

    private long held(String remote) {
        return new StoreAccess(database.jdbcUrl(), database.user(), database.password())
                .rows("SELECT name FROM node_lease JOIN shard_lease USING (term) WHERE node LIKE '" + remote
                        + "#%' AND name LIKE 'lanying-shard-Device-%'")
                .size();
    }

    /** Events whose number another event has as well. */
    private static List<String> writtenTwice() {
        var seen = new HashMap<String, Integer>();
        String[] at = cassandra.contactPoint().split(":", -1);
        try (CqlSession session = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(at[0], Integer.parseInt(at[1])))
                .withLocalDatacenter(CassandraServer.DATACENTER)
                .build()) {
            session.execute("SELECT persistence_id, sequence_nr FROM " + KEYSPACE + ".messages")
                    .forEach(row -> seen.merge(row.getString(0) + " " + row.getLong(1), 1, Integer::sum));
        }
        assertThat(seen).hasSizeGreaterThan(DEVICES.size());
        return seen.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    private NodeFixture on(String keyspace, String name) {
        return NodeFixture.onPostgres(database, directory.resolve(name))
                .with("push.node.journal", "cassandra")
                .with("push.persistence.cassandra.contact-points", cassandra.contactPoint())
                .with("push.persistence.cassandra.datacenter", CassandraServer.DATACENTER)
                .with("push.persistence.cassandra.keyspace", keyspace)
                .with("push.persistence.cassandra.replicas", "1");
    }

    /** As an operator gives it; returns what it says. */
    private String command(String keyspace, String... words) {
        return exit(keyspace, 0, words);
    }

    /** As {@link #command}, ending with this status. */
    private String exit(String keyspace, int status, String... words) {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Map<String, String> settings = new HashMap<>();
        on(keyspace, "command")
                .config()
                .entrySet()
                .forEach(entry -> settings.put(
                        entry.getKey(), entry.getValue().unwrapped().toString()));
        settings.forEach(System::setProperty);
        ConfigFactory.invalidateCaches();
        try {
            int ended = command.execute(words);
            assertThat(ended).as(out.toString()).isEqualTo(status);
            return out.toString();
        } finally {
            settings.keySet().forEach(System::clearProperty);
            ConfigFactory.invalidateCaches();
        }
    }

    private Map<String, String> settingsOfAnother(NodeFixture fixture, int http) {
        var settings = new HashMap<String, String>();
        on(KEYSPACE, "2")
                .with("push.node.cluster.seed-nodes", fixture.remote())
                .with("push.http.port", http)
                .config()
                .entrySet()
                .forEach(entry -> settings.put(
                        entry.getKey(), entry.getValue().unwrapped().toString()));
        settings.keySet().removeAll(List.of("push.node.cluster.port", "push.node.data-dir"));
        return settings;
    }
}
