package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose process ends is written off by a node of the same machine; one that is silent is not. */
class NeighboursIT {

    /** The resolver would take so long: what is seen sooner is not its doing. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private NodeFixture seed;

    @Test
    void onlyAnEndedProcessIsWrittenOff() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        seed = patient(NodeFixture.onPostgres(database, directory.resolve("1")));
        try (Node first =
                        seed.with("push.node.cluster.seed-nodes", seed.remote()).start();
                NodeProcess second = NodeProcess.start(
                                directory,
                                "second",
                                Map.of(),
                                patient(NodeFixture.onPostgres(database, directory.resolve("2")))
                                        .with("push.node.cluster.seed-nodes", seed.remote())
                                        .texts())
                        .ready()) {
            await("acquainted").atMost(Duration.ofSeconds(30)).until(() -> answering() == 2);
            Thread.sleep(
                    Duration.ofSeconds(1).toMillis()); // and introduced: asked at the same moment as for these figures
            second.signal("STOP");
            await("silent").atMost(Duration.ofSeconds(30)).until(() -> members().containsValue(false));
            Thread.sleep(Duration.ofSeconds(2).toMillis()); // eight looks
            assertThat(members()).hasSize(2);

            second.kill();

            await("written off")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> members().size() == 1);
            assertThat(first.whenEnded().toCompletableFuture()).isNotDone();
        }
    }

    private static NodeFixture patient(NodeFixture node) {
        return node.with("akka.cluster.split-brain-resolver.stable-after", STABLE_AFTER.toSeconds() + "s");
    }

    private JsonNode nodes() {
        return new Http(seed.management().toString(), "").get("/nodes").json().path("nodes");
    }

    private int answering() {
        return nodes().findValues("figures").size();
    }

    /** Address and whether it is reachable. */
    private Map<String, Boolean> members() {
        Map<String, Boolean> members = new HashMap<>();
        nodes().forEach(node -> members.put(
                node.path("address").asText(), node.path("reachable").asBoolean()));
        return members;
    }
}
