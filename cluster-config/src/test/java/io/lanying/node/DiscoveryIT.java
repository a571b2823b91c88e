package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that no list names find each other and form one cluster, each with an address of its own on loopback. */
class DiscoveryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAMESPACE = "push";
    private static final String TOKEN = "a-token-of-a-service-account";

    @TempDir
    Path directory;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final int remotePort = NodeFixture.freePort();
    private final int managementPort = NodeFixture.freePort();

    /** What was asked of the Kubernetes API. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void nodesOfOneNameFormOneClusterAndOthersJoinIt() throws Exception {
        List<Node> nodes = new ArrayList<>();
        try (Names names = new Names()) {
            names.put("push.test", addresses(1, 3));
            List<CompletableFuture<Node>> starting = IntStream.rangeClosed(1, 2)
                    .mapToObj(node -> CompletableFuture.supplyAsync(
                            () -> named(node, names).start()))
                    .collect(Collectors.toCollection(ArrayList::new));
            await("both look for others")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> ready(1) == 500 && ready(2) == 500);
            // Two of the three that the name stands for could be two of two clusters: they wait, longer than they would
            // need.
            Thread.sleep(Duration.ofSeconds(8).toMillis());
            assertThat(starting).noneMatch(CompletableFuture::isDone);

            starting.add(CompletableFuture.supplyAsync(() -> named(3, names).start()));
            starting.forEach(node -> nodes.add(node.join()));

            assertThat(members(1)).isEqualTo(new TreeSet<>(addresses(1, 3)));
            assertThat(members(2)).isEqualTo(members(1));
            assertThat(members(3)).isEqualTo(members(1));

            names.put("push.test", addresses(1, 4));
            nodes.add(named(4, names).start());

            assertThat(members(4)).isEqualTo(new TreeSet<>(addresses(1, 4)));
        } finally {
            nodes.forEach(Node::close);
        }
    }

    @Test
    void podsOfOneLabelFormOneCluster() throws Exception {
        HttpsServer kubernetes = HttpsOnLoopback.start(directory.resolve("ca.crt"), this::pods);
        Files.writeString(directory.resolve("token"), TOKEN);
        Files.writeString(directory.resolve("namespace"), NAMESPACE);
        try (NodeProcess one = pod(1, kubernetes);
                NodeProcess two = pod(2, kubernetes)) {
            one.ready();
            two.ready();

            assertThat(members(1)).isEqualTo(new TreeSet<>(addresses(1, 2)));
            assertThat(members(2)).isEqualTo(members(1));
            assertThat(asked.stream().distinct())
                    .as("all that a service account has to be allowed")
                    .containsExactly(
                            "GET /api/v1/namespaces/push/pods?labelSelector=app.kubernetes.io/name%3Dlanying-push");
            one.terminate();
            two.terminate();
            assertThat(one.ended()).isZero();
            assertThat(two.ended()).isZero();
        } finally {
            kubernetes.stop(0);
        }
    }

    private NodeFixture named(int node, Names names) {
        return at(node).with("push.node.cluster.discovery.method", "dns")
                .with("push.node.cluster.discovery.service", "push.test")
                .with("akka.io.dns.async-dns.nameservers", List.of(names.address()));
    }

    private NodeFixture at(int node) {
        return NodeFixture.onPostgres(database, directory.resolve("node" + node))
                .with("push.node.cluster.host", address(node))
                .with("push.node.cluster.port", remotePort)
                .with("push.node.management.host", address(node))
                .with("push.node.management.port", managementPort);
    }

    private NodeProcess pod(int node, HttpsServer kubernetes) throws IOException {
        Map<String, String> settings = at(node).texts();
        settings.put("push.node.cluster.discovery.nodes", "2");
        for (String file : List.of("ca", "token")) {
            settings.put(
                    "akka.discovery.kubernetes-api.api-" + file + "-path",
                    directory.resolve(file.equals("ca") ? "ca.crt" : file).toString());
        }
        settings.put(
                "akka.discovery.kubernetes-api.pod-namespace-path",
                directory.resolve("namespace").toString());
        return NodeProcess.start(
                Files.createDirectory(directory.resolve("pod" + node)),
                "node",
                Map.of(
                        "LANYING_REMOTE_PORT",
                        Integer.toString(remotePort),
                        "LANYING_DISCOVERY",
                        "kubernetes",
                        "KUBERNETES_SERVICE_HOST",
                        "localhost",
                        "KUBERNETES_SERVICE_PORT",
                        Integer.toString(kubernetes.getAddress().getPort())),
                settings);
    }

    /** As the API server lists pods: two that run, one that ends, one that has no address yet. */
    private void pods(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().toASCIIString());
        boolean known = ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] answer =
                ("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":["
                                + String.join(
                                        ",",
                                        aPod("\"name\":\"push-1\"", "\"phase\":\"Running\",\"podIP\":\"127.0.0.1\""),
                                        aPod("\"name\":\"push-2\"", "\"phase\":\"Running\",\"podIP\":\"127.0.0.2\""),
                                        aPod(
                                                "\"name\":\"push-3\",\"deletionTimestamp\":\"2026-12-01T00:00:00Z\"",
                                                "\"phase\":\"Running\",\"podIP\":\"127.0.0.3\""),
                                        aPod("\"name\":\"push-4\"", "\"phase\":\"Pending\""))
                                + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, known ? answer.length : -1);
        if (known) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private String aPod(String metadata, String status) {
        return "{\"metadata\":{" + metadata + "},\"spec\":{\"containers\":[{\"name\":\"node\",\"ports\":["
                + "{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"},"
                + "{\"name\":\"management\",\"containerPort\":" + managementPort + ",\"protocol\":\"TCP\"}]}]},"
                + "\"status\":{" + status + "}}";
    }

    private static String address(int node) {
        return "127.0.0." + node;
    }

    private static List<String> addresses(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(DiscoveryIT::address).toList();
    }

    private Http management(int node) {
        return new Http("http://" + address(node) + ":" + managementPort, "");
    }

    private int ready(int node) {
        return management(node).get("/ready").status();
    }

    private Set<String> members(int node) {
        Set<String> members = new TreeSet<>();
        for (JsonNode member : management(node).get("/nodes").json().path("nodes")) {
            String address = member.path("address").asText();
            members.add(address.substring(0, address.indexOf(':')));
        }
        return members;
    }
}
