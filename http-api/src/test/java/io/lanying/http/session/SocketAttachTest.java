package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.CoordinatedShutdown;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Finding the device, not finding it, and leaving all devices when the node stops. */
class SocketAttachTest {

    private static final String QUICK = """
            push.http.session.attach {
              answer-timeout = 100ms
              max-back-off = 400ms
              jitter = 10ms
              give-up-after = 1500ms
              max-unanswered = 2
            }""";

    @Test
    void anUnansweredAttachIsRepeatedUntilItIsGivenUp() throws Exception {
        try (var rig = new SocketRig(QUICK)) {
            var device = rig.device("quiet");
            var app = rig.connect("quiet");
            app.say(new ClientFrame.Hello("s1", 4, List.of()));
            Attach first = device.expectMessageClass(Attach.class);
            assertThat(device.expectMessageClass(Attach.class)).isEqualTo(first);
            assertThat(device.expectMessageClass(Attach.class)).isEqualTo(first);
            app.expectClose(1013);
            await().untilAsserted(() -> assertThat(
                            rig.metrics.get("push.sockets.attaching").gauge().value())
                    .isZero());
            assertThat(rig.count("push.sockets.incidents", "kind", "attach_unanswered"))
                    .isBetween(3.0, 10.0);
        }
    }

    @Test
    void anAnswerToTheSecondAttachIsAsGoodAndTheTwinIsHarmless() throws Exception {
        try (var rig = new SocketRig(QUICK)) {
            var device = rig.device("twin");
            var app = rig.connect("twin");
            app.say(new ClientFrame.Hello(null, 0, List.of()));
            device.expectMessageClass(Attach.class);
            Attach second = device.expectMessageClass(Attach.class);
            for (int answer = 0; answer < 2; answer++) {
                second.session().tell(new Attached(device.ref(), "s1", 0, 2));
                second.session().tell(rig.deliver(device, 1, 2));
            }
            app.expect(ServerFrame.Welcome.class);
            assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(1);
            assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(2);
            app.say(new ClientFrame.Ping());
            app.expect(ServerFrame.Pong.class);
        }
    }

    @Test
    void nodesAskForFewDevicesAtATime() throws Exception {
        try (var rig = new SocketRig(QUICK, "push.http.session.attach.answer-timeout = 5s")) {
            var device = rig.device("many");
            List<RawApp> apps = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                apps.add(rig.connect("many"));
                apps.get(i).say(new ClientFrame.Hello(null, 0, List.of()));
            }
            Attach one = device.expectMessageClass(Attach.class);
            device.expectMessageClass(Attach.class);
            device.expectNoMessage(Duration.ofMillis(150));
            assertThat(rig.metrics.get("push.sockets.attaching").gauge().value())
                    .isEqualTo(2);

            one.session().tell(new Attached(device.ref(), "s1", 0, 0));
            device.expectMessageClass(Attach.class);
            device.expectNoMessage(Duration.ofMillis(100));
            apps.forEach(SocketAttachTest::cut); // an app that leaves while it is asked for leaves its turn, too
            await().untilAsserted(() -> assertThat(
                            rig.metrics.get("push.sockets.attaching").gauge().value())
                    .isZero());
        }
    }

    @Test
    void aSessionThatLeavesWhileItIsAskedForSaysSoThroughSharding() throws Exception {
        try (var rig = new SocketRig()) {
            var device = rig.device("hurry");
            var app = rig.connect("hurry");
            app.say(new ClientFrame.Hello(null, 0, List.of()));
            Attach attach = device.expectMessageClass(Attach.class);
            app.close();
            device.expectMessage(new Detach(attach.sessionId(), "connectionLost"));
        }
    }

    @Test
    void aStoppingNodeSaysByeToAllAndTakesNoMore() throws Exception {
        try (var rig = new SocketRig("push.http.session.close-timeout = 500ms")) {
            var device = rig.device("bye");
            List<RawApp> apps = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                apps.add(rig.connect("bye"));
                rig.attach(apps.get(i), device, 0);
            }
            RawApp greetingless = rig.connect("bye");

            var stopped = CoordinatedShutdown.get(rig.kit.system()).runAll(CoordinatedShutdown.unknownReason());

            for (RawApp app : apps) {
                app.expectClose(4000);
            }
            greetingless.expectClose(4000);
            for (int i = 0; i < 3; i++) {
                assertThat(device.expectMessageClass(Detach.class).reason()).isEqualTo("goingAway");
            }
            stopped.toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(rig.openSockets()).isZero();
        }
    }

    @Test
    void aStoppingNodeDoesNotWaitForWhoDoesNotAnswer() throws Exception {
        try (var rig = new SocketRig(
                "push.http.session.close-timeout = 300ms",
                "akka.http.server.socket-options.so-send-buffer-size = 16 KiB")) {
            var device = rig.device("deaf");
            var app = rig.connect("deaf");
            rig.attach(app, device, 0);
            long before = System.nanoTime();
            CoordinatedShutdown.get(rig.kit.system())
                    .runAll(CoordinatedShutdown.unknownReason())
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            assertThat(rig.openSockets()).isZero();
        }
    }

    private static void cut(RawApp app) {
        try {
            app.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
