package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.BadgeSeen;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.Opened;
import io.lanying.protocol.device.DeviceCommand.ReadUpTo;
import io.lanying.protocol.device.DeviceCommand.Unreadable;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SocketSessionTest {

    private static SocketRig rig;

    @BeforeAll
    static void start() {
        rig = new SocketRig("push.http.session.attach.jitter = 20ms", "push.http.session.key-retry = 20ms");
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void itemsComeInOrderAndAcknowledgementsGoBack(FrameFormat format) throws Exception {
        var device = rig.device("order-" + format);
        var app = rig.connect("order-" + format, format);

        app.say(new ClientFrame.Hello("s1", 40, List.of("unknown")));
        Attach attach = device.expectMessageClass(Attach.class);
        assertThat(attach.binding()).isEqualTo(3);
        assertThat(attach.streamId()).contains("s1");
        assertThat(attach.ackedSeq()).isEqualTo(40);

        attach.session().tell(new Attached(device.ref(), "s1", 41, 45));
        attach.session().tell(rig.deliver(device, 42, 43));
        attach.session().tell(new Gone(device.ref(), 44, 45, Fate.SUPERSEDED));

        assertThat(app.expect(ServerFrame.Welcome.class))
                .isEqualTo(new ServerFrame.Welcome("order-" + format, attach.sessionId(), "s1", 41, 45, 25, List.of()));
        ServerFrame.Item first = app.expect(ServerFrame.Item.class);
        assertThat(first.itemSeq()).isEqualTo(42);
        assertThat(first.id()).isEqualTo("n42").isEqualTo(first.notificationId());
        assertThat(first.kind()).isEqualTo("push");
        assertThat(first.at()).isEqualTo("2026-11-20T15:04:05.678Z");
        assertThat(first.body().toString()).isEqualTo("{\"n\":42}");
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(43);
        assertThat(app.expect(ServerFrame.Gone.class)).isEqualTo(new ServerFrame.Gone(44, 45, "superseded"));

        app.say(new ClientFrame.Ack(43));
        device.expectMessage(new Ack(attach.sessionId(), 43));
        app.say(new ClientFrame.Ack(45));
        device.expectMessage(new Ack(attach.sessionId(), 45));
    }

    @Test
    void anItemWithoutBodyCarriesWhatItIsAbout() throws Exception {
        var device = rig.device("recall");
        var app = rig.connect("recall");
        Attach attach = rig.attach(app, device, 1);

        var recall = new SessionMessage.Item(
                1, "n7~recall", ItemKind.RECALL, SocketRig.AT, Optional.of(9L), Optional.empty());
        attach.session().tell(new Deliver(device.ref(), List.of(recall)));

        ServerFrame.Item item = app.expect(ServerFrame.Item.class);
        assertThat(item.body().toString()).isEqualTo("{\"id\":\"n7~recall\"}");
        assertThat(item.notificationId()).isEqualTo("n7~recall");
        assertThat(item.redeliveryOf()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({"REPLACED,4500,replaced", "REVOKED,4501,revoked", "PROTOCOL_MISUSE,4502,ackAboveSent"})
    void whatTheDeviceEndsIsClosedForGood(EndReason reason, int code, String text) throws Exception {
        var device = rig.device("ended-" + reason);
        var app = rig.connect("ended-" + reason);
        Attach attach = rig.attach(app, device, 0);

        attach.session().tell(new Ended(reason));

        assertThat(app.expectClose(code).closeReason()).isEqualTo(text);
        device.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aTokenOfAnEarlierOwnerIsClosedBeforeAnyWelcome() throws Exception {
        var device = rig.device("revoked");
        var app = rig.connect("revoked");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        device.expectMessageClass(Attach.class).session().tell(new Ended(EndReason.REVOKED));
        app.expectClose(4501);
    }

    @Test
    void anAcknowledgementAboveWhatWasSentIsMisuse() throws Exception {
        var device = rig.device("above");
        var app = rig.connect("above");
        Attach attach = rig.attach(app, device, 5);
        attach.session().tell(rig.deliver(device, 1, 2));
        app.expect(ServerFrame.Item.class);
        app.expect(ServerFrame.Item.class);

        app.say(new ClientFrame.Ack(3));

        assertThat(app.expectClose(4502).closeReason()).isEqualTo("ackAboveSent");
        assertThat(device.expectMessageClass(Detach.class)).isEqualTo(new Detach(attach.sessionId(), "ackAboveSent"));
    }

    @Test
    void whatIsNotAvailableYetIsRefusedOrIgnored() throws Exception {
        var device = rig.device("later");
        var app = rig.connect("later");
        Attach attach = rig.attach(app, device, 0);

        app.sendText("{\"t\":\"brandNew\",\"x\":1}");
        app.say(new ClientFrame.Read("c1", 3));
        device.expectMessage(new ReadUpTo(attach.sessionId(), "c1", 3));
        app.say(new ClientFrame.Typing("c1")); // which the app does not watch
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class);

        app.say(new ClientFrame.Opened("n1~later"));
        device.expectMessage(new Opened(attach.sessionId(), "n1~later"));
        app.say(new ClientFrame.BadgeSeen(1));
        device.expectMessage(new BadgeSeen(attach.sessionId(), 1));
        assertThat(incidents("frame_ignored")).isEqualTo(1);
        assertThat(rig.count("push.sockets.frames", "type", "unknown")).isEqualTo(1);
    }

    @Test
    void aMovedDeviceIsAttachedAgainAndNothingRepeatsOnTheSocket() throws Exception {
        double repeats = incidents("repeat_dropped");
        double stale = incidents("stale");
        double reattached = incidents("reattached");
        var old = rig.device("moved");
        var app = rig.connect("moved");
        Attach first = rig.attach(app, old, 6);
        first.session().tell(rig.deliver(old, 1, 4));
        for (int i = 1; i <= 4; i++) {
            assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(i);
        }
        app.say(new ClientFrame.Ack(2));
        old.expectMessage(new Ack(first.sessionId(), 2));

        var next = rig.device("moved");
        old.stop();

        Attach again = next.expectMessageClass(Attach.class);
        assertThat(again.sessionId()).isEqualTo(first.sessionId());
        assertThat(again.streamId()).contains("s1");
        assertThat(again.ackedSeq()).isEqualTo(2);
        again.session().tell(new Attached(next.ref(), "s1", 2, 6));

        // The app acknowledges what the earlier incarnation sent: the new one hears of it when it has come to that
        // number.
        app.say(new ClientFrame.Ack(4));
        next.expectNoMessage(Duration.ofMillis(100));
        again.session().tell(rig.deliver(next, 3, 3));
        next.expectMessage(new Ack(first.sessionId(), 3));
        again.session().tell(rig.deliver(old, 5, 5)); // late, from the earlier incarnation
        again.session().tell(new Gone(old.ref(), 5, 5, Fate.EXPIRED));
        again.session().tell(rig.deliver(next, 4, 4));
        next.expectMessage(new Ack(first.sessionId(), 4));
        again.session().tell(new Gone(next.ref(), 5, 5, Fate.CANCELLED));
        again.session().tell(rig.deliver(next, 6, 6));

        assertThat(app.expect(ServerFrame.Gone.class)).isEqualTo(new ServerFrame.Gone(5, 5, "cancelled"));
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(6);
        assertThat(incidents("repeat_dropped") - repeats).isEqualTo(2);
        assertThat(incidents("stale") - stale).isEqualTo(2);
        assertThat(incidents("reattached") - reattached).isEqualTo(1);
    }

    @Test
    void anIncarnationThatAnswersLateIsFoundOutByItsEnd() throws Exception {
        var old = rig.device("late");
        var app = rig.connect("late");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        Attach attach = old.expectMessageClass(Attach.class);
        var next = rig.device("late");
        attach.session().tell(new Attached(next.ref(), "s1", 0, 1));
        old.stop();
        attach.session().tell(new Attached(old.ref(), "s1", 0, 1)); // sent before it stopped, arriving after

        app.expect(ServerFrame.Welcome.class);
        Attach again = next.expectMessageClass(Attach.class);
        again.session().tell(new Attached(next.ref(), "s1", 0, 1));
        again.session().tell(rig.deliver(next, 1, 1));
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"s2,9", "s1,1"})
    void aNewOrRestoredStreamMakesTheAppBeginAnew(String streamId, long lastSeq) throws Exception {
        String id = "stream-" + streamId;
        var old = rig.device(id);
        var app = rig.connect(id);
        Attach attach = rig.attach(app, old, 2);
        attach.session().tell(rig.deliver(old, 1, 2));
        app.expect(ServerFrame.Item.class);
        app.expect(ServerFrame.Item.class);
        var next = rig.device(id);
        old.stop();

        next.expectMessageClass(Attach.class).session().tell(new Attached(next.ref(), streamId, 0, lastSeq));

        app.expectClose(4005);
        next.expectMessage(new Detach(attach.sessionId(), "streamChanged"));
    }

    @Test
    void aMissingNumberMakesTheSessionAttachAgain() throws Exception {
        var device = rig.device("gap");
        var app = rig.connect("gap");
        Attach attach = rig.attach(app, device, 3);
        attach.session().tell(rig.deliver(device, 1, 1));
        attach.session().tell(rig.deliver(device, 3, 3));

        Attach again = device.expectMessageClass(Attach.class);
        assertThat(again.sessionId()).isEqualTo(attach.sessionId());
        again.session().tell(new Attached(device.ref(), "s1", 0, 3));
        again.session().tell(rig.deliver(device, 1, 3));

        for (int i = 1; i <= 3; i++) {
            assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(i);
        }
        assertThat(incidents("gap")).isEqualTo(1);
    }

    @Test
    void aBodyWhoseSubjectWasErasedIsSaidToBeGone() throws Exception {
        rig.sealing.erased.add("user:erased");
        var device = rig.device("erased");
        var app = rig.connect("erased");
        Attach attach = rig.attach(app, device, 3);

        attach.session()
                .tell(new Deliver(
                        device.ref(),
                        List.of(
                                SocketRig.item(1, "user:erased", "{}"),
                                SocketRig.item(2, "user:u1", "broken"),
                                SocketRig.item(3))));

        assertThat(app.expect(ServerFrame.Gone.class)).isEqualTo(new ServerFrame.Gone(1, 1, "refused"));
        assertThat(app.expect(ServerFrame.Gone.class)).isEqualTo(new ServerFrame.Gone(2, 2, "refused"));
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(3);
        device.expectMessage(new Unreadable(attach.sessionId(), 1));
        device.expectMessage(new Unreadable(attach.sessionId(), 2));
        attach.session().tell(new Gone(device.ref(), 1, 1, Fate.REFUSED)); // the device's own word comes after ours
        app.say(new ClientFrame.Ack(3));
        device.expectMessage(new Ack(attach.sessionId(), 3));
    }

    @Test
    void whatFollowsAnItemWhoseKeyIsLookedUpWaitsForIt() throws Exception {
        var key = new CompletableFuture<Optional<Sealer>>();
        var failing = new CompletableFuture<Optional<Sealer>>();
        rig.sealing.slow.put("user:slow", key);
        rig.sealing.slow.put("user:failing", failing);
        var device = rig.device("slow");
        var app = rig.connect("slow");
        Attach attach = rig.attach(app, device, 5);

        attach.session()
                .tell(new Deliver(
                        device.ref(),
                        List.of(
                                SocketRig.item(1, "user:slow", "{}"),
                                SocketRig.item(2),
                                SocketRig.item(3, "user:failing", "{}"))));
        attach.session().tell(new Gone(device.ref(), 4, 4, Fate.EXPIRED));
        attach.session().tell(rig.deliver(device, 5, 5));
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class); // and none of the items before it
        key.complete(Optional.of(new FakeSealing.ClearSealer("user:slow")));

        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(1);
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(2);
        failing.completeExceptionally(new TimeoutException("planted"));
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(3);
        assertThat(app.expect(ServerFrame.Gone.class).fromSeq()).isEqualTo(4);
        assertThat(app.expect(ServerFrame.Item.class).itemSeq()).isEqualTo(5);
        assertThat(incidents("key_unavailable")).isEqualTo(1);
    }

    @Test
    void aFaultOfTheSessionClosesTheSocketAndTheAppComesBack() throws Exception {
        var device = rig.device("fault");
        var app = rig.connect("fault");
        Attach attach = rig.attach(app, device, 1);
        attach.session().tell(new Deliver(device.ref(), List.of(SocketRig.item(1, "user:bug", "{}"))));
        app.expectClose(4006);
    }

    @Test
    void anExpiredTokenEndsTheSocket() throws Exception {
        rig.expiries.put("expiring", Instant.now().plusMillis(300));
        var device = rig.device("expiring");
        var app = rig.connect("expiring");
        Attach attach = rig.attach(app, device, 0);
        app.expectClose(4401);
        device.expectMessage(new Detach(attach.sessionId(), "tokenExpired"));
    }

    @Test
    void theDeviceIsToldHowItsSessionEnded() throws Exception {
        var device = rig.device("leaving");
        var closing = rig.connect("leaving");
        Attach first = rig.attach(closing, device, 0);
        closing.sendFrame(8, true, new byte[] {0x03, (byte) 0xe8});
        assertThat(closing.readFrame().closeCode()).isEqualTo(1000);
        closing.expectEnd();
        device.expectMessage(new Detach(first.sessionId(), "closedByApp"));

        var cut = rig.connect("leaving");
        Attach second = rig.attach(cut, device, 0);
        cut.close();
        device.expectMessage(new Detach(second.sessionId(), "connectionLost"));
        assertThat(second.sessionId()).isNotEqualTo(first.sessionId());
    }

    @Test
    void acknowledgementsOfOneBurstAreSentAsOneAtMostPerTurn() throws Exception {
        var device = rig.device("burst");
        var app = rig.connect("burst");
        Attach attach = rig.attach(app, device, 2_000);
        List<Long> told = new ArrayList<>();
        for (int batch = 0; batch < 20; batch++) {
            attach.session().tell(rig.deliver(device, batch * 100 + 1, batch * 100 + 100));
            for (int i = 0; i < 100; i++) {
                app.say(new ClientFrame.Ack(app.expect(ServerFrame.Item.class).itemSeq()));
            }
        }
        long last = 0;
        while (last < 2_000) {
            last = device.expectMessageClass(Ack.class).itemSeq();
            told.add(last);
        }
        assertThat(told).isSorted().doesNotHaveDuplicates();
    }

    private static double incidents(String kind) {
        return rig.count("push.sockets.incidents", "kind", kind);
    }
}
