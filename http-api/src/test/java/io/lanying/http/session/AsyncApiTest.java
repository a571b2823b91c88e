package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** asyncapi.yaml says what the code does, no less and no more. */
class AsyncApiTest {

    private static final JsonNode DOCUMENT = document();
    private static final JsonNode MESSAGES = DOCUMENT.at("/components/messages");
    private static final FrameCodec CODEC = FrameCodec.of(FrameFormat.JSON);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void theFramesOfEachSideAreTheRecordsOfEachSide() {
        assertThat(operation("fromApp", "receive"))
                .isEqualTo(types(ClientFrame.class).keySet());
        assertThat(operation("fromServer", "send"))
                .isEqualTo(types(ServerFrame.class).keySet());
        Set<String> all = new TreeSet<>(types(ClientFrame.class).keySet());
        all.addAll(types(ServerFrame.class).keySet());
        assertThat(names(MESSAGES)).isEqualTo(all);
        assertThat(names(DOCUMENT.at("/channels/deviceSocket/messages"))).isEqualTo(all);
    }

    @TestFactory
    Stream<DynamicTest> fieldsAreTheRecordsComponents() {
        return Stream.concat(types(ClientFrame.class).entrySet().stream(), types(ServerFrame.class).entrySet().stream())
                .map(type -> DynamicTest.dynamicTest(type.getKey(), () -> {
                    JsonNode payload = MESSAGES.at("/" + type.getKey() + "/payload");
                    RecordComponent[] components = type.getValue().getRecordComponents();
                    assertThat(payload.at("/properties/t/const").asText()).isEqualTo(type.getKey());
                    assertThat(names(payload.get("properties"))).isEqualTo(withT(Arrays.stream(components)));
                    assertThat(texts(payload.get("required")))
                            .isEqualTo(withT(Arrays.stream(components).filter(AsyncApiTest::isRequired)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> examplesAreFrames() {
        List<DynamicTest> tests = new ArrayList<>();
        MESSAGES.properties().forEach(message -> {
            assertThat(message.getValue().get("examples")).as(message.getKey()).isNotEmpty();
            for (JsonNode example : message.getValue().get("examples")) {
                tests.add(DynamicTest.dynamicTest(
                        message.getKey(), () -> isFrame(message.getKey(), example.get("payload"))));
            }
        });
        return tests.stream();
    }

    /** What the document shows is read as its type, and written again it is the same. */
    private static void isFrame(String type, JsonNode payload) throws Exception {
        byte[] bytes = payload.toString().getBytes(StandardCharsets.UTF_8);
        byte[] again;
        if (types(ClientFrame.class).containsKey(type)) {
            ClientFrame frame = CODEC.readClient(bytes).orElseThrow();
            assertThat(frame).isInstanceOf(types(ClientFrame.class).get(type));
            again = CODEC.write(frame);
        } else {
            ServerFrame frame = CODEC.readServer(bytes).orElseThrow();
            assertThat(frame).isInstanceOf(types(ServerFrame.class).get(type));
            again = CODEC.write(frame);
        }
        assertThat(MAPPER.readTree(again)).isEqualTo(MAPPER.readTree(bytes));
    }

    @Test
    void closeCodesMisuseAndSubprotocolsAreTheCodes() {
        JsonNode channel = DOCUMENT.at("/channels/deviceSocket");
        Map<Integer, String> documented = new TreeMap<>();
        for (JsonNode code : channel.get("x-close-codes")) {
            documented.put(
                    code.get("code").asInt(),
                    code.get("name").asText() + " " + code.get("comesBack").asBoolean());
        }
        Map<Integer, String> existing = Arrays.stream(CloseCode.values())
                .collect(Collectors.toMap(CloseCode::code, code -> camel(code.name()) + " " + code.comesBack()));
        assertThat(documented).isEqualTo(existing);
        assertThat(channel.get("x-misuse").findValuesAsText("reason"))
                .hasSameElementsAs(
                        Arrays.stream(Misuse.values()).map(Misuse::reason).toList());
        assertThat(texts(channel.get("x-subprotocols")))
                .isEqualTo(Arrays.stream(FrameFormat.values())
                        .map(FrameFormat::subprotocol)
                        .collect(Collectors.toSet()));
        assertThat(channel.get("address").asText()).isEqualTo("/v1/device/socket");
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(DOCUMENT.get("asyncapi").asText()).isEqualTo("3.0.0");
        for (String reference : DOCUMENT.findValuesAsText("$ref")) {
            assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    private static Set<String> operation(String name, String action) {
        JsonNode operation = DOCUMENT.at("/operations/" + name);
        assertThat(operation.get("action").asText()).isEqualTo(action);
        return operation.get("messages").findValuesAsText("$ref").stream()
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Class<?>> types(Class<?> sealed) {
        var types = new TreeMap<String, Class<?>>();
        for (JsonSubTypes.Type type : sealed.getAnnotation(JsonSubTypes.class).value()) {
            types.put(type.name(), type.value());
        }
        return types;
    }

    private static boolean isRequired(RecordComponent component) {
        try {
            JsonProperty property = component
                    .getDeclaringRecord()
                    .getDeclaredField(component.getName())
                    .getAnnotation(JsonProperty.class);
            return property != null && property.required();
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> withT(Stream<RecordComponent> components) {
        Set<String> names = components.map(RecordComponent::getName).collect(Collectors.toCollection(TreeSet::new));
        names.add("t");
        return names;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String camel(String constant) {
        var name = new StringBuilder();
        for (String word : List.of(constant.split("_", -1))) {
            name.append(
                    name.isEmpty()
                            ? word.toLowerCase(Locale.ROOT)
                            : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private static JsonNode document() {
        try (InputStream file = AsyncApiTest.class.getResourceAsStream("/asyncapi.yaml")) {
            return new YAMLMapper()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
