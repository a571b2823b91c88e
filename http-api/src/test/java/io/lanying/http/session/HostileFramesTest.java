package io.lanying.http.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.wire.FrameFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every frame that asyncapi.yaml lets an app say, spoilt in every way the socket knows (matrix A8): closed as documented, and
 * the device hears of nothing but the session.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFramesTest {

    private static final JsonNode DOCUMENT = document();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CBORMapper CBOR = new CBORMapper();
    private static final String HELLO = "hello";

    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private SocketRig rig;
    private int devices;

    @BeforeAll
    void start() {
        rig = new SocketRig("push.http.session.message-timeout = 1s");
    }

    @AfterAll
    void everyKindOfMisuseWasSeenAndNoSocketIsLeft() throws Exception {
        rig.closeApps();
        try {
            await().untilAsserted(() -> assertThat(rig.openSockets()).isZero());
            var documented =
                    new TreeSet<>(DOCUMENT.at("/channels/deviceSocket/x-misuse").findValuesAsText("reason"));
            assertThat(seen).isEqualTo(documented);
        } finally {
            rig.close();
        }
    }

    static Stream<Arguments> frames() {
        return messages().stream()
                .flatMap(message -> Stream.of(FrameFormat.values()).map(format -> Arguments.of(message, format)));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("frames")
    void spoiltItClosesTheSocketAndTheDeviceHearsNothing(String message, FrameFormat format) throws Exception {
        for (var spoilt : spoilt(message)) {
            expectMisuse(message, format, bytes(spoilt, format), "badFrame");
        }
        byte[] whole = bytes(example(message), format);
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        longer[whole.length] = '1';
        expectMisuse(message, format, longer, "badFrame");
        expectMisuse(message, format, Arrays.copyOf(whole, whole.length - 1), "badFrame");
        // CBOR's reader passes over the texts of fields that nobody knows without looking at them.
        var text = textField(message).or(() -> Optional.of("x").filter(unknown -> format == FrameFormat.JSON));
        if (text.isPresent()) {
            expectMisuse(message, format, notUtf8(example(message), text.get(), format), "badFrame");
        }
        var giant = example(message).put("x", "y".repeat(64 * 1024));
        expectMisuse(message, format, bytes(giant, format), "frameTooLarge");
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("frames")
    void inTheOtherMessageTypeItClosesTheSocket(String message, FrameFormat format) throws Exception {
        var device = newDevice();
        var app = connected(device, message, format);
        app.sendFrame(format == FrameFormat.JSON ? 2 : 1, true, bytes(example(message), format));
        expectClose(app, device, "wrongMessageType");
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("frames")
    void firstOrSecondWhereItMayNotBe(String message, FrameFormat format) throws Exception {
        var device = newDevice();
        var app = message.equals(HELLO) ? attached(device, format) : rig.connect(device.name, format);
        app.sendMessage(bytes(example(message), format));
        expectClose(app, device, message.equals(HELLO) ? "secondHello" : "helloExpected");
    }

    @Test
    void withANumberThatWasNeverSent() throws Exception {
        var never = example("ack").put("itemSeq", Long.MAX_VALUE);
        expectMisuse("ack", FrameFormat.JSON, bytes(never, FrameFormat.JSON), "ackAboveSent");
    }

    /** All at once, so that it takes as long as one. */
    @Test
    void begunAndNeverFinishedItIsClosedInTime() throws Exception {
        var begun = new ArrayList<RawApp>();
        for (String message : messages()) {
            var device = newDevice();
            var app = connected(device, message, FrameFormat.JSON);
            byte[] whole = bytes(example(message), FrameFormat.JSON);
            app.sendFrame(1, false, Arrays.copyOf(whole, whole.length / 2));
            begun.add(app);
        }
        for (RawApp app : begun) {
            app.expectClose(4004);
        }
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("frames")
    void byTheThousandItIsAFlood(String message, FrameFormat format) throws Exception {
        if (message.equals(HELLO)) {
            return;
        }
        var device = newDevice();
        var app = connected(device, message, format);
        var harmless = example(message);
        if (harmless.has("itemSeq")) {
            harmless.put("itemSeq", 0);
        }
        byte[] bytes = bytes(harmless, format);
        try {
            for (int i = 0; i < 1_000; i++) {
                app.sendMessage(bytes);
            }
        } catch (SocketException cut) {
            // the server did not read all of it
        }
        app.expectEnd();
        String reason = device.detachReason();
        // What is answered and not read may fill the queue first.
        assertThat(reason).isIn("flood", "slowConsumer");
        if (reason.equals("flood")) {
            seen.add(reason);
        }
    }

    @Test
    void whatIsNotWebSocketIsClosed() throws Exception {
        var device = newDevice();
        var app = attached(device, FrameFormat.JSON);
        app.sendBytes(0xC1, 0x82, 0, 0, 0, 0, '{', '}');
        expectClose(app, device, "webSocketViolation");
    }

    private void expectMisuse(String message, FrameFormat format, byte[] bytes, String reason) throws Exception {
        var device = newDevice();
        var app = connected(device, message, format);
        app.sendMessage(bytes);
        expectClose(app, device, reason);
    }

    private void expectClose(RawApp app, Device device, String reason) throws Exception {
        assertThat(app.expectClose(4502).closeReason()).isEqualTo(reason);
        seen.add(reason);
        device.expectNothingBut(Detach.class);
    }

    /** A socket on which this message may come next: attached, but for the first one. */
    private RawApp connected(Device device, String message, FrameFormat format) throws Exception {
        return message.equals(HELLO) ? rig.connect(device.name, format) : attached(device, format);
    }

    private RawApp attached(Device device, FrameFormat format) throws Exception {
        var app = rig.connect(device.name, format);
        rig.attach(app, device.probe, 0);
        return app;
    }

    private Device newDevice() {
        String name = "hostile" + devices++;
        return new Device(name, rig.device(name));
    }

    private record Device(String name, TestProbe<DeviceCommand> probe) {

        void expectNothingBut(Class<? extends DeviceCommand> allowed) {
            var end = new DeviceCommand.Wake(-1);
            probe.ref().tell(end);
            DeviceCommand next = probe.receiveMessage();
            while (next != end) {
                assertThat(next).isInstanceOf(allowed);
                next = probe.receiveMessage();
            }
        }

        String detachReason() {
            DeviceCommand next = probe.receiveMessage(Duration.ofSeconds(3));
            while (!(next instanceof Detach)) {
                next = probe.receiveMessage(Duration.ofSeconds(3));
            }
            return ((Detach) next).reason();
        }
    }

    /** Without each of its fields, with each of another type, and beyond each limit. */
    private static List<ObjectNode> spoilt(String message) {
        var all = new ArrayList<ObjectNode>();
        for (JsonNode field : schema(message).get("required")) {
            all.add(example(message).without(field.asText()));
        }
        for (var field : schema(message).get("properties").properties()) {
            if (field.getValue().has("x-refused")) {
                continue; // what is wrong with it is answered (SocketMessagesTest)
            }
            if (field.getValue().has("type")
                    || field.getValue().has("const")
                    || field.getValue().has("$ref")) {
                var other = example(message);
                other.putObject(field.getKey()).put("a", 1);
                all.add(other);
            }
            if (field.getValue().path("minimum").asInt(1) == 0) {
                all.add(example(message).put(field.getKey(), -1));
            }
        }
        all.add(example(message).put("n".repeat(129), 1));
        var deep = example(message);
        ObjectNode at = deep;
        for (int level = 0; level < 32; level++) {
            at = at.putObject("a");
        }
        all.add(deep);
        return all;
    }

    private static Optional<String> textField(String message) {
        return example(message).properties().stream()
                .filter(field -> field.getValue().isTextual() && !field.getKey().equals("t"))
                .map(field -> field.getKey())
                .findFirst();
    }

    private static byte[] notUtf8(ObjectNode example, String field, FrameFormat format) {
        byte[] bytes = bytes(example.put(field, "??"), format);
        for (int i = bytes.length - 1; i > 0; i--) {
            if (bytes[i] == '?' && bytes[i - 1] == '?') {
                bytes[i - 1] = (byte) 0xC3;
                bytes[i] = 0x28;
                return bytes;
            }
        }
        throw new AssertionError("no place for it");
    }

    private static List<String> messages() {
        var names = new ArrayList<String>();
        for (JsonNode message : DOCUMENT.at("/operations/fromApp/messages")) {
            String reference = message.path("$ref").asText();
            names.add(reference.substring(reference.lastIndexOf('/') + 1));
        }
        return names;
    }

    private static JsonNode schema(String message) {
        return DOCUMENT.at("/components/messages/" + message + "/payload");
    }

    private static ObjectNode example(String message) {
        return DOCUMENT.at("/components/messages/" + message + "/examples/0/payload")
                .deepCopy();
    }

    private static byte[] bytes(JsonNode payload, FrameFormat format) {
        try {
            return format == FrameFormat.JSON
                    ? JSON.writeValueAsString(payload).getBytes(UTF_8)
                    : CBOR.writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode document() {
        try (var file = HostileFramesTest.class.getResourceAsStream("/asyncapi.yaml")) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
