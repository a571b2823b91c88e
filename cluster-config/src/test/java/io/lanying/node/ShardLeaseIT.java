package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose shards run under leases. */
class ShardLeaseIT {

    private static final List<String> DEVICES =
            IntStream.range(0, 20).mapToObj(i -> "d" + i).toList();
    private static final int SHARDS = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private PostgresServer.Database database;
    private StoreAccess store;
    private NodeFixture fixture;
    private Node first;
    private Http tenant;

    @BeforeEach
    void start() {
        database = PostgresServer.shared().newDatabase();
        store = new StoreAccess(database.jdbcUrl(), database.user(), database.password());
        fixture = leased("1");
        first = fixture.with("push.node.cluster.seed-nodes", fixture.remote()).start();
        tenant = new Http(first.url(), NodeIT.tenantWithKey(new Http(first.url(), NodeFixture.OPERATOR_KEY), "acme"));
    }

    @AfterEach
    void stop() {
        first.close();
    }

    private NodeFixture leased(String name) {
        return NodeFixture.onPostgres(database, directory.resolve(name))
                .with("push.persistence.lease", "on")
                .with("push.persistence.shard-lease.heartbeat-timeout", TIMEOUT.toSeconds() + "s");
    }

    @Test
    void aNodeThatLeavesHandsItsShardsOverAtOnce() {
        try (Node second = leased("2")
                .with("push.node.cluster.seed-nodes", fixture.remote())
                .start()) {
            assertThat(second.url()).isNotEmpty();
            spread();
        }
        await("all devices on the other").atMost(TIMEOUT.dividedBy(2)).until(() -> DEVICES.stream()
                .allMatch(this::registers));
        assertThat(holders()).hasSize(1).allMatch(node -> node.startsWith(fixture.remote() + "#"));
    }

    @Test
    void aDeadNodesShardsAreBackWhenTheMarginOfItsLeasesIsOver() throws Exception {
        String remote = "127.0.0.1:" + NodeFixture.freePort();
        try (NodeProcess doomed = NodeProcess.start(
                        Files.createDirectory(directory.resolve("2")),
                        "node",
                        Map.of("LANYING_REMOTE_PORT", remote.substring(remote.indexOf(':') + 1)),
                        leased("2")
                                .with("push.node.cluster.seed-nodes", fixture.remote())
                                .texts())
                .ready()) {
            spread();
            doomed.kill();
        }
        List<String> gone = DEVICES.stream()
                .filter(device -> holderOf(device).startsWith(remote + "#"))
                .toList();
        assertThat(gone).isNotEmpty();
        // Its neighbour sees the process end and writes it off at once: what is waited for is the margin of the leases,
        // 3 s.
        await("not for their whole time").atMost(TIMEOUT.dividedBy(2)).until(() -> !alive(remote));
        for (String device : gone) {
            await("back").atMost(TIMEOUT.plusSeconds(30)).until(() -> {
                boolean alive = alive(remote);
                boolean answers = registers(device);
                assertThat(answers && alive && alive(remote))
                        .as("%s answers while its lease is another's", device)
                        .isFalse();
                return answers;
            });
            assertThat(holderOf(device)).startsWith(fixture.remote() + "#");
        }
    }

    /** Until both nodes hold leases of devices' shards. */
    private void spread() {
        await("shards on both nodes").atMost(Duration.ofSeconds(60)).until(() -> {
            DEVICES.forEach(this::registers);
            return DEVICES.stream().map(this::holderOf).distinct().count() == 2;
        });
    }

    private boolean registers(String device) {
        int status =
                tenant.put("/v1/devices/" + device, "{\"platform\":\"other\"}").status();
        return status == 200 || status == 201;
    }

    /** The node that holds the lease of a device's shard; empty if none does. */
    private String holderOf(String device) {
        int shard = Math.abs(("acme:" + device).hashCode() % SHARDS);
        return String.join(
                "",
                store.rows(
                        "SELECT node FROM node_lease JOIN shard_lease USING (term) WHERE name = 'lanying-shard-Device-"
                                + shard + "'"));
    }

    private List<String> holders() {
        return store.rows("SELECT DISTINCT node FROM node_lease JOIN shard_lease USING (term)");
    }

    private boolean alive(String remote) {
        return !store.rows("SELECT term FROM node_lease WHERE node LIKE '" + remote
                        + "#%' AND expires_at > clock_timestamp()")
                .isEmpty();
    }
}
