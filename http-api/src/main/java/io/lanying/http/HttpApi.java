package io.lanying.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import io.lanying.http.attachment.EndedConversations;
import io.lanying.http.auth.OperatorKey;
import io.lanying.http.entity.Admission;
import io.lanying.http.entity.ShardedEntities;
import io.lanying.http.session.SocketRoutes;
import io.lanying.http.tls.PemTls;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.journal.EntityReplay;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.sealing.Sealing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The public HTTP interface of a node: services' calls, the devices' socket, the contract's documents.
 *
 * <p>Settings under {@code push.http}. Stops with the actor system's coordinated shutdown: no new connections first, then
 * requests under way get {@code shutdown-deadline}.
 */
public final class HttpApi {

    /** How soon the attachments of a conversation are removed whose deletion was interrupted, after the time that is given it. */
    private static final Duration LOOK_FOR_ENDED = Duration.ofMinutes(1);

    private HttpApi() {}

    /**
     * What the interface needs of the rest of the node.
     *
     * @param region this node's: tenants of other regions are not served
     * @param credentials checks the vendors' credentials before they are stored
     */
    public record Ports(
            Sealing sealing,
            Journal journal,
            EntityReplay replay,
            RegistryQueries registry,
            OperatorKey operator,
            String region,
            CredentialCheck credentials,
            MessageSource messages,
            Attachments attachments,
            MeterRegistry metrics) {}

    /**
     * Binds and serves. Reads TLS files, so it may block for a moment: for a node's start. A failed stage if the address cannot be
     * bound.
     *
     * @throws IllegalArgumentException with one clear sentence if a setting is wrong
     */
    public static CompletionStage<ServerBinding> start(ActorSystem<?> system, Ports ports) {
        var config = system.settings().config();
        var settings = HttpSettings.from(config);
        settings.attachments().requireWithin(ports.attachments().maxBytes());
        var limits = settings.limits();
        var admission = new Admission("entities", limits.maxUnanswered(), ports.metrics());
        var entities = new ShardedEntities(system, admission, limits.askTimeout());
        var api = new Api(
                system,
                settings,
                ports,
                new Api.Outside(
                        entities::device,
                        entities::tenant,
                        entities::notification,
                        entities::notificationPart,
                        entities::user,
                        entities::conversation,
                        admission,
                        Clock.systemUTC(),
                        System::nanoTime));
        var server =
                Http.get(system).newServerAt(settings.host(), settings.port()).withSettings(settings.server(config));
        var secured = settings.tls()
                .map(tls -> reloading(system, tls))
                .map(tls -> server.enableHttps(ConnectionContext.httpsServer(tls::engine)))
                .orElse(server);
        var sockets = new SocketRoutes(
                system,
                api.deviceAuthenticator(),
                api.gate()::refusalOfSocket,
                ports.sealing(),
                api.ownMessages(),
                ports.metrics());
        new EndedConversations(ports.attachments(), entities::conversation).lookEvery(LOOK_FOR_ENDED, system);
        return secured.bind(api.route(sockets.route(), sockets))
                .thenApply(binding -> binding.addToCoordinatedShutdown(settings.shutdownDeadline(), system));
    }

    private static PemTls reloading(ActorSystem<?> system, HttpSettings.Tls settings) {
        var tls = PemTls.load(settings.cert(), settings.key());
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        settings.reloadInterval(),
                        settings.reloadInterval(),
                        tls::reloadIfChanged,
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
        return tls;
    }
}
