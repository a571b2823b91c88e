package io.lanying.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import io.lanying.http.attachment.AttachmentCalls;
import io.lanying.http.attachment.AttachmentRoutes;
import io.lanying.http.attachment.AttachmentSettings;
import io.lanying.http.attachment.EndedConversations;
import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.Authentication;
import io.lanying.http.auth.CredentialGuard;
import io.lanying.http.auth.DeviceAuthenticator;
import io.lanying.http.auth.DeviceTokens;
import io.lanying.http.auth.TenantCache;
import io.lanying.http.auth.TenantGate;
import io.lanying.http.call.Bodies;
import io.lanying.http.call.Edge;
import io.lanying.http.call.Endpoints;
import io.lanying.http.channel.ChannelRoutes;
import io.lanying.http.channel.Vendors;
import io.lanying.http.conversation.ConversationRoutes;
import io.lanying.http.conversation.ListRoutes;
import io.lanying.http.device.DeviceRoutes;
import io.lanying.http.device.Recipients;
import io.lanying.http.device.RedeliveryRoutes;
import io.lanying.http.device.SealedAsk;
import io.lanying.http.device.SessionTokenRoutes;
import io.lanying.http.device.VendorTokens;
import io.lanying.http.docs.DocsRoutes;
import io.lanying.http.entity.Admission;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.entity.NotificationEntities;
import io.lanying.http.entity.NotificationPartEntities;
import io.lanying.http.entity.TenantEntities;
import io.lanying.http.entity.UserEntities;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.hook.HookRoutes;
import io.lanying.http.hook.HookSettings;
import io.lanying.http.hook.MessageHooks;
import io.lanying.http.hook.MessageQuotas;
import io.lanying.http.inbox.DeviceEndpoints;
import io.lanying.http.inbox.ShortConnections;
import io.lanying.http.journal.JournalRoutes;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.http.limit.QuotaBuckets;
import io.lanying.http.message.OwnMessages;
import io.lanying.http.outbound.GuardedClient;
import io.lanying.http.outbound.OutboundSettings;
import io.lanying.http.push.NotificationRoutes;
import io.lanying.http.session.ShortSessions;
import io.lanying.http.tenant.TenantRoutes;
import io.lanying.http.user.UserRoutes;
import io.lanying.http.why.Storyteller;
import java.time.Clock;
import java.util.function.LongSupplier;

/** All routes of a node put together, without a network: what is bound, and what tests ask. */
final class Api {

    private static final int MAX_RATED_KEYS = 100_000;
    private static final int MAX_SOURCES = 50_000;

    /** Tenants nobody has heard of that addresses with failing credentials may make this node ask for. */
    private static final double STRANGERS_PER_SECOND = 20;

    /** Credentials that each tenant may put or try: reading one takes time, trying one asks the vendor. */
    private static final double CREDENTIALS_PER_SECOND = 1;

    private static final double CREDENTIALS_AT_ONCE = 20;
    private static final int MAX_CREDENTIAL_TESTS = 16;

    private final HttpApi.Ports ports;
    private final Edge edge;
    private final TenantCache tenantCache;
    private final TenantGate gate;
    private final DeviceTokens tokens;
    private final AskedMessages askedMessages;
    private final OwnMessages ownMessages;
    private final HookRoutes hooks;
    private final Route service;
    private final ShortConnections shortConnections;

    /** What asks entities, and what tells time. */
    record Outside(
            DeviceEntities devices,
            TenantEntities tenants,
            NotificationEntities notifications,
            NotificationPartEntities companions,
            UserEntities users,
            ConversationEntities conversations,
            Admission admission,
            Clock clock,
            LongSupplier nanoTime) {}

    Api(ActorSystem<?> system, HttpSettings settings, HttpApi.Ports ports, Outside outside) {
        this.ports = ports;
        var limits = settings.limits();
        var errors = new ErrorRendering(ports.metrics());
        this.edge = new Edge(errors, ports.metrics());
        this.tenantCache =
                new TenantCache(outside.tenants(), limits.tenantLease(), limits.maxTenants(), outside.nanoTime());
        this.gate = new TenantGate(
                ports.region(),
                tenantCache,
                new QuotaBuckets(limits.maxTenants(), outside.nanoTime()),
                ports.metrics());
        var guard = new CredentialGuard(
                tenantCache,
                new KeyedBuckets(limits.failuresPerSecond(), limits.failuresBurst(), MAX_SOURCES, outside.nanoTime()),
                new KeyedBuckets(STRANGERS_PER_SECOND, STRANGERS_PER_SECOND, 1, outside.nanoTime()));
        this.tokens = new DeviceTokens(tenantCache, guard, ports.sealing(), outside.clock());
        var rates = new KeyedBuckets(
                limits.requestsPerSecond(), limits.requestsBurst(), MAX_RATED_KEYS, outside.nanoTime());
        var endpoints = new Endpoints(
                system,
                new Authentication(ports.operator(), tenantCache, guard, outside.clock()),
                rates,
                gate,
                new Bodies(system),
                errors);
        var client = GuardedClient.create(
                system, OutboundSettings.from(system.settings().config()));
        this.askedMessages = new AskedMessages(
                outside.conversations(),
                tenantCache,
                new MessageQuotas(limits.maxTenants(), outside.nanoTime(), ports.metrics()),
                new MessageHooks(
                        system,
                        ports.sealing(),
                        client,
                        HookSettings.from(system.settings().config()),
                        limits.maxTenants(),
                        ports.metrics(),
                        outside.clock()),
                new ReadyAttachments(ports.attachments()));
        this.ownMessages = new OwnMessages(ports.sealing(), askedMessages);
        this.hooks = new HookRoutes(endpoints, outside.tenants(), tenantCache, ports.sealing(), client.guard());
        var attachments = attachmentCalls(system, settings.attachments(), outside);
        this.service = serviceRoutes(system, settings, outside, endpoints, attachments);
        var inbox = settings.inbox();
        var deviceRates =
                new KeyedBuckets(inbox.requestsPerSecond(), inbox.requestsBurst(), MAX_RATED_KEYS, outside.nanoTime());
        this.shortConnections = new ShortConnections(new ShortConnections.Ports(
                new DeviceEndpoints(system, tokens, gate, deviceRates, new Bodies(system), errors),
                outside.devices(),
                ports.journal(),
                ports.messages(),
                ownMessages,
                attachments,
                outside.conversations(),
                ports.sealing(),
                ports.metrics(),
                inbox,
                outside.clock()));
    }

