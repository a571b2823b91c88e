package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node command as the system sees it: what it prints where, and how it ends. */
class NodeProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void saysItsKeyOnceAndThatItIsReadyAndEndsWithZeroWhenTerminated() throws Exception {
        int port = NodeFixture.freePort();
        Process first = node("first", Map.of("LANYING_HTTP_PORT", Integer.toString(port)));
        await("ready").atMost(PATIENCE).until(() -> lines("first.out")
                .contains("lanying ready http://127.0.0.1:" + port));
        List<String> said = lines("first.out");
        assertThat(said).hasSize(2);
        assertThat(said.get(0)).matches("lanying operator key ok_[a-z2-7]{52}");
        String key = said.get(0).substring("lanying operator key ".length());
        assertThat(new Http("http://127.0.0.1:" + port, key)
                        .get("/v1/admin/tenants")
                        .status())
                .isEqualTo(200);

        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();

        Process again = node("again", Map.of("LANYING_HTTP_PORT", Integer.toString(port)));
        await("ready").atMost(PATIENCE).until(() -> !lines("again.out").isEmpty());
        assertThat(lines("again.out")).containsExactly("lanying ready http://127.0.0.1:" + port);
        assertThat(new Http("http://127.0.0.1:" + port, key)
                        .get("/v1/admin/tenants")
                        .status())
                .isEqualTo(200);
        assertThat(String.join("\n", lines("first.err")) + String.join("\n", lines("again.err")))
                .doesNotContain(key);
        again.destroy();
        assertThat(again.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTakenPortIsOneLineAndNotZero() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Process refused = node("refused", Map.of("LANYING_HTTP_PORT", Integer.toString(taken.getLocalPort())));
            assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue()).isNotZero();
            assertThat(lines("refused.out")).isEmpty();
            assertThat(lines("refused.err")).hasSize(1).first().asString().startsWith("lanying: port ");
        }
    }

    private Process node(String name, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "node")
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .redirectError(directory.resolve(name + ".err").toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LANYING_"));
        builder.environment().put("LANYING_DATA_DIR", directory.resolve("data").toString());
        builder.environment().put("LANYING_REMOTE_PORT", Integer.toString(NodeFixture.freePort()));
        builder.environment().put("LANYING_MANAGEMENT_PORT", Integer.toString(NodeFixture.freePort()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }
}
