package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.sharding.typed.ClusterShardingQuery;
import akka.cluster.sharding.typed.GetShardRegionState;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.protocol.device.DeviceKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in one process: shards move to a node that joins while sockets are attached and pushes arrive, and no socket
 * notices: nothing is lost, nothing comes twice, none is closed.
 */
class RebalanceIT {

    private static final int DEVICES = 30;
    private static final int SHARDS = 256;
    private static final int MIN_ROUNDS = 5;

    @TempDir
    Path directory;

    @Test
    void socketsDoNotNoticeThatTheirDevicesMove() {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        NodeFixture first = NodeFixture.onPostgres(database, directory.resolve("1"));
        NodeFixture second = NodeFixture.onPostgres(database, directory.resolve("2"))
                .with("push.node.cluster.seed-nodes", first.remote());
        NodeFixture third = NodeFixture.onPostgres(database, directory.resolve("3"))
                .with("push.node.cluster.seed-nodes", first.remote());
        try (Node one = first.with("push.node.cluster.seed-nodes", first.remote())
                        .start();
                Node two = second.start()) {
            Http tenant =
                    new Http(one.url(), NodeIT.tenantWithKey(new Http(one.url(), NodeFixture.OPERATOR_KEY), "acme"));
            List<AckingSocket> sockets = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                tenant.put("/v1/devices/d" + i, "{\"platform\":\"other\"}");
                sockets.add(new AckingSocket("d" + i, i % 2 == 0 ? one : two, tenant));
            }
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Map<String, Integer>> sending =
                    CompletableFuture.supplyAsync(() -> push(tenant, enough, List.of(one.url(), two.url())));
            await("all shards placed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> locations(List.of(one, two)).size() == DEVICES);
            Map<String, Node> before = locations(List.of(one, two));
            try (Node three = third.start()) {
                await("shards with sockets on the new node")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> moved(before, locations(List.of(one, two, three)), three) > 0);
                sockets.add(late(tenant, three));
                enough.set(true);
                Map<String, Integer> accepted = sending.join();
                sockets.forEach(socket -> socket.receivedExactly(accepted.getOrDefault(socket.device, 1)));
                sockets.forEach(AckingSocket::close);
            }
        }
    }

    /** A device that comes after the move, on the new node. */
    private static AckingSocket late(Http tenant, Node node) {
        Http there = tenant.at(node.url());
        there.put("/v1/devices/late", "{\"platform\":\"other\"}");
        AckingSocket socket = new AckingSocket("late", node, there);
        NodeIT.push(there, "late", "welcome", "late-1");
        return socket;
    }

    /** Pushes to all devices in turn, through the nodes in turn, until told to end; each is repeated until accepted. */
    private static Map<String, Integer> push(Http tenant, AtomicBoolean enough, List<String> nodes) {
        Map<String, Integer> accepted = new HashMap<>();
        for (int round = 0; round < MIN_ROUNDS || !enough.get(); round++) {
            for (int i = 0; i < DEVICES; i++) {
                String device = "d" + i;
                String key = device + "-" + round;
                Http node = tenant.at(nodes.get((i + round) % nodes.size()));
                await("accepted " + key)
                        .pollDelay(Duration.ZERO)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> node.post(
                                                "/v1/notifications",
                                                "{\"audience\":{\"devices\":[\"" + device
                                                        + "\"]},\"message\":{\"title\":\"" + key + "\"}}",
                                                key)
                                        .status()
                                == 202);
                accepted.merge(device, 1, Integer::sum);
            }
        }
        return accepted;
    }

    /** Which node each device's shard is on. */
    private static Map<String, Node> locations(List<Node> nodes) {
        Map<String, Node> byShard = new HashMap<>();
        nodes.forEach(node -> shards(node).forEach(shard -> byShard.put(shard, node)));
        Map<String, Node> byDevice = new HashMap<>();
        for (int i = 0; i < DEVICES; i++) {
            Node at = byShard.get(Integer.toString(Math.abs(("acme:d" + i).hashCode() % SHARDS)));
            if (at != null) {
                byDevice.put("d" + i, at);
            }
        }
        return byDevice;
    }

    private static long moved(Map<String, Node> before, Map<String, Node> now, Node to) {
        return before.keySet().stream()
                .filter(device -> now.get(device) == to && before.get(device) != to)
                .count();
    }

    private static List<String> shards(Node node) {
        ShardRegion.CurrentShardRegionState state =
                AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
                                ClusterSharding.get(node.system()).shardState(),
                                replyTo -> new GetShardRegionState(DeviceKey.KEY, replyTo),
                                Duration.ofSeconds(10),
                                node.system().scheduler())
                        .toCompletableFuture()
                        .join();
        return state.getShards().stream().map(ShardRegion.ShardState::shardId).toList();
    }

    /** A socket that acknowledges each item as it comes. */
    private static final class AckingSocket {
        private final String device;
        private final Socket socket;
        private final AtomicInteger acked = new AtomicInteger();

        AckingSocket(String device, Node node, Http tenant) {
            this.device = device;
            this.socket = Socket.connected(node.url(), NodeIT.sessionToken(tenant, device), null, 0);
            socket.onItem(seq -> {
                acked.incrementAndGet();
                socket.ack(seq);
            });
        }

        void receivedExactly(int accepted) {
            socket.awaitItems(accepted);
            assertThat(socket.itemSeqs())
                    .as("items of %s in order, each once", device)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, accepted).boxed().toList());
            assertThat(socket.closed()).as("%s closed", device).isFalse();
            assertThat(acked).hasValue(accepted);
        }

        void close() {
            socket.close();
        }
    }
}