    /** Verifies the tokens that this API issues. */
    DeviceAuthenticator deviceAuthenticator() {
        return tokens;
    }

    /** Posts what apps send, whichever way it comes. */
    OwnMessages ownMessages() {
        return ownMessages;
    }

    /** Says which tenants' devices this node takes, and how many. */
    TenantGate gate() {
        return gate;
    }

    /**
     * Everything a node serves; answers every request.
     *
     * @param socket the devices' long connection
     * @param sessions of devices that come by requests
     */
    Route route(Route socket, ShortSessions sessions) {
        var shortRoutes = shortConnections.route(sessions);
        return edge.around(Directives.concat(
                service,
                Directives.pathPrefix("v1", () -> shortRoutes),
                Directives.mapResponse(answer -> Edge.named("/v1/device/socket", answer), () -> socket),
                new DocsRoutes().route()));
    }

    private AttachmentCalls attachmentCalls(ActorSystem<?> system, AttachmentSettings settings, Outside outside) {
        return new AttachmentCalls(
                new AttachmentCalls.Ports(outside.conversations(), ports.attachments(), ports.sealing()),
                settings,
                system,
                ports.metrics());
    }

    private Route serviceRoutes(
            ActorSystem<?> system,
            HttpSettings settings,
            Outside outside,
            Endpoints endpoints,
            AttachmentCalls attachments) {
        var recipients = new Recipients(
                ports.registry(), outside.admission(), settings.limits().maxRecipients());
        var sealedAsk = new SealedAsk(outside.devices(), recipients, ports.sealing());
        var stories = new Storyteller(
                system,
                ports.journal(),
                new Admission("stories", settings.limits().maxStories(), ports.metrics()));
        var notifications = new NotificationRoutes(
                endpoints,
                outside.devices(),
                sealedAsk,
                recipients,
                stories,
                outside.notifications(),
                outside.companions(),
                ports.sealing(),
                outside.clock());
        var devices = new DeviceRoutes(
                endpoints,
                outside.devices(),
                ports.registry(),
                recipients,
                new VendorTokens(ports.sealing(), outside.clock()),
                new SessionTokenRoutes(endpoints, outside.devices(), tokens),
                new RedeliveryRoutes(endpoints, sealedAsk));
        var tenants = new TenantRoutes(
                endpoints, outside.tenants(), tenantCache, ports.sealing(), ports.registry(), ports.region());
        var journal = new JournalRoutes(
                system,
                endpoints,
                ports.journal(),
                ports.replay(),
                ports.sealing(),
                settings.streams(),
                ports.metrics());
        var channels = new ChannelRoutes(
                endpoints, outside.tenants(), ports.sealing(), vendors(system, settings, outside), outside.clock());
        var users = new UserRoutes(endpoints, outside.users(), ports.sealing(), ports.attachments());
        var conversations = new ConversationRoutes(
                endpoints,
                outside.conversations(),
                askedMessages,
                ports.sealing(),
                new EndedConversations(ports.attachments(), outside.conversations()));
        var lists = new ListRoutes(
                endpoints,
                outside.conversations(),
                ports.registry(),
                ports.sealing(),
                outside.clock(),
                settings.limits().maxOrdered());
        // Made once: what a directive is given as a function is called again for each request.
        var all = Directives.concat(
                notifications.route(),
                devices.route(),
                journal.route(),
                tenants.route(),
                channels.route(),
                users.route(),
                lists.route(),
                conversations.route(),
                hooks.route(),
                new AttachmentRoutes(endpoints, attachments).route());
        return Directives.pathPrefix("v1", () -> all);
    }

    private Vendors vendors(ActorSystem<?> system, HttpSettings settings, Outside outside) {
        var rates = new KeyedBuckets(
                CREDENTIALS_PER_SECOND, CREDENTIALS_AT_ONCE, settings.limits().maxTenants(), outside.nanoTime());
        return new Vendors(
                ports.credentials(),
                rates,
                new Admission("credential-tests", MAX_CREDENTIAL_TESTS, ports.metrics()),
                system.dispatchers().lookup(DispatcherSelector.blocking()));
    }
}
