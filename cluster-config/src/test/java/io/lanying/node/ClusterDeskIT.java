package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code lanying cluster}: what operators see of nodes, and have them do. */
class ClusterDeskIT {

    private static final int DEVICES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private PostgresServer.Database database;
    private NodeFixture fixture;
    private Node first;

    @BeforeEach
    void start() {
        database = PostgresServer.shared().newDatabase();
        fixture = patient(NodeFixture.onPostgres(database, directory.resolve("1")))
                .with("push.node.cluster.neighbour-interval", "0s");
        first = fixture.with("push.node.cluster.seed-nodes", fixture.remote()).start();
    }

    @AfterEach
    void stop() {
        first.close();
    }

    private record Said(int code, String out, String err) {}

    private Said lanying(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.add(2, "--management=" + fixture.management());
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Said(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    private JsonNode node(String address) {
        for (JsonNode node : new Http(fixture.management().toString(), "")
                .get("/nodes")
                .json()
                .path("nodes")) {
            if (node.path("address").asText().equals(address)) {
                return node;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void aNodeIsSeenAndDrained() throws Exception {
        String key = NodeIT.tenantWithKey(new Http(first.url(), NodeFixture.OPERATOR_KEY), "acme");
        NodeFixture other = NodeFixture.onPostgres(database, directory.resolve("2"))
                .with("push.node.cluster.seed-nodes", fixture.remote());
        try (Node second = other.start()) {
            Http tenant = new Http(first.url(), key);
            for (int device = 0; device < DEVICES; device++) {
                tenant.put("/v1/devices/d" + device, "{\"platform\":\"other\"}");
            }
            NodeIT.push(tenant, "d1", "nobody has taken it", "k1");
            Socket socket = Socket.connected(second.url(), NodeIT.sessionToken(tenant, "d0"), null, 0);
            await("shards on both, and the socket")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> node(other.remote()).at("/figures/shards").asInt() > 0
                            && node(fixture.remote()).at("/figures/shards").asInt() > 0
                            && node(other.remote()).at("/figures/sockets").asInt() == 1);
            Said status = lanying("cluster", "status");

            assertThat(status.code()).isZero();
            assertThat(status.out().lines().toList())
                    .hasSize(4)
                    .anyMatch(line -> line.matches(
                            "open work: [1-9][0-9]* entities, [0-9]+ of them due, the first for [0-9.]+ s"))
                    .anyMatch(line -> line.startsWith(fixture.remote()) && line.contains("up, oldest"))
                    .anyMatch(line -> line.startsWith(other.remote()) && line.matches(".* up +[0-9]+ +[0-9]+ +1 .*"));
            assertThat(node(other.remote()).path("version").asText())
                    .as("filled in by the build")
                    .matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
            assertThat(node(fixture.remote()).at("/figures/entities").asInt()
                            + node(other.remote()).at("/figures/entities").asInt())
                    .isGreaterThanOrEqualTo(DEVICES);

            assertThat(lanying("cluster", "drain", "--key=ok_wrong", other.remote())
                            .err())
                    .contains("operator's key");
            assertThat(lanying("cluster", "drain", operator(), fixture.remote()).err())
                    .contains("is the node that answers here");
            assertThat(lanying("cluster", "drain", operator(), "127.0.0.1:1").err())
                    .contains("no node of this cluster");
            assertThat(lanying("cluster", "down", operator(), other.remote()).err())
                    .contains("is reachable");
            assertThat(second.whenEnded().toCompletableFuture()).isNotDone();

            Said drained = lanying("cluster", "drain", operator(), other.remote());

            assertThat(drained.code()).as(drained.err()).isZero();
            assertThat(drained.out()).endsWith(other.remote() + " has left the cluster\n");
            second.whenEnded().toCompletableFuture().join();
            assertThat(second.askedToStop()).isTrue();
            assertThat(socket.closed()).isTrue();
            assertThat(node(other.remote()).isMissingNode()).isTrue();
        }
        // Nobody is left to hand over to.
        Http management = new Http(fixture.management().toString(), NodeFixture.OPERATOR_KEY);
        assertThat(management
                        .post("/nodes/" + fixture.remote() + "/drain", "{}")
                        .status())
                .isEqualTo(409);
        assertThat(management.post("/nodes/" + fixture.remote() + "/down", "{}").status())
                .isEqualTo(409);
        assertThat(management
                        .as("")
                        .post("/nodes/" + fixture.remote() + "/drain", "{}")
                        .status())
                .isEqualTo(401);
        assertThat(first.whenEnded().toCompletableFuture()).isNotDone();
    }

    @Test
    void aDeadNodeIsWrittenOffBeforeTheMajorityDecides() throws Exception {
        String remote = "127.0.0.1:" + NodeFixture.freePort();
        try (NodeProcess doomed = another(remote).ready()) {
            assertThat(node(remote).path("status").asText()).isEqualTo("up");
            doomed.kill();
        }
        // At once: its port refuses connections, long before it is unreachable.
        Said down = lanying("cluster", "down", operator(), remote);
        assertThat(down.code()).as(down.err()).isZero();

        await("written off").atMost(PATIENCE.dividedBy(2)).until(() -> node(remote)
                .isMissingNode());
        assertThat(lanying("cluster", "status").code()).isZero();
    }

    @Test
    void aFrozenNodeIsUnreachableAndMayBeWrittenOff() throws Exception {
        String remote = "127.0.0.1:" + NodeFixture.freePort();
        try (NodeProcess frozen = another(remote).ready()) {
            frozen.signal("STOP");
            await("unreachable")
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !node(remote).path("reachable").asBoolean());
            Said status = lanying("cluster", "status");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains(remote).contains("up, unreachable");

            assertThat(lanying("cluster", "down", operator(), remote).code()).isZero();

            await("written off").atMost(PATIENCE.dividedBy(2)).until(() -> node(remote)
                    .isMissingNode());
        }
    }

    private NodeProcess another(String remote) throws IOException {
        return NodeProcess.start(
                Files.createDirectory(directory.resolve("2")),
                "node",
                Map.of("LANYING_REMOTE_PORT", remote.substring(remote.indexOf(':') + 1)),
                patient(NodeFixture.onPostgres(database, directory))
                        .with("push.node.cluster.seed-nodes", fixture.remote())
                        .with("push.node.cluster.neighbour-interval", "0s")
                        .texts());
    }

    /** Whose resolver would take so long that what is seen sooner is the operator's doing. */
    private static NodeFixture patient(NodeFixture node) {
        return node.with("akka.cluster.split-brain-resolver.stable-after", PATIENCE.toSeconds() + "s");
    }

    private static String operator() {
        return "--key=" + NodeFixture.OPERATOR_KEY;
    }
}
