package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.FakeAttachments;
import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.error.Problem;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices that come by requests: one session for one poll after the other, and its end. */
class ShortSessionsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ActorTestKit kit = ActorTestKit.create(
            "short",
            ConfigFactory.parseString(
                            "push.http.session { poll-linger = 500 ms, max-sockets = 2, attach.jitter = 10 ms }")
                    .withFallback(ConfigFactory.load()));
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private volatile Optional<Problem> refusal = Optional.empty();
    private final TestProbe<DeviceCommand> first = kit.createTestProbe(DeviceCommand.class);
    private volatile TestProbe<DeviceCommand> device = first;
    private final SocketRoutes sessions = new SocketRoutes(
            kit.system(),
            (token, source) -> CompletableFuture.failedStage(new AssertionError("nobody asks")),
            (tenant, open) -> refusal,
            new FakeSealing(),
            new OwnMessages(
                    new FakeSealing(),
                    AskedMessages.unasked(
                            (conversation, command) -> new CompletableFuture<>(),
                            new ReadyAttachments(new FakeAttachments()))),
            metrics,
            (id, command) -> device.ref().tell(command),
            (id, command) -> {},
            Clock.systemUTC());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void attachesAndWaitsForTheNextItem() {
        var waiting = wait("d1", 5, LONG);
        Attach attach = attached(5);
        assertThat(attach.binding()).isEqualTo(3);
        assertThat(attach.ackedSeq()).isZero();
        assertThat(waiting).isNotDone();
        attach.session().tell(new Deliver(device.ref(), List.of(SocketRig.item(6))));
        assertThat(result(waiting)).isEqualTo(Waited.READY);
    }

    @Test
    void isReadyAtOnceForWhatIsThereAlready() {
        var waiting = wait("d1", 4, LONG);
        attached(5);
        assertThat(result(waiting)).isEqualTo(Waited.READY);
        assertThat(result(wait("d1", 3, LONG))).isEqualTo(Waited.READY);
    }

    @Test
    void countsGoneNumbersAndNotWhatALateIncarnationSays() {
        var waiting = wait("d1", 5, LONG);
        Attach attach = attached(5);
        attach.session().tell(new Deliver(kit.<DeviceCommand>createTestProbe().ref(), List.of(SocketRig.item(6))));
        attach.session().tell(new Deliver(device.ref(), List.of(SocketRig.item(4))));
        device.expectNoMessage(SHORT);
        assertThat(waiting).isNotDone();
        attach.session().tell(new Gone(device.ref(), 6, 7, Fate.EXPIRED));
        assertThat(result(waiting)).isEqualTo(Waited.READY);
    }

    @Test
    void onePollAfterTheOtherIsOneSessionThatDetachesInTheEnd() {
        var waiting = wait("d1", 5, SHORT);
        Attach attach = attached(5);
        assertThat(result(waiting)).isEqualTo(Waited.OVER);
        for (int i = 0; i < 4; i++) {
            assertThat(result(wait("d1", 5, SHORT))).isEqualTo(Waited.OVER);
        }
        Detach detach = device.expectMessageClass(Detach.class);
        assertThat(detach.sessionId()).as("attached once").isEqualTo(attach.sessionId());
        await().until(() -> metrics.get("push.sockets.open").gauge().value() == 0);

        var next = wait("d1", 5, LONG);
        assertThat(attached(6).sessionId()).isNotEqualTo(attach.sessionId());
        assertThat(result(next)).isEqualTo(Waited.READY);
    }

    @Test
    void aRequestMayWaitLongerThanASessionLingers() {
        var earlier = wait("d1", 5, SHORT);
        Attach attach = attached(5);
        assertThat(result(earlier)).isEqualTo(Waited.OVER);
        var waiting = wait("d1", 5, LONG);
        device.expectNoMessage(Duration.ofMillis(1_200));
        attach.session().tell(new Deliver(device.ref(), List.of(SocketRig.item(6))));
        assertThat(result(waiting)).isEqualTo(Waited.READY);
    }

    @Test
    void theNewestRequestOfADeviceWaits() {
        var earlier = wait("d1", 5, LONG);
        Attach attach = attached(5);
        var later = wait("d1", 5, LONG);
        assertThat(result(earlier)).isEqualTo(Waited.OVER);
        attach.session().tell(new Deliver(device.ref(), List.of(SocketRig.item(6))));
        assertThat(result(later)).isEqualTo(Waited.READY);
    }

    @Test
    void goesOnWaitingWhereTheDeviceHasMoved() {
        var waiting = wait("d1", 5, LONG);
        Attach attach = attached(5);
        TestProbe<DeviceCommand> moved = kit.createTestProbe(DeviceCommand.class);
        device = moved;
        first.stop();
        Attach again = moved.expectMessageClass(Attach.class);
        assertThat(again.sessionId()).isEqualTo(attach.sessionId());
        again.session().tell(new Attached(moved.ref(), "s1", 5, 5));
        again.session().tell(new Deliver(moved.ref(), List.of(SocketRig.item(6))));
        assertThat(result(waiting)).isEqualTo(Waited.READY);
    }

    @Test
    void isToldThatANewerSessionTookOverAndTheNextRequestIsANewSession() {
        var waiting = wait("d1", 5, LONG);
        Attach attach = attached(5);
        attach.session().tell(new Ended(EndReason.REPLACED));
        assertThat(result(waiting)).isEqualTo(Waited.REPLACED);
        var next = wait("d1", 5, LONG);
        Attach again = device.expectMessageClass(Attach.class);
        assertThat(again.sessionId()).isNotEqualTo(attach.sessionId());
        again.session().tell(new Ended(EndReason.REVOKED));
        assertThat(result(next)).isEqualTo(Waited.REVOKED);
        device.expectNoMessage(SHORT);
    }

    @Test
    void isOverWhenTheDeviceDoesNotAnswerInTime() {
        assertThat(result(wait("d1", 5, SHORT))).isEqualTo(Waited.OVER);
    }

    @Test
    void takesNoMoreThanANodesSocketsOrATenantsQuota() {
        refusal = Optional.of(Problem.of(ErrorCode.QUOTA_EXCEEDED, "full"));
        assertThat(result(wait("d1", 0, LONG))).isEqualTo(Waited.QUOTA);
        refusal = Optional.empty();
        wait("d1", 0, LONG);
        wait("d2", 0, LONG);
        await().until(() -> metrics.get("push.sockets.open").gauge().value() == 2);
        assertThat(result(wait("d3", 0, LONG))).isEqualTo(Waited.FULL);
    }

    @Test
    void letsRequestsGoWhenTheNodeStops() {
        var waiting = wait("d1", 5, LONG);
        attached(5);
        kit.system().terminate();
        assertThat(result(waiting)).isEqualTo(Waited.OVER);
    }

    /** The device attaches what asked for it, with so many items. */
    private Attach attached(long lastSeq) {
        Attach attach = device.expectMessageClass(Attach.class);
        attach.session().tell(new Attached(device.ref(), "s1", 0, lastSeq));
        return attach;
    }

    private CompletableFuture<Waited> wait(String deviceId, long after, Duration within) {
        var principal = new DevicePrincipal(
                "t1", deviceId, Optional.of("u1"), 3, Instant.now().plusSeconds(600));
        return sessions.await(principal, after, within).toCompletableFuture();
    }

    private static Waited result(CompletableFuture<Waited> waiting) {
        try {
            return waiting.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not answered", e);
        }
    }
}
