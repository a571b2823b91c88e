package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets on one node, entities on another. */
class RolesIT {

    private static final int DEVICES = 20;

    @TempDir
    Path directory;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    void anEdgeHoldsSocketsAndNoEntities() {
        NodeFixture inner = node("entities");
        inner.with("push.node.cluster.seed-nodes", inner.remote());
        NodeFixture outer = node("edge").with("push.node.cluster.seed-nodes", inner.remote());
        try (Node entities = inner.start();
                Node edge = outer.start()) {
            assertThatThrownBy(entities::url).isInstanceOf(NoSuchElementException.class);
            String key = NodeIT.tenantWithKey(new Http(edge.url(), NodeFixture.OPERATOR_KEY), "acme");
            Http tenant = new Http(edge.url(), key);
            for (int device = 0; device < DEVICES; device++) {
                tenant.put("/v1/devices/d" + device, "{\"platform\":\"other\"}");
            }
            try (Socket socket = Socket.connected(edge.url(), NodeIT.sessionToken(tenant, "d0"), null, 0)) {
                NodeIT.push(tenant, "d0", "hello", "k0");
                socket.awaitItems(1);

                await("the figures").atMost(Duration.ofSeconds(30)).until(() -> figure(outer, outer, "sockets") == 1);
                assertThat(figure(outer, inner, "sockets")).isZero();
                assertThat(figure(outer, outer, "shards")).isZero();
                assertThat(figure(outer, outer, "entities")).isZero();
                assertThat(figure(outer, inner, "entities")).isGreaterThanOrEqualTo(DEVICES);
            }
            assertThat(management(inner).get("/ready").status()).isEqualTo(200);
            assertThat(management(outer).get("/ready").status()).isEqualTo(200);

            // The edge would be left, but not what has to hold the entities; and so the other way round.
            assertThat(drain(outer, inner)).isEqualTo(409);
            assertThat(drain(inner, outer)).isEqualTo(409);
            assertThat(entities.whenEnded().toCompletableFuture()).isNotDone();

            NodeFixture both = node("entities, edge").with("push.node.cluster.seed-nodes", inner.remote());
            try (Node second = both.start()) {
                await("the edge knows of the second")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> drain(outer, inner) == 202);
                entities.whenEnded().toCompletableFuture().join();

                NodeIT.push(tenant, "d0", "again", "k1");
                try (Socket socket = Socket.connected(second.url(), NodeIT.sessionToken(tenant, "d0"), null, 0)) {
                    socket.awaitItems(2);
                }
            }
        }
    }

    private NodeFixture node(String roles) {
        return NodeFixture.onPostgres(database, directory.resolve(roles)).with("push.node.roles", roles);
    }

    private static Http management(NodeFixture node) {
        return new Http(node.management().toString(), NodeFixture.OPERATOR_KEY);
    }

    private static int drain(NodeFixture asked, NodeFixture node) {
        return management(asked)
                .post("/nodes/" + node.remote() + "/drain", "{}")
                .status();
    }

    private static int figure(NodeFixture asked, NodeFixture node, String name) {
        for (JsonNode each : management(asked).get("/nodes").json().path("nodes")) {
            if (each.path("address").asText().equals(node.remote())) {
                return each.at("/figures/" + name).asInt(-1);
            }
        }
        return -1;
    }
}
