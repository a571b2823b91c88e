package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node command as the system sees it: what it prints where, and how it ends. */
class NodeProcessIT {

    @TempDir
    Path directory;

    @Test
    void saysItsKeyOnceAndThatItIsReadyAndEndsWithZeroWhenTerminated() throws Exception {
        int port = NodeFixture.freePort();
        String ready = "lanying ready http://127.0.0.1:" + port;
        String key;
        try (NodeProcess first = node("first", port)) {
            List<String> said = first.ready().said();
            assertThat(said).hasSize(2).last().isEqualTo(ready);
            assertThat(said.get(0)).matches("lanying operator key ok_[a-z2-7]{52}");
            key = said.get(0).substring("lanying operator key ".length());
            assertServes(port, key);

            first.terminate();
            assertThat(first.ended()).isZero();
            assertThat(String.join("\n", first.complained())).doesNotContain(key);
        }
        try (NodeProcess again = node("again", port)) {
            assertThat(again.ready().said()).containsExactly(ready);
            assertServes(port, key);
            assertThat(String.join("\n", again.complained())).doesNotContain(key);
            again.terminate();
            again.ended();
        }
    }

    @Test
    void aTakenPortIsOneLineAndNotZero() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                NodeProcess refused = node("refused", taken.getLocalPort())) {
            assertThat(refused.ended()).isNotZero();
            assertThat(refused.said()).isEmpty();
            assertThat(refused.complained()).hasSize(1).first().asString().startsWith("lanying: port ");
        }
    }

    private static void assertServes(int port, String key) {
        assertThat(new Http("http://127.0.0.1:" + port, key)
                        .get("/v1/admin/tenants")
                        .status())
                .isEqualTo(200);
    }

    private NodeProcess node(String name, int port) throws IOException {
        return NodeProcess.start(directory, name, Map.of("LANYING_HTTP_PORT", Integer.toString(port)), Map.of());
    }
}
