package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator gets to read when a node cannot start: one line that says what is wrong and what to set. */
class StartRefusedIT {

    @TempDir
    Path directory;

    @Test
    void eachTakenPortIsNamedWithItsVariable() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            refused(NodeFixture.onH2(directory).with("push.http.port", port), "port " + port, "LANYING_HTTP_PORT");
            refused(
                    NodeFixture.onH2(directory).with("push.node.management.port", port),
                    "port " + port,
                    "LANYING_MANAGEMENT_PORT");
            refused(
                    NodeFixture.onH2(directory).with("push.node.cluster.port", port),
                    "port " + port,
                    "LANYING_REMOTE_PORT");
        }
    }

    @Test
    void aDataDirectoryThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        refused(NodeFixture.onH2(file.resolve("data")), "cannot write to data directory", "LANYING_DATA_DIR");
    }

    @Test
    void aDataDirectoryInUseByAnotherNode() {
        try (Node running = NodeFixture.onH2(directory).start()) {
            assertThat(running.url()).startsWith("http://127.0.0.1:");
            refused(NodeFixture.onH2(directory), "in use by another node", "LANYING_DATA_DIR");
        }
    }

    @Test
    void aDatabaseThatDoesNotAnswer() {
        PostgresServer.Database nowhere = new PostgresServer.Database(
                "jdbc:postgresql://127.0.0.1:" + NodeFixture.freePort() + "/lanying", "lanying", "hidden-password");

        refused(NodeFixture.onPostgres(nowhere, directory), "cannot be opened: Connection refused");
    }

    @Test
    void noMasterKeyOnPostgres() {
        refused(
                NodeFixture.onPostgres(PostgresServer.shared().newDatabase(), directory)
                        .with("push.persistence.master-key", ""),
                "LANYING_MASTER_KEY");
    }

    @Test
    void aMasterKeyThatIsNone() {
        refused(
                NodeFixture.onH2(directory).with("push.persistence.master-key", "c2hvcnQ="),
                "master key has 5 bytes, not 32");
    }

    @Test
    void seedNodesThatDoNotAnswer() {
        String nobody = "127.0.0.1:" + NodeFixture.freePort();

        refused(
                NodeFixture.onPostgres(PostgresServer.shared().newDatabase(), directory)
                        .with("push.node.cluster.seed-nodes", nobody)
                        .with("akka.cluster.shutdown-after-unsuccessful-join-seed-nodes", "3s"),
                "LANYING_SEED_NODES");
    }

    private static void refused(NodeFixture fixture, String... parts) {
        assertThatThrownBy(() -> fixture.start().close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll(parts)
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .doesNotContain("\n")
                        .doesNotContain("hidden-password")
                        .doesNotContain("c2hvcnQ="));
    }
}
