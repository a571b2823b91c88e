package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whole nodes for tests: free ports on loopback, a known operator key, stores of their own. */
final class NodeFixture {

    static final String OPERATOR_KEY = "ok_" + "a".repeat(52);
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private final Map<String, Object> settings = new HashMap<>();

    private NodeFixture() {
        settings.put("push.http.host", "127.0.0.1");
        settings.put("push.http.port", freePort());
        settings.put("push.node.cluster.port", freePort());
        settings.put("push.node.management.port", freePort());
        settings.put("push.node.operator-key", OPERATOR_KEY);
    }

    static NodeFixture onH2(Path directory) {
        return new NodeFixture().with("push.node.journal", "h2").with("push.node.data-dir", directory.toString());
    }

    static NodeFixture onPostgres(PostgresServer.Database database, Path directory) {
        return new NodeFixture()
                .with("push.node.journal", "postgres")
                .with("push.node.data-dir", directory.toString())
                .with("push.persistence.master-key", MASTER_KEY)
                .with("akka-persistence-jdbc.shared-databases.slick.db.url", database.jdbcUrl())
                .with("akka-persistence-jdbc.shared-databases.slick.db.user", database.user())
                .with("akka-persistence-jdbc.shared-databases.slick.db.password", database.password());
    }

    NodeFixture with(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    NodeFixture with(Map<String, String> more) {
        settings.putAll(more);
        return this;
    }

    Config config() {
        return ConfigFactory.parseMap(settings);
    }

    /** For a process: but for the port of its transport and its data, which it is told apart. */
    Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        config().entrySet()
                .forEach(entry ->
                        texts.put(entry.getKey(), entry.getValue().unwrapped().toString()));
        texts.keySet().removeAll(List.of("push.node.cluster.port", "push.node.data-dir"));
        return texts;
    }

    Node start() {
        return Node.start(config());
    }

    URI management() {
        return URI.create("http://127.0.0.1:" + settings.get("push.node.management.port"));
    }

    String remote() {
        return "127.0.0.1:" + settings.get("push.node.cluster.port");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
