package io.lanying.http.outbound;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.ClientTransport;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.HttpsConnectionContext;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import akka.stream.javadsl.Sink;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.address.AddressGuard;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Posts JSON to addresses that tenants named, through the one guard: https with a certificate for the address's name, connected
 * to an address that the guard let pass and no other, redirects not followed, no more of an answer read than asked for.
 * Connections are kept for a while, at most {@value #CONNECTIONS} for each host. Thread-safe.
 */
public final class GuardedClient {

    private static final int CONNECTIONS = 64;
    private static final int WAITING = 512;

    /** Longer than any answer may take; only then is a connection given up that says nothing. */
    private static final Duration IDLE = Duration.ofSeconds(12);

    private final ActorSystem<?> system;
    private final Http http;
    private final AddressGuard guard;
    private final HttpsConnectionContext tls;
    private final ConnectionPoolSettings pool;

    /** What came back; of anything but a success the body is not read. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, byte[] body) {

        @Override
        public String toString() {
            return "Answer[" + status + ", " + body.length + " bytes]";
        }
    }

    /** Reads the file of roots, so it may block for a moment: for a node's start. */
    public static GuardedClient create(ActorSystem<?> system, OutboundSettings settings) {
        return new GuardedClient(
                system, AddressGuard.system(settings.allowed()), ConnectionContext.httpsClient(settings.tls()));
    }

    GuardedClient(ActorSystem<?> system, AddressGuard guard, HttpsConnectionContext tls) {
        this.system = system;
        this.http = Http.get(system);
        this.guard = guard;
        this.tls = tls;
        var lookups = new Lookups(guard, system.dispatchers().lookup(DispatcherSelector.blocking()));
        this.pool = settings(system)
                .withTransport(
                        ClientTransport.withCustomResolver((host, port) -> lookups.lookUp(host, (Integer) port)));
    }

    private static ConnectionPoolSettings settings(ActorSystem<?> system) {
        var pool = "akka.http.host-connection-pool.";
        var overrides = Map.<String, Object>ofEntries(
                Map.entry(pool + "max-connections", CONNECTIONS),
                Map.entry(pool + "max-open-requests", WAITING),
                Map.entry(pool + "max-retries", 0),
                Map.entry(pool + "pipelining-limit", 1),
                Map.entry(pool + "base-connection-backoff", "0s"),
                Map.entry(pool + "client.user-agent-header", "lanying"),
                Map.entry(pool + "client.connecting-timeout", "5s"),
                Map.entry(pool + "client.idle-timeout", IDLE.toMillis() + " ms"));
        return ConnectionPoolSettings.create(
                ConfigFactory.parseMap(overrides).withFallback(system.settings().config()));
    }

    /** Whom it lets pass. */
    public AddressGuard guard() {
        return guard;
    }

    /**
     * Posts and reads the answer. A failed stage: nothing, too much, or nobody there, or {@link AddressRefused} somewhere among
     * the causes; the other side may have read the request all the same.
     *
     * @param address one that the guard finds no fault with
     * @param maxBytes of an answer's body; more fails
     * @param within how long the body may take once the answer began
     */
    public CompletionStage<Answer> post(
            URI address, List<HttpHeader> headers, byte[] json, int maxBytes, Duration within) {
        var fault = guard.fault(address.toString());
        if (fault.isPresent()) {
            return CompletableFuture.failedFuture(new AddressRefused());
        }
        var request = HttpRequest.POST(address.toString())
                .withHeaders(headers)
                .withEntity(ContentTypes.APPLICATION_JSON, json);
        return http.singleRequest(request, tls, pool, system.classicSystem().log())
                .thenCompose(response -> read(response, maxBytes, within));
    }

    private CompletionStage<Answer> read(HttpResponse response, int maxBytes, Duration within) {
        int status = response.status().intValue();
        if (status / 100 != 2) {
            // Not discarded, which would read on for as long as the other side likes to send.
            response.entity().getDataBytes().runWith(Sink.cancelled(), system);
            return CompletableFuture.completedFuture(new Answer(status, new byte[0]));
        }
        return response.entity()
                .toStrict(within.toMillis(), maxBytes, system)
                .thenApply(entity -> new Answer(status, entity.getData().toArray()));
    }
}
