package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What nodes of earlier builds say is understood as it was meant, while an upgrade goes from node to node.
 *
 * <p>{@code -Dcorpus.create=NAME} first adds what this build says; {@code load-tests/bin/corpus} does that.
 */
class RemoteCorpusTest {

    /** Types that no corpus has yet, one a line: the next release's corpus will have them, then they leave the list. */
    private static final Path NEWER = RemoteCorpus.FOLDER.resolve("newer-than-the-corpus.txt");

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Wire WIRE = new Wire(TEST_KIT.system());
    private static final List<Object> EXAMPLES = Everything.examples(TEST_KIT).stream()
            .filter(Remoted.class::isInstance)
            .toList();

    @BeforeAll
    static void create() throws IOException {
        String name = System.getProperty("corpus.create", "");
        if (!name.isEmpty()) {
            new RemoteCorpus(
                            name,
                            EXAMPLES.stream()
                                    .map(example -> RemoteCorpus.Message.of(example, WIRE))
                                    .toList())
                    .create();
        }
    }

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    static Stream<Arguments> messages() throws IOException {
        return RemoteCorpus.all().stream().flatMap(corpus -> corpus.messages().stream()
                .map(message -> Arguments.of(corpus.name(), shortName(message.manifest()), message)));
    }

    private static String shortName(String manifest) {
        return manifest.substring(manifest.lastIndexOf('.') + 1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("messages")
    void nothingThatItSaysIsLost(String build, String type, RemoteCorpus.Message message) throws IOException {
        Object decoded = decode(message);

        assertThat(decoded.getClass().getName()).isEqualTo(message.manifest());
        JsonNode now = RemoteCorpus.Message.of(decoded, WIRE).content();
        assertThat(missing(message.content(), now, "")).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("messages")
    void itMeansWhatAnExampleOfThisBuildMeans(String build, String type, RemoteCorpus.Message message)
            throws IOException {
        var meant = new ArrayList<JsonNode>();
        for (Object example : EXAMPLES) {
            if (example.getClass().getName().equals(message.manifest())) {
                meant.add(RemoteCorpus.Message.of(example, WIRE).content());
            }
        }

        assertThat(meant)
                .contains(RemoteCorpus.Message.of(decode(message), WIRE).content());
    }

    @Test
    void everyTypeIsInACorpusOrSaidToBeNewer() throws Exception {
        Set<Class<?>> there = new HashSet<>();
        for (RemoteCorpus corpus : RemoteCorpus.all()) {
            for (RemoteCorpus.Message message : corpus.messages()) {
                Everything.collect(decode(message), there);
            }
        }
        List<String> missing = Everything.serialisableClasses().stream()
                .filter(Remoted.class::isAssignableFrom)
                .filter(type -> type.isRecord() && !there.contains(type))
                .map(Class::getName)
                .sorted()
                .toList();

        assertThat(Files.readAllLines(NEWER))
                .as("exactly the types that no corpus has: a new one is added here until load-tests/bin/corpus has run")
                .isEqualTo(missing);
    }

    private static Object decode(RemoteCorpus.Message message) {
        return WIRE.decode(message.bytes(), message.manifest(), message.serializer());
    }

    /** Where the new one does not have what the old one has; it may have more. */
    private static Set<String> missing(JsonNode before, JsonNode now, String path) {
        if (before.isObject() && now.isObject()) {
            return before.propertyStream()
                    .flatMap(field ->
                            missing(field.getValue(), now.path(field.getKey()), path + "/" + field.getKey()).stream())
                    .collect(Collectors.toSet());
        }
        if (before.isArray() && now.isArray() && before.size() == now.size()) {
            var all = new HashSet<String>();
            for (int index = 0; index < before.size(); index++) {
                all.addAll(missing(before.get(index), now.get(index), path + "/" + index));
            }
            return all;
        }
        return before.equals(now) ? Set.of() : Set.of(path + ": " + before + " is " + now);
    }
}
