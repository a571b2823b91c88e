package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Journals and snapshots written by any build up to now still load, and mean the same. */
class GoldenFilesTest {

    private static final String HOW_TO_CREATE =
            "no golden file %s: add it with  mvn -pl protocol test -Dtest=GoldenFilesTest -Dgolden.create=true  and"
                    + " commit it; one that exists is never changed";

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.load());
    private static final Wire WIRE = new Wire(TEST_KIT.system());

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                        arguments(Examples.events(), false),
                        arguments(Examples.bareEvents(), true),
                        arguments(Examples.snapshots(), false),
                        arguments(Examples.bareSnapshots(), true),
                        arguments(NotificationExamples.events(), false),
                        arguments(NotificationExamples.bareEvents(), true),
                        arguments(NotificationExamples.snapshots(), false),
                        arguments(NotificationExamples.bareSnapshots(), true),
                        arguments(UserExamples.events(), false),
                        arguments(UserExamples.bareEvents(), true),
                        arguments(UserExamples.snapshots(), false),
                        arguments(UserExamples.bareSnapshots(), true),
                        arguments(ConversationExamples.events(), false),
                        arguments(ConversationExamples.bareEvents(), true),
                        arguments(ConversationExamples.snapshots(), false),
                        arguments(ConversationExamples.bareSnapshots(), true),
                        arguments(PositionExamples.events(), false),
                        arguments(PositionExamples.bareEvents(), true),
                        arguments(PositionExamples.snapshots(), false),
                        arguments(PositionExamples.bareSnapshots(), true),
                        arguments(ItemExamples.events(), false),
                        arguments(ItemExamples.bareEvents(), true),
                        Stream.of(
                                        Examples.grown(),
                                        ItemExamples.grown(),
                                        PositionExamples.grown(),
                                        ReceiptExamples.grown())
                                .flatMap(grown -> grown.entrySet().stream())
                                .map(example -> Arguments.of(example.getKey(), example.getValue())))
                .flatMap(stream -> stream);
    }

    private static Stream<Arguments> arguments(List<Persisted> examples, boolean bare) {
        return examples.stream().map(example -> Arguments.of(GoldenFile.nameOf(example, bare), example));
    }

    static Stream<Named<GoldenFile>> files() throws IOException {
        try (var paths = Files.list(GoldenFile.FOLDER)) {
            var files = new ArrayList<Named<GoldenFile>>();
            for (Path path : paths.filter(GoldenFile::isOne).sorted().toList()) {
                GoldenFile file = GoldenFile.readFile(path);
                files.add(Named.of(file.name(), file));
            }
            return files.stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void everyExampleHasAGoldenFileThatDecodesToIt(String name, Persisted example) throws IOException {
        if (!GoldenFile.exists(name)) {
            if (!Boolean.getBoolean("golden.create")) {
                fail(HOW_TO_CREATE, name);
            }
            new GoldenFile(name, WIRE.manifest(example), WIRE.encode(example)).create();
        }
        GoldenFile file = GoldenFile.read(name);

        assertThat(WIRE.decode(file.cbor(), file.manifest())).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyGoldenFileStillDecodesAndItsRenderingIsTrue(GoldenFile file) throws IOException {
        Object decoded = WIRE.decode(file.cbor(), file.manifest());

        assertThat(decoded).isInstanceOf(Persisted.class);
        assertThat(decoded.getClass().getName()).isEqualTo(file.manifest());
        assertThat(WIRE.roundTrip(decoded)).isEqualTo(decoded);
        assertThat(file.rendering()).isEqualTo(file.content());
    }

    @ParameterizedTest
    @MethodSource("files")
    void fieldsOfANewerBuildAreIgnored(GoldenFile file) throws IOException {
        var futureValue = JsonNodeFactory.instance.objectNode().put("of", "a newer build");

        byte[] newer = Wire.changed(file.cbor(), object -> object.set("aFieldNobodyKnows", futureValue));

        assertThat(WIRE.decode(newer, file.manifest())).isEqualTo(WIRE.decode(file.cbor(), file.manifest()));
    }

    /** A field added later is an Optional or a list; older rows do not have it. */
    @ParameterizedTest
    @MethodSource("files")
    void optionalsAndListsThatAreMissingAreEmpty(GoldenFile file) throws Exception {
        Object decoded = WIRE.decode(file.cbor(), file.manifest());
        Set<String> mayBeMissing = namesOf(decoded.getClass(), new HashSet<>(), new HashSet<>());

        byte[] older = Wire.changed(file.cbor(), object -> object.remove(mayBeMissing));

        Record sparse = (Record) WIRE.decode(older, file.manifest());
        for (RecordComponent component : sparse.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(sparse);
            assertThat(value).as(component.getName()).isNotNull();
            if (component.getType() == Optional.class) {
                assertThat(value).isEqualTo(Optional.empty());
            } else if (component.getType() == List.class) {
                assertThat(value).isEqualTo(List.of());
            }
        }
    }

    @Test
    void theFirstSealedEnvelopeIsAsItWasWritten() throws IOException {
        GoldenFile file = GoldenFile.read("DeviceEvent.ItemAccepted.v1");

        var body = Wire.tree(file.cbor()).get("body");

        assertThat(body.fieldNames()).toIterable().containsExactly("subject", "box");
        assertThat(body.get("subject").textValue()).isEqualTo("user:u1");
        assertThat(body.get("box").isBinary()).isTrue();
        assertThat(body.get("box").binaryValue()).startsWith(1, 0x5e, 0xa1, 0xed, 0x01);
    }

    /** Names of components, at any depth, that may be empty. */
    private static Set<String> namesOf(Type type, Set<String> names, Set<Type> seen) {
        if (type instanceof ParameterizedType generic) {
            Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> namesOf(argument, names, seen));
        } else if (type instanceof Class<?> record && record.isRecord() && seen.add(record)) {
            for (RecordComponent component : record.getRecordComponents()) {
                if (component.getType() == Optional.class || component.getType() == List.class) {
                    names.add(component.getName());
                }
                namesOf(component.getGenericType(), names, seen);
            }
        }
        return names;
    }
}
