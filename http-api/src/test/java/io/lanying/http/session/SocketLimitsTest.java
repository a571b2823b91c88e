package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app may not do, and what it costs the server: nothing that lasts. */
class SocketLimitsTest {

    private static SocketRig rig;

    @BeforeAll
    static void start() {
        rig = new SocketRig(
                "push.http.session.hello-timeout = 1s",
                "push.http.session.ping-interval = 1s",
                "push.http.session.silence-timeout = 2s",
                "push.http.session.message-timeout = 1s",
                "push.http.session.write-timeout = 1s",
                "push.http.session.close-timeout = 500ms",
                // So that a full socket is full soon.
                "akka.http.server.socket-options.so-send-buffer-size = 16 KiB");
    }

    @AfterAll
    static void noSocketIsLeft() throws Exception {
        rig.closeApps();
        try {
            await().untilAsserted(() -> assertThat(rig.openSockets()).isZero());
        } finally {
            rig.close();
        }
    }

    @Test
    void withoutHelloTheSocketIsClosed() throws Exception {
        rig.connect("mute").expectClose(4001);
    }

    @Test
    void whoIsNotHeardFromIsClosedAndWhoPingsIsNot() throws Exception {
        var device = rig.device("silent");
        var app = rig.connect("silent");
        Attach attach = rig.attach(app, device, 0);
        for (int i = 0; i < 3; i++) {
            device.expectNoMessage(Duration.ofMillis(900));
            app.say(new ClientFrame.Ping());
            app.expect(ServerFrame.Pong.class);
        }
        app.expectClose(4002);
        device.expectMessage(new Detach(attach.sessionId(), "silent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":\"ping\"}",
                "{\"t\":\"ack\",\"itemSeq\":0}",
                "{\"t\":\"unheardOf\"}",
                "not json",
                "{\"t\":\"hello\"}",
                "[]",
                ""
            })
    void theFirstFrameMustBeAHello(String text) throws Exception {
        var app = rig.connect("first");
        app.sendText(text);
        app.expectClose(4502);
    }

    @Test
    void aSecondHelloIsMisuse() throws Exception {
        var device = rig.device("again");
        var app = rig.connect("again");
        rig.attach(app, device, 0);
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("secondHello");
    }

    @Test
    void acknowledgingBeforeTheWelcomeIsMisuse() throws Exception {
        rig.device("hasty");
        var app = rig.connect("hasty");
        app.say(new ClientFrame.Hello("s1", 5, List.of()));
        app.say(new ClientFrame.Ack(6));
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("ackAboveSent");
    }

    @Test
    void badUtf8IsMisuse() throws Exception {
        var app = rig.connect("utf8");
        byte[] hello = "{\"t\":\"hello\",\"ackedSeq\":0,\"x\":\"??\"}".getBytes(StandardCharsets.UTF_8);
        hello[hello.length - 4] = (byte) 0xC3;
        hello[hello.length - 3] = (byte) 0x28;
        app.sendFrame(1, true, hello);
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("badFrame");
    }

    @Test
    void theMessageTypeMustBeTheSubprotocols() throws Exception {
        var json = rig.connect("types");
        json.sendFrame(2, true, FrameCodec.of(FrameFormat.JSON).write(new ClientFrame.Hello(null, 0, List.of())));
        assertThat(json.expectClose(4502).closeReason()).isEqualTo("wrongMessageType");
        var cbor = rig.connect("types", FrameFormat.CBOR);
        cbor.sendFrame(1, true, FrameCodec.of(FrameFormat.CBOR).write(new ClientFrame.Hello(null, 0, List.of())));
        assertThat(cbor.expectClose(4502).closeReason()).isEqualTo("wrongMessageType");
    }

    @Test
    void anAnnouncedGiantIsRefusedBeforeItComes() throws Exception {
        var app = rig.connect("giant");
        app.sendHead(1, true, 1L << 40);
        app.sendBytes(new int[8_192]);
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("frameTooLarge");
    }

    @Test
    void fragmentsThatAddUpToAGiantAreRefused() throws Exception {
        var app = rig.connect("pieces");
        app.sendFrame(1, false, new byte[30_000]);
        app.sendFrame(0, false, new byte[30_000]);
        app.sendFrame(0, false, new byte[30_000]);
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("frameTooLarge");
    }

    @Test
    void aMessageInFragmentsWithAPingBetweenIsOneMessage() throws Exception {
        var device = rig.device("fragments");
        var app = rig.connect("fragments");
        byte[] hello = "{\"t\":\"hello\",\"streamId\":\"é\",\"ackedSeq\":7}".getBytes(StandardCharsets.UTF_8);
        app.sendFrame(1, false, Arrays.copyOfRange(hello, 0, 28)); // within the é
        app.sendFrame(9, true, new byte[] {1, 2, 3});
        app.sendFrame(0, false, new byte[0]);
        app.sendFrame(0, true, Arrays.copyOfRange(hello, 28, hello.length));
        var pong = app.readFrame();
        assertThat(pong.opcode()).isEqualTo(10);
        assertThat(pong.payload()).containsExactly(1, 2, 3);
        assertThat(device.expectMessageClass(Attach.class).streamId()).contains("é");
    }

    @Test
    void aMessageWithoutEndIsClosedInTime() throws Exception {
        var app = rig.connect("endless");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        app.sendFrame(1, false, new byte[] {'{'});
        app.sendFrame(0, false, new byte[] {' '});
        app.expectClose(4004);
    }

    @Test
    void aFrameThatDripsIsClosedInTime() throws Exception {
        var app = rig.connect("dripping");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        app.sendHead(1, true, 10);
        app.sendBytes('{');
        app.expectClose(4004);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x81, 0xC1, 0x83, 0x8B, 0x80, 0x09})
    void whatIsNotWebSocketIsMisuse(int first) throws Exception {
        var app = rig.connect("rfc");
        // Unmasked text, a reserved bit, reserved opcodes, a continuation of nothing, a fragmented ping.
        app.sendBytes(first == 0x81 ? new int[] {first, 2, '{', '}'} : new int[] {first, 0x82, 0, 0, 0, 0, '{', '}'});
        assertThat(app.expectClose(4502).closeReason()).isEqualTo("webSocketViolation");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10})
    void aFloodIsMisuse(int opcode) throws Exception {
        var device = rig.device("flood" + opcode);
        var app = rig.connect("flood" + opcode);
        Attach attach = rig.attach(app, device, 0);
        byte[] payload = "{\"t\":\"ack\",\"itemSeq\":0}".getBytes(StandardCharsets.UTF_8);
        try {
            for (int i = 0; i < 2_000; i++) {
                app.sendFrame(opcode, true, payload);
            }
        } catch (SocketException cut) {
            // the server did not read all of it
        }
        app.expectEnd();
        assertThat(device.fishForMessage(
                        Duration.ofSeconds(3),
                        "detach",
                        message -> message instanceof Detach
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore()))
                .contains(new Detach(attach.sessionId(), "flood"));
    }

    @Test
    void anAcknowledgementForEachItemIsNoFlood() throws Exception {
        var device = rig.device("diligent");
        var app = rig.connect("diligent");
        Attach attach = rig.attach(app, device, 3_000);
        for (int item = 1; item <= 3_000; item++) {
            attach.session().tell(rig.deliver(device, item, item));
            app.say(new ClientFrame.Ack(app.expect(ServerFrame.Item.class).itemSeq()));
        }
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class);
    }

    @Test
    void whoDoesNotReadIsClosedWhenTheQueueIsFull() throws Exception {
        var device = rig.device("full");
        var app = rig.connect("full");
        Attach attach = rig.attach(app, device, 2_000);
        double before = itemsSent();

        for (int item = 1; item <= 2_000; item++) {
            attach.session().tell(bigItem(device, item));
        }

        device.expectMessage(new Detach(attach.sessionId(), "slowConsumer"));
        app.expectEnd();
        assertThat(itemsSent() - before)
                .as("no more than 1280 KiB wait, besides what the network's buffers take")
                .isBetween(50.0, 100.0);
    }

    @Test
    void whoDoesNotReadWhatFitsTheQueueIsClosedInTime() throws Exception {
        var device = rig.device("stalled");
        var app = rig.connect("stalled");
        Attach attach = rig.attach(app, device, 40);
        double before = itemsSent();

        for (int item = 1; item <= 40; item++) {
            attach.session().tell(bigItem(device, item));
        }
        device.expectNoMessage(Duration.ofMillis(500));

        device.expectMessage(new Detach(attach.sessionId(), "slowConsumer"));
        app.expectEnd();
        assertThat(itemsSent() - before).isEqualTo(40);
    }

    @Test
    void burstAndRateAndWhatWasPaidForMayPass() {
        long second = 1_000_000_000L;
        var bucket = new TokenBucket(10, 3, 0);
        assertThat(passing(bucket, 0)).isEqualTo(3);
        assertThat(passing(bucket, second / 2))
                .as("half a second later, at most the burst")
                .isEqualTo(3);
        assertThat(passing(bucket, second / 2 + second / 10)).isEqualTo(1);
        bucket.pay(1_000);
        bucket.pay(1_000_000);
        assertThat(passing(bucket, second / 2 + second / 10)).isEqualTo(TokenBucket.MAX_PAID);
        assertThat(passing(bucket, 100 * second)).isEqualTo(3);
    }

    private static int passing(TokenBucket bucket, long now) {
        int passed = 0;
        while (bucket.take(now)) {
            passed++;
        }
        return passed;
    }

    @Test
    void smallItemsAreLimitedInNumber() throws Exception {
        var outbox = new Outbox(128, 1 << 20);
        for (int frame = 0; frame < 128; frame++) {
            assertThat(outbox.offer(new byte[10], true)).isTrue();
        }
        assertThat(outbox.offer(new byte[10], true)).isFalse();
        assertThat(outbox.offer(new byte[10], false)).isTrue();
        assertThat(outbox.poll()).hasSize(10);
        assertThat(outbox.offer(new byte[10], true)).isTrue();
        outbox.close();
        assertThat(outbox.offer(new byte[10], true)).isTrue();
        assertThat(outbox.poll()).isNull();
    }

    private static Deliver bigItem(TestProbe<DeviceCommand> device, long itemSeq) {
        String body = "{\"x\":\"" + "y".repeat(20_000) + "\"}";
        return new Deliver(device.ref(), List.of(SocketRig.item(itemSeq, "user:u1", body)));
    }

    private static double itemsSent() {
        return rig.count("push.sockets.frames", "type", "item");
    }

    @Test
    void aThousandGoneRangesAtOnceCloseNobody() throws Exception {
        var device = rig.device("ranges");
        var app = rig.connect("ranges");
        Attach attach = rig.attach(app, device, 1_000);
        for (int seq = 1; seq <= 1_000; seq++) {
            attach.session().tell(new Gone(device.ref(), seq, seq, seq % 2 == 0 ? Fate.EXPIRED : Fate.SUPERSEDED));
        }
        for (int seq = 1; seq <= 1_000; seq++) {
            assertThat(app.expect(ServerFrame.Gone.class).fromSeq()).isEqualTo(seq);
        }
    }

    @Test
    void whoDoesNotAnswerTheCloseIsCut() throws Exception {
        var app = rig.connect("stubborn");
        app.sendText("nonsense");
        app.expect(ServerFrame.Bye.class);
        assertThat(app.readFrame().closeCode()).isEqualTo(4502);
        app.expectEnd();
    }
}
