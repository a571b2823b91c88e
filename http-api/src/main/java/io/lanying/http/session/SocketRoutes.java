package io.lanying.http.session;

import akka.Done;
import akka.NotUsed;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.auth.DeviceAuthenticator;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.auth.Sources;
import io.lanying.http.call.Trace;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.message.OwnMessages;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.wire.FrameCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code GET /v1/device/socket}: the long connection of devices (asyncapi.yaml).
 *
 * <p>Upgrades are refused with 400 (not a WebSocket, no known subprotocol), 403 (origin), 401 (no valid token), 421 (another
 * region's tenant), 429 (the tenant's quota, or an address whose tokens keep failing) or 503 (keys not to be had, too many sockets, node stopping: repeat later). When the node stops, in phase {@code service-requests-done},
 * every socket is told {@code bye} and closed, within {@code push.http.session.stop-timeout}. One for each node. Sessions of
 * devices that come by requests share its limits.
 */
public final class SocketRoutes implements ShortSessions {

    /** A wait that is over is answered at once: after this, its actor is not there any more. */
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(5);

    private final DeviceAuthenticator authenticator;
    private final SocketGate gate;
    private final SocketSettings settings;
    private final SocketMetrics metrics;
    private final SocketNode node;
    private final UpgradeRequests requests;
    private final ErrorRendering errors;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ActorSystem<?> system;
    private final ActorRef<Waits.Command> waits;

    public SocketRoutes(
            ActorSystem<?> system,
            DeviceAuthenticator authenticator,
            SocketGate gate,
            Sealing sealing,
            OwnMessages messages,
            MeterRegistry metrics) {
        this(
                system,
                authenticator,
                gate,
                sealing,
                messages,
                metrics,
                DeviceRefs.sharded(system),
                ConversationRefs.sharded(system),
                Clock.systemUTC());
    }

    SocketRoutes(
            ActorSystem<?> system,
            DeviceAuthenticator authenticator,
            SocketGate gate,
            Sealing sealing,
            OwnMessages messages,
            MeterRegistry registry,
            DeviceRefs devices,
            ConversationRefs conversations,
            Clock clock) {
        this.authenticator = authenticator;
        this.gate = gate;
        this.settings = SocketSettings.from(system.settings().config());
        var attaching = new AttachGate(settings.attaching().maxUnanswered());
        this.metrics = new SocketMetrics(registry, attaching);
        this.system = system;
        var sessions = new SessionNode(settings, metrics, devices, conversations, attaching, sealing, messages, clock);
        ActorRef<Sockets.Command> sockets = system.systemActorOf(Sockets.create(sessions), "sockets", Props.empty());
        var tenants = new TenantSockets();
        this.waits = system.systemActorOf(Waits.create(sessions, tenants, gate), "waits", Props.empty());
        this.node = new SocketNode(settings, metrics, tenants, new Reconnects(settings.reconnecting()), sockets);
        this.requests = new UpgradeRequests(settings.allowedOrigins());
        this.errors = new ErrorRendering(registry);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), "close-sockets", () -> stop(system));
    }

    /** The one route; anything but {@code GET} on its path is rejected as the framework has it. */
    public Route route() {
        return Directives.path(
                PathMatchers.segment("v1").slash("device").slash("socket"),
                () -> Directives.get(
                        () -> Directives.extractRequest(request -> Directives.completeWithFuture(answer(request)))));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        UpgradeRequests.Read read = requests.read(request);
        if (read.refused().isPresent()) {
            return CompletableFuture.completedStage(
                    refuse(request, read.refused().get(), read.detail()));
        }
        UpgradeRequests.Accepted accepted = read.accepted().orElseThrow();
        if (isFull()) {
            return CompletableFuture.completedStage(refuse(request, full()));
        }
        return authenticator
                .authenticate(accepted.token(), Sources.of(request))
                .handle((who, failure) -> failure == null
                        ? who.fold(device -> upgrade(request, accepted, device), problem -> refuse(request, problem))
                        : refuse(request, ErrorCode.UNAVAILABLE, "the token cannot be checked just now"));
    }

    private HttpResponse upgrade(HttpRequest request, UpgradeRequests.Accepted accepted, DevicePrincipal device) {
        String tenant = device.tenant();
        var refusal = gate.refusal(tenant, node.tenants().of(tenant));
        if (refusal.isPresent()) {
            return refuse(request, refusal.get());
        }
        var stage = new SocketStage(node, device, FrameCodec.of(accepted.format()));
        return WebSocketFrames.upgrade(accepted.upgrade(), accepted.format().subprotocol(), stage);
    }

    private HttpResponse refuse(HttpRequest request, ErrorCode code, String detail) {
        return refuse(request, Problem.of(code, detail));
    }

    private HttpResponse refuse(HttpRequest request, Problem problem) {
        metrics.refused(problem.code().wireName());
        return errors.render(Trace.of(request).requestId(), problem);
    }

    @Override
    public CompletionStage<Waited> await(DevicePrincipal device, long afterSeq, Duration within) {
        return AskPattern.ask(
                waits,
                replyTo -> new Waits.Await(device, new WaitEvent.Await(afterSeq, within, replyTo)),
                within.plus(ANSWER_MARGIN),
                system.scheduler());
    }

    @Override
    public Checked<Source<ByteString, NotUsed>> stream(DevicePrincipal device, Optional<Seen> seen) {
        if (isFull()) {
            metrics.refused(ErrorCode.UNAVAILABLE.wireName());
            return Checked.refused(full());
        }
        var refusal = gate.refusal(device.tenant(), node.tenants().of(device.tenant()));
        if (refusal.isPresent()) {
            metrics.refused(refusal.get().code().wireName());
            return Checked.refused(refusal.get());
        }
        var listens = new SocketEvent.Listens(
                seen.map(Seen::streamId).orElse(null), seen.map(Seen::itemSeq).orElse(0L));
        return Checked.ok(Source.fromGraph(new EventStreamStage(node, device, listens)));
    }

    private boolean isFull() {
        return stopping.get() || metrics.open() >= settings.maxSockets();
    }

    private static Problem full() {
        return Problem.of(ErrorCode.UNAVAILABLE, "this node takes no more sockets just now");
    }

    private CompletionStage<Done> stop(ActorSystem<?> system) {
        stopping.set(true);
        waits.tell(new Waits.Stop());
        Duration within = settings.stopTimeout();
        return AskPattern.<Sockets.Command, Done>ask(
                        node.sockets(),
                        replyTo -> new Sockets.Stop(within, replyTo),
                        within.plusSeconds(1),
                        system.scheduler())
                .exceptionally(tooLate -> Done.getInstance());
    }
}
