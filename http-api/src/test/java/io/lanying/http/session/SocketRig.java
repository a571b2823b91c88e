package io.lanying.http.session;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.FakeAttachments;
import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.call.Edge;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.error.Problem;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.json.Checked;
import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/** A real server on a free loopback port, with devices that tests play. Tokens are {@code token.DEVICE}. */
final class SocketRig implements AutoCloseable {

    static final String TENANT = "t1";
    static final Instant AT = Instant.parse("2026-11-20T15:04:05.678Z");

    final ActorTestKit kit;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final FakeSealing sealing = new FakeSealing();
    final FakeAttachments attachments = new FakeAttachments();
    final Map<String, ActorRef<DeviceCommand>> devices = new ConcurrentHashMap<>();
    final Map<String, Instant> expiries = new ConcurrentHashMap<>();
    volatile SocketGate gate = (tenant, open) -> Optional.empty();
    volatile ConversationEntities conversations = (conversation, command) -> new CompletableFuture<>();
    volatile ConversationRefs watched = (conversation, command) -> {};
    final int port;
    private final ServerBinding binding;
    private final List<RawApp> apps = new ArrayList<>();

    SocketRig(String... settings) {
        var config = ConfigFactory.parseString(String.join("\n", settings)).withFallback(ConfigFactory.load());
        kit = ActorTestKit.create("sockets", config);
        var routes = new SocketRoutes(
                kit.system(),
                this::authenticate,
                (tenant, open) -> gate.refusal(tenant, open),
                sealing,
                new OwnMessages(
                        sealing,
                        AskedMessages.unasked(
                                (conversation, command) -> conversations.ask(conversation, command),
                                new ReadyAttachments(attachments))),
                metrics,
                this::toDevice,
                (conversation, command) -> watched.tell(conversation, command),
                Clock.systemUTC());
        binding = Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .bind(new Edge(new ErrorRendering(metrics), metrics).around(routes.route()))
                .thenApply(bound -> bound.addToCoordinatedShutdown(Duration.ofSeconds(5), kit.system()))
                .toCompletableFuture()
                .join();
        port = binding.localAddress().getPort();
    }

    private CompletionStage<Checked<DevicePrincipal>> authenticate(String token, String source) {
        if (token.equals("token.unavailable")) {
            return CompletableFuture.failedStage(new TimeoutException("no keys"));
        }
        if (token.equals("token.guess")) {
            return CompletableFuture.completedStage(Checked.refused(
                    Problem.of(ErrorCode.TOO_MANY_REQUESTS, "too many").after(Duration.ofSeconds(1))));
        }
        if (!token.startsWith("token.")) {
            return CompletableFuture.completedStage(
                    Checked.refused(Problem.of(ErrorCode.UNAUTHORIZED, "not a valid device token")));
        }
        String device = token.substring("token.".length());
        Instant expiry = expiries.getOrDefault(device, Instant.now().plusSeconds(3600));
        return CompletableFuture.completedStage(Checked.ok(new DevicePrincipal(
                TENANT, device, Optional.of("u1").filter(owner -> !device.startsWith("nobodys")), 3, expiry)));
    }

    private void toDevice(EntityId device, DeviceCommand command) {
        ActorRef<DeviceCommand> there = devices.get(device.id());
        if (there != null) {
            there.tell(command);
        }
    }

    /** One incarnation of a device; the newest gets what comes through sharding. */
    TestProbe<DeviceCommand> device(String id) {
        TestProbe<DeviceCommand> probe = kit.createTestProbe(DeviceCommand.class);
        devices.put(id, probe.ref());
        return probe;
    }

    RawApp connect(String device) throws IOException {
        return connect(device, FrameFormat.JSON);
    }

    RawApp connect(String device, FrameFormat format) throws IOException {
        RawApp app = RawApp.connect(port, format, "token." + device);
        apps.add(app);
        return app;
    }

    RawApp upgrade(String... headers) throws IOException {
        RawApp app = RawApp.request(port, FrameFormat.JSON, "/v1/device/socket", headers);
        apps.add(app);
        return app;
    }

    /** An attached app at position 0 of stream {@code s1} with {@code lastSeq} items; its welcome has been read. */
    Attach attach(RawApp app, TestProbe<DeviceCommand> device, long lastSeq) throws Exception {
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        Attach attach = device.expectMessageClass(Attach.class);
        attach.session().tell(new Attached(device.ref(), "s1", 0, lastSeq));
        app.expect(ServerFrame.Welcome.class);
        return attach;
    }

    Deliver deliver(TestProbe<DeviceCommand> device, long from, long to) {
        return new Deliver(
                device.ref(),
                LongStream.rangeClosed(from, to).mapToObj(SocketRig::item).toList());
    }

    static Item item(long itemSeq) {
        return item(itemSeq, "user:u1", "{\"n\":" + itemSeq + "}");
    }

    static Item item(long itemSeq, String subject, String body) {
        var sealed = new Sealed(subject, body.getBytes(StandardCharsets.UTF_8));
        return new Item(itemSeq, "n" + itemSeq, ItemKind.PUSH, AT, Optional.empty(), Optional.of(sealed));
    }

    double count(String meter, String tag, String value) {
        return metrics.find(meter).tag(tag, value).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double openSockets() {
        return metrics.get("push.sockets.open").gauge().value();
    }

    void closeApps() throws IOException {
        for (RawApp app : apps) {
            app.close();
        }
    }

    @Override
    public void close() throws Exception {
        closeApps();
        if (kit.system().whenTerminated().isCompleted()) {
            return;
        }
        binding.terminate(Duration.ofSeconds(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        kit.shutdownTestKit();
    }
}
