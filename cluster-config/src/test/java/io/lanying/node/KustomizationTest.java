package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The renderer refuses what it does not know, the types what the API does not have. */
class KustomizationTest {

    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {a: b}
            """;

    @TempDir
    Path directory;

    static List<Path> kustomizations() throws IOException {
        try (Stream<Path> overlays = Files.list(Path.of("kubernetes", "overlays"))) {
            return Stream.concat(Stream.of(Path.of("kubernetes", "base")), overlays.sorted())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void rendersAsKustomizeWhereThatIsInstalled(Path kustomization) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "kubectl")));
        if (!installed) {
            System.err.println("no kubectl here: the renderer is not compared with Kustomize");
            return;
        }
        Path theirs = directory.resolve("theirs.yaml");
        var builder = new ProcessBuilder("kubectl", "kustomize", kustomization.toString())
                .redirectOutput(theirs.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // It keeps a cache where its user is at home.
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();

        assertThat(byName(Kustomization.render(kustomization))).isEqualTo(byName(Kustomization.documents(theirs)));
    }

    private static Map<String, JsonNode> byName(List<ObjectNode> trees) {
        return trees.stream()
                .collect(Collectors.toMap(
                        each -> each.path("kind").asText() + " "
                                + each.at("/metadata/name").asText(),
                        Function.identity()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            commonLabels: {a: b}                     | the key commonLabels
            configMapGenerator: []                   | the key configMapGenerator
            patches: [{target: {kind: ConfigMap}}]   | the key target
            images: [{name: a, digest: b}]           | the key digest
            patches: [{path: list.yaml}]             | a patch of the list finalizers
            patches: [{path: nobody.yaml}]           | fits 0
            patches: [{path: two.yaml}]              | 2 documents
            resources: [settings.yaml, two.yaml]     | Duplicate field 'resources'
            """)
    void refusesWhatItDoesNotKnow(String line, String expected) throws IOException {
        write("settings.yaml", SETTINGS);
        write("list.yaml", SETTINGS.replace("data: {a: b}", "finalizers: [a]"));
        write("nobody.yaml", SETTINGS.replace("name: settings", "name: nobody"));
        write("two.yaml", SETTINGS + "---\n" + SETTINGS);
        write("kustomization.yaml", "kind: Kustomization\nresources: [settings.yaml]\n" + line + "\n");

        assertThatThrownBy(() -> Kustomization.render(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            minReadySeconds: 15    | minReadySecond: 15     | minReadySecond
            httpGet:               | httpGett:              | httpGett
            runAsNonRoot: true     | runAsNonroot: true     | runAsNonroot
            path: /ready           | path: 5                | Integer
            replicas: 3            | replicas: three        | three
            kind: Deployment       | kind: Deploymint       | Deploymint
            """)
    void aTypingErrorIsRefused(String right, String wrong, String expected) throws IOException {
        String deployment = Files.readString(Path.of("kubernetes", "base", "node", "deployment.yaml"));
        assertThat(deployment).contains(right);
        write("deployment.yaml", deployment.replace(right, wrong));
        write("kustomization.yaml", "kind: Kustomization\nresources: [deployment.yaml]\n");

        assertThatThrownBy(() -> Manifests.of(Kustomization.render(directory)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void aPatchThatFitsTwoIsRefused() throws IOException {
        Path renamed = Files.createDirectory(directory.resolve("renamed"));
        write("renamed/kustomization.yaml", "kind: Kustomization\nnameSuffix: -b\nresources: [settings.yaml]\n");
        write("renamed/settings.yaml", SETTINGS);
        write("settings.yaml", SETTINGS);
        write("kustomization.yaml", """
                kind: Kustomization
                resources: [settings.yaml, renamed]
                patches: [{path: settings.yaml}]
                """);

        assertThat(Kustomization.render(renamed).get(0).at("/metadata/name").asText())
                .isEqualTo("settings-b");
        assertThatThrownBy(() -> Kustomization.render(directory)).hasMessageContaining("fits 2");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }
}
