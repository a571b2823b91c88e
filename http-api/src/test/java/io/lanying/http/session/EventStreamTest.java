package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.FakeAttachments;
import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.error.Problem;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.message.OwnMessages;
import io.lanying.http.session.ShortSessions.Seen;
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
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Server-sent events of a device that the test plays. */
class EventStreamTest {

    private final ActorTestKit kit = ActorTestKit.create(
            "events",
            ConfigFactory.parseString("push.http.session { ping-interval = 300 ms, write-timeout = 1 s,"
                            + " close-timeout = 500 ms, max-sockets = 2, queue-frames = 20, attach.jitter = 10 ms }")
                    .withFallback(ConfigFactory.load()));
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final TestProbe<DeviceCommand> device = kit.createTestProbe(DeviceCommand.class);
    private volatile Optional<Problem> refusal = Optional.empty();
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
    void sendsFramesAsNumberedEvents() {
        var events = open(Optional.empty());
        Attach attach = attach(0, 4);
        assertThat(attach.streamId()).isEmpty();
        assertThat(next(events))
                .startsWith("event: welcome\ndata: {\"t\":\"welcome\",\"deviceId\":\"d1\"")
                .endsWith("}\n\n")
                .doesNotContain("id: ");
        attach.session().tell(deliver(1, 1));
        attach.session().tell(new Gone(device.ref(), 2, 3, Fate.SUPERSEDED));
        assertThat(next(events))
                .isEqualTo("id: s1:1\nevent: item\ndata: {\"t\":\"item\",\"itemSeq\":1,\"id\":\"n1\","
                        + "\"notificationId\":\"n1\",\"kind\":\"push\",\"at\":\"2026-11-20T15:04:05.678Z\","
                        + "\"body\":{\"n\":1}}\n\n");
        assertThat(next(events))
                .isEqualTo("id: s1:3\nevent: gone\n"
                        + "data: {\"t\":\"gone\",\"fromSeq\":2,\"toSeq\":3,\"fate\":\"superseded\"}\n\n");
    }

    @Test
    void beginsAfterWhatTheAppHasSeenWithoutAcknowledgingIt() {
        var events = open(Optional.of(new Seen("s1", 2)));
        Attach attach = attach(1, 4);
        assertThat(attach.streamId()).contains("s1");
        assertThat(attach.ackedSeq()).isZero();
        next(events);
        attach.session().tell(deliver(2, 4));
        assertThat(next(events)).startsWith("id: s1:3\n");
        assertThat(next(events)).startsWith("id: s1:4\n");
        device.expectNoMessage();
    }

    @Test
    void countsOnlyWhatCanHaveBeenSeen() {
        var another = open(Optional.of(new Seen("s0", 2)));
        Attach attach = attach(0, 1);
        next(another);
        attach.session().tell(deliver(1, 1));
        assertThat(next(another)).startsWith("id: s1:1\n");
        another.cancel();
        device.expectMessageClass(Detach.class);

        var beyond = open(Optional.of(new Seen("s1", 1_000_000)));
        attach = attach(0, 1);
        next(beyond);
        attach.session().tell(deliver(1, 2));
        assertThat(next(beyond)).startsWith("id: s1:2\n");
    }

    @Test
    void saysByeAndEndsWhenANewerSessionTakesOver() {
        var events = open(Optional.empty());
        Attach attach = attach(0, 0);
        next(events);
        attach.session().tell(new Ended(EndReason.REPLACED));
        assertThat(next(events))
                .isEqualTo("event: bye\ndata: {\"t\":\"bye\",\"code\":4500,\"reconnectAfterMs\":null}\n\n");
        assertThat(pull(events)).as("the end").isEmpty();
        await().until(() -> openSockets() == 0);
    }

    @Test
    void tellsWhenToComeBackWhenTheNodeStops() {
        // The reader is no part of the node: its stream must outlive the node's actor system.
        var reader = ActorTestKit.create("reader");
        try {
            var events = open(Optional.empty(), reader.system());
            attach(0, 0);
            next(events);
            kit.system().terminate();
            assertThat(next(events)).matches("(?s)retry: \\d+\nevent: bye\ndata: .*\"code\":4000.*");
        } finally {
            reader.shutdownTestKit();
        }
    }

    @Test
    void sendsACommentWhileThereIsNothing() {
        var events = open(Optional.empty());
        attach(0, 0);
        next(events);
        assertThat(pull(events)).contains(":\n\n");
        assertThat(pull(events)).contains(":\n\n");
    }

    @Test
    void detachesWhenTheReaderGoes() {
        var events = open(Optional.empty());
        Attach attach = attach(0, 0);
        next(events);
        events.cancel();
        assertThat(device.expectMessageClass(Detach.class).sessionId()).isEqualTo(attach.sessionId());
        await().until(() -> openSockets() == 0);
    }

    @Test
    void closesAReaderThatDoesNotRead() {
        var events = open(Optional.empty());
        Attach attach = attach(0, 100);
        next(events);
        attach.session().tell(deliver(1, 100));
        device.expectMessageClass(Detach.class);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        pull(events).orElseThrow();
                    }
                })
                .isNotNull();
        await().until(() -> openSockets() == 0);
    }

    @Test
    void takesNoMoreThanANodesSocketsOrATenantsQuota() {
        refusal = Optional.of(Problem.of(ErrorCode.QUOTA_EXCEEDED, "full"));
        assertThat(refusalOf()).isEqualTo("quotaExceeded");
        refusal = Optional.empty();
        open(Optional.empty());
        open(Optional.empty());
        await().until(() -> openSockets() == 2);
        assertThat(refusalOf()).isEqualTo("unavailable");
    }

    private String refusalOf() {
        return sessions.stream(principal(), Optional.empty())
                .fold(events -> "none", problem -> problem.code().wireName());
    }

    private SinkQueueWithCancel<ByteString> open(Optional<Seen> seen) {
        return open(seen, kit.system());
    }

    private SinkQueueWithCancel<ByteString> open(Optional<Seen> seen, ActorSystem<?> reader) {
        return sessions.stream(principal(), seen).fold(events -> events.runWith(Sink.queue(1), reader), problem -> {
            throw new AssertionError(problem.detail());
        });
    }

    private static DevicePrincipal principal() {
        return new DevicePrincipal(
                "t1", "d1", Optional.of("u1"), 3, Instant.now().plusSeconds(600));
    }

    private Attach attach(long ackedSeq, long lastSeq) {
        Attach attach = device.expectMessageClass(Attach.class);
        attach.session().tell(new Attached(device.ref(), "s1", ackedSeq, lastSeq));
        return attach;
    }

    private Deliver deliver(long from, long to) {
        return new Deliver(
                device.ref(),
                LongStream.rangeClosed(from, to).mapToObj(SocketRig::item).toList());
    }

    private double openSockets() {
        return metrics.get("push.sockets.open").gauge().value();
    }

    /** The next event that is not a comment. */
    private static String next(SinkQueueWithCancel<ByteString> events) {
        var event = pull(events);
        while (event.equals(Optional.of(":\n\n"))) {
            event = pull(events);
        }
        return event.orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    private static Optional<String> pull(SinkQueueWithCancel<ByteString> events) {
        try {
            return events.pull().toCompletableFuture().get(10, TimeUnit.SECONDS).map(ByteString::utf8String);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
