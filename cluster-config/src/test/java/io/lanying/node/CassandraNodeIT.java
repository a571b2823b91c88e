package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Nodes whose journal is a real Cassandra. */
class CassandraNodeIT {

    private static final List<String> DEVICES =
            IntStream.range(0, 12).mapToObj(i -> "d" + i).toList();
    private static final String KEYSPACE = "node_it";

    @TempDir
    Path directory;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    void aFrozenNodeThatGoesOnWritesNothingBesideTheOther() throws Exception {
        try (CassandraServer cassandra = CassandraServer.start()) {
            NodeFixture fixture = on(cassandra, "1");
            makeTables(cassandra);
            try (Node first = fixture.with("push.node.cluster.seed-nodes", fixture.remote())
                    .start()) {
                Http tenant = new Http(
                        first.url(), NodeIT.tenantWithKey(new Http(first.url(), NodeFixture.OPERATOR_KEY), "acme"));
                freeze(cassandra, fixture, tenant);
                assertThat(tenant.get("/v1/journal/devices/d0/events").status()).isEqualTo(200);
                assertThat(writtenTwice(cassandra)).isEmpty();
            }
        }
    }

    /** One of two nodes is frozen with commands before it; the other takes its devices over; then it goes on. */
    private void freeze(CassandraServer cassandra, NodeFixture fixture, Http tenant) throws Exception {
        String remote = "127.0.0.1:" + NodeFixture.freePort();
        int http = NodeFixture.freePort();
        try (NodeProcess frozen = NodeProcess.start(
                        Files.createDirectory(directory.resolve("2")),
                        "node",
                        Map.of("LANYING_REMOTE_PORT", remote.substring(remote.indexOf(':') + 1)),
                        settingsOfAnother(cassandra, fixture, http))
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
    private static List<String> writtenTwice(CassandraServer cassandra) {
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

    private NodeFixture on(CassandraServer cassandra, String name) {
        return NodeFixture.onPostgres(database, directory.resolve(name))
                .with("push.node.journal", "cassandra")
                .with("push.persistence.cassandra.contact-points", cassandra.contactPoint())
                .with("push.persistence.cassandra.datacenter", CassandraServer.DATACENTER)
                .with("push.persistence.cassandra.keyspace", KEYSPACE)
                .with("push.persistence.cassandra.replicas", "1");
    }

    private void makeTables(CassandraServer cassandra) {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        Map<String, String> settings = new HashMap<>();
        on(cassandra, "tables")
                .config()
                .entrySet()
                .forEach(entry -> settings.put(
                        entry.getKey(), entry.getValue().unwrapped().toString()));
        settings.forEach(System::setProperty);
        ConfigFactory.invalidateCaches();
        try {
            assertThat(command.execute("journal", "tables")).as(out.toString()).isZero();
        } finally {
            settings.keySet().forEach(System::clearProperty);
            ConfigFactory.invalidateCaches();
        }
    }

    private Map<String, String> settingsOfAnother(CassandraServer cassandra, NodeFixture fixture, int http) {
        var settings = new HashMap<String, String>();
        on(cassandra, "2")
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
