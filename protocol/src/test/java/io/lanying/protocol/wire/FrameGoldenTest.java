package io.lanying.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The frames as clients in the field know them: the golden files are never edited. */
class FrameGoldenTest {

    private static final FrameCodec JSON = FrameCodec.of(FrameFormat.JSON);
    private static final FrameCodec CBOR = FrameCodec.of(FrameFormat.CBOR);

    @TestFactory
    List<DynamicTest> clientFrames() {
        return Frames.client().entrySet().stream()
                .map(frame -> DynamicTest.dynamicTest(frame.getKey(), () -> {
                    String golden = golden(frame.getKey());
                    assertThat(text(JSON.write(frame.getValue()))).isEqualTo(golden);
                    assertThat(JSON.readClient(utf8(golden))).contains(frame.getValue());
                    assertThat(CBOR.readClient(CBOR.write(frame.getValue()))).contains(frame.getValue());
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> serverFrames() {
        return Frames.server().entrySet().stream()
                .map(frame -> DynamicTest.dynamicTest(frame.getKey(), () -> {
                    String golden = golden(frame.getKey());
                    assertThat(text(JSON.write(frame.getValue()))).isEqualTo(golden);
                    assertThat(JSON.readServer(utf8(golden))).contains(frame.getValue());
                    assertThat(CBOR.readServer(CBOR.write(frame.getValue()))).contains(frame.getValue());
                }))
                .toList();
    }

    @Test
    void everyFrameHasAGoldenFileAndAName() {
        covers(ClientFrame.class, Frames.client());
        covers(ServerFrame.class, Frames.server());
    }

    private static void covers(Class<?> sealed, Map<String, ?> examples) {
        Collection<Class<?>> exampled =
                examples.values().stream().<Class<?>>map(Object::getClass).toList();
        assertThat(exampled).contains(sealed.getPermittedSubclasses());
        assertThat(Arrays.stream(sealed.getAnnotation(JsonSubTypes.class).value())
                        .map(JsonSubTypes.Type::value))
                .hasSameElementsAs(Arrays.<Class<?>>asList(sealed.getPermittedSubclasses()));
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = FrameGoldenTest.class.getResourceAsStream("/golden/wire/" + name + ".json")) {
            assertThat(file).as("golden file of " + name).isNotNull();
            return text(file.readAllBytes()).strip();
        }
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
