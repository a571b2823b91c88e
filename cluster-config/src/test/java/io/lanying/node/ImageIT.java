package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image: packed without a container engine, unpacked as one does, and run as one does. */
class ImageIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What an engine does before it starts a container: a file system of its own, its root read-only; then a user without rights. */
    private static final String CONTAINER = """
            set -e
            mount --bind "$ROOT" "$ROOT"
            mount -o remount,bind,ro "$ROOT"
            mount -t tmpfs -o mode=1777 tmp "$ROOT/tmp"
            mount -t tmpfs -o mode=1777 data "$ROOT/var/lib/lanying"
            mount --rbind /dev "$ROOT/dev"
            mount --rbind /proc "$ROOT/proc"
            exec /usr/sbin/chroot $AS_USER "$ROOT" /usr/bin/env -u ROOT -u AS_USER -C "$@"
            """;

    @TempDir
    Path directory;

    private Path root;
    private JsonNode config;

    @BeforeEach
    void packAndUnpack() throws Exception {
        Path file = directory.resolve("image.tar");
        Path layout = Files.createDirectory(directory.resolve("layout"));
        root = Files.createDirectory(directory.resolve("root"));
        run("image/pack", file.toString());
        run("tar", "-xf", file.toString(), "-C", layout.toString());
        JsonNode manifest = JSON.readTree(blob(
                        layout,
                        JSON.readTree(layout.resolve("index.json").toFile()).at("/manifests/0"))
                .toFile());
        JsonNode image = JSON.readTree(blob(layout, manifest.path("config")).toFile());
        config = image.path("config");
        assertThat(image.at("/rootfs/diff_ids").size())
                .isEqualTo(manifest.path("layers").size());
        for (JsonNode layer : manifest.path("layers")) {
            run("tar", "-xzf", blob(layout, layer).toString(), "-C", root.toString());
        }
    }

    @Test
    void servesFromAReadOnlyRootWithoutRightsAndEndsWithZeroOnSigterm() throws Exception {
        boolean isRoot = System.getProperty("user.name").equals("root");
        List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!isRoot) {
            command.add("--map-root-user");
        }
        if (!may(command)) {
            System.err.println(
                    "neither root nor user namespaces here: the image is packed and unpacked, but not started");
            return;
        }
        int management = NodeFixture.freePort();
        command.addAll(List.of("sh", "-c", CONTAINER, "container"));
        command.add(config.path("WorkingDir").asText());
        config.path("Entrypoint").forEach(word -> command.add(word.asText()));
        config.path("Cmd").forEach(word -> command.add(word.asText()));
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(imageEnvironment());
        builder.environment()
                .putAll(Map.of(
                        "ROOT", root.toString(),
                        "AS_USER", isRoot ? "--userspec=" + config.path("User").asText() : "",
                        "LANYING_JAVA_OPTS", "-Xmx512m",
                        "LANYING_HTTP_PORT", Integer.toString(NodeFixture.freePort()),
                        "LANYING_REMOTE_PORT", Integer.toString(NodeFixture.freePort()),
                        "LANYING_MANAGEMENT_PORT", Integer.toString(management)));
        Process node = builder.start();
        try {
            Http http = new Http("http://127.0.0.1:" + management, "");
            await("ready")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreException(AssertionError.class)
                    .until(() -> !node.isAlive() || http.get("/ready").status() == 200);
            assertThat(node.isAlive()).as(Files.readString(output)).isTrue();
            assertHasWhatAutoscalersLookAt(http.get("/metrics").text());
            assertThat(Files.readString(Path.of("/proc", Long.toString(node.pid()), "status")))
                    .contains("\nUid:\t" + (isRoot ? "10001\t10001" : ""));
            // The script has become the node: SIGTERM reaches it.
            assertThat(node.descendants()).isEmpty();

            node.destroy();

            assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            node.descendants().forEach(ProcessHandle::destroyForcibly);
            node.destroyForcibly();
        }
    }

    private static void assertHasWhatAutoscalersLookAt(String metrics) throws IOException {
        for (Path kustomization : KustomizationTest.kustomizations()) {
            for (var autoscaler :
                    Manifests.of(Kustomization.render(kustomization)).all(HorizontalPodAutoscaler.class)) {
                for (var metric : autoscaler.getSpec().getMetrics()) {
                    assertThat(metrics.lines())
                            .as(metric.getPods().getMetric().getName())
                            .anyMatch(line -> isOf(metric.getPods().getMetric(), line));
                }
            }
        }
    }

    private static boolean isOf(MetricIdentifier metric, String line) {
        var labels = metric.getSelector() == null
                ? Map.<String, String>of()
                : metric.getSelector().getMatchLabels();
        return line.matches(metric.getName() + "[{ ].*")
                && labels.entrySet().stream()
                        .allMatch(label -> line.contains(label.getKey() + "=\"" + label.getValue() + "\""));
    }

    private Map<String, String> imageEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        config.path("Env").forEach(each -> {
            String[] parts = each.asText().split("=", 2);
            environment.put(parts[0], parts[1]);
        });
        return environment;
    }

    /** The file of a descriptor, which has the size and the hash that it says. */
    private static Path blob(Path layout, JsonNode descriptor) throws Exception {
        String digest = descriptor.path("digest").asText().substring("sha256:".length());
        Path file = layout.resolve("blobs/sha256").resolve(digest);
        assertThat(Files.size(file)).isEqualTo(descriptor.path("size").asLong());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))))
                .isEqualTo(digest);
        return file;
    }

    private static boolean may(List<String> prefix) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    private void run(String... command) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
