package io.lanying.http;

import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.japi.function.Function;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.auth.ApiKeyText;
import io.lanying.http.auth.DeviceAuthenticator;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.auth.Secrets;
import io.lanying.http.auth.TenantGate;
import io.lanying.http.entity.Admission;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.http.session.ShortSessions;
import io.lanying.http.session.Waited;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.journal.EntityReplay;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationPartReply.Counts;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/** The whole API over stubs, without a network: every request goes through every layer. */
public final class TestApi implements AutoCloseable {

    public static final Instant NOW = Instant.parse("2026-11-20T08:30:00.000Z");
    public static final String OPERATOR = "ok_" + "o".repeat(52);

    private static final ObjectMapper JSON = new ObjectMapper();

    public final ActorTestKit kit;
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final FakeSealing sealing = new FakeSealing();
    public final FakeCredentialCheck credentials = new FakeCredentialCheck();
    public final FakeAttachments attachments = new FakeAttachments();
    public final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    public final List<DeviceCommand> deviceCommands = new CopyOnWriteArrayList<>();
    public final List<UserCommand> userCommands = new CopyOnWriteArrayList<>();
    public final List<ConversationCommand> conversationCommands = new CopyOnWriteArrayList<>();
    public final List<TenantCommand> tenantCommands = new CopyOnWriteArrayList<>();
    public final List<NotificationCommand> notificationCommands = new CopyOnWriteArrayList<>();

    /** Whatever was asked for anything, as kind and id, in order. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public final Map<EntityId, NotificationPartReply> companions = new ConcurrentHashMap<>();
    public final Map<String, TenantReply.TenantView> tenants = new ConcurrentHashMap<>();
    public final Map<EntityId, DeviceRow> rows = new ConcurrentHashMap<>();
    public final List<MemberRow> members = new CopyOnWriteArrayList<>();
    public final Map<EntityId, List<JournalEvent>> journals = new ConcurrentHashMap<>();
    public final Map<EntityId, StateAsOf> states = new ConcurrentHashMap<>();

    public volatile Instant now = NOW;
    public volatile MessageSource messages =
            (conversation, refs) -> done(new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no conversations"));
    public volatile BiFunction<EntityId, DeviceCommand, CompletionStage<DeviceReply>> devices =
            (id, command) -> done(new DeviceReply.Refused(ErrorCode.NOT_FOUND, "stub"));
    public volatile BiFunction<EntityId, NotificationCommand, CompletionStage<NotificationReply>> notifications =
            (id, command) -> done(new NotificationReply.Refused(ErrorCode.NOT_FOUND, "stub"));
    public volatile BiFunction<EntityId, UserCommand, CompletionStage<UserReply>> users =
            (id, command) -> done(new UserReply.Refused(ErrorCode.NOT_FOUND, "stub"));
    public volatile BiFunction<EntityId, ConversationCommand, CompletionStage<ConversationReply>> conversations =
            (id, command) -> done(new ConversationReply.Refused(ErrorCode.NOT_FOUND, "stub"));
    public volatile BiFunction<EntityId, TenantCommand, CompletionStage<TenantReply>> tenantWrites =
            (id, command) -> done(new TenantReply.Refused(ErrorCode.NOT_FOUND, "stub", false));
    public volatile java.util.function.Function<DevicePrincipal, CompletionStage<Waited>> waits =
            device -> done(Waited.OVER);
    public final List<Optional<ShortSessions.Seen>> streams = new CopyOnWriteArrayList<>();
    public volatile boolean tenantsDown;
    public volatile boolean storesDown;

    private final Map<String, ApiKeyText> keys = new ConcurrentHashMap<>();
    private final Api api;
    private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;

    public TestApi() {
        this("");
    }

    /** @param config settings that differ from the module's own */
    public TestApi(String config) {
        this(config, TenantReply.TenantView.DEFAULT_REGION);
    }

    /** @param region the node's */
    public TestApi(String config, String region) {
        var all = ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.parseString("akka.loglevel = off, akka.stdout-loglevel = off"))
                .withFallback(ConfigFactory.load());
        this.kit = ActorTestKit.create("api", all);
        var settings = HttpSettings.from(all);
        var admission = new Admission("entities", settings.limits().maxUnanswered(), metrics);
        var ports = new HttpApi.Ports(
                sealing,
                new FakeJournal(),
                new FakeReplay(),
                new FakeRegistry(this),
                OPERATOR::equals,
                region,
                credentials,
                (conversation, refs) -> messages.read(conversation, refs),
                attachments,
                metrics);
        this.api = new Api(
                kit.system(),
                settings,
                ports,
                new Api.Outside(
                        (id, command) -> admission.admit(
                                () -> askDevice(id, command.apply(kit.system().ignoreRef()))),
                        (id, command) -> admission.admit(
                                () -> askTenant(id, command.apply(kit.system().ignoreRef()))),
                        (id, command) -> admission.admit(() ->
                                askNotification(id, command.apply(kit.system().ignoreRef()))),
                        (id, command) -> admission.admit(() -> askCompanion(id)),
                        (id, command) -> admission.admit(
                                () -> askUser(id, command.apply(kit.system().ignoreRef()))),
                        (id, command) -> admission.admit(() ->
                                askConversation(id, command.apply(kit.system().ignoreRef()))),
                        admission,
                        new TestClock(),
                        nanos::get));
        this.handler = route().function(kit.system());
    }

    public Route route() {
        return api.route(Directives.path("stub-socket", () -> Directives.complete("socket")), new StubSessions());
    }

    public TenantGate gate() {
        return api.gate();
    }

    public DeviceAuthenticator deviceAuthenticator() {
        return api.deviceAuthenticator();
    }

    /** Makes a tenant known, with one API key. */
    public String tenantWithKey(String tenant, String... scopes) {
        String name = tenant + String.join(",", scopes);
        var text = keys.computeIfAbsent(name, any -> ApiKeyText.create(tenant));
        var stored = new ApiKey(
                text.keyId(), "test", List.of(scopes), Secrets.hash(text.secret()), NOW, Optional.empty(), List.of());
        tenants.merge(tenant, view(tenant, List.of(stored)), (old, fresh) -> {
            var all = new ArrayList<>(old.apiKeys());
            if (all.stream().noneMatch(key -> key.keyId().equals(stored.keyId()))) {
                all.add(stored);
            }
            return view(tenant, all);
        });
        return text.reveal();
    }

    /** A session token of a device that the stub knows. */
    public String deviceToken(String tenant, String deviceId) {
        String key = tenantWithKey(tenant, "*");
        return json(ask(post("/v1/devices/" + deviceId + "/session-tokens", key, "{}")))
                .path("token")
                .asText();
    }

    public TenantReply.TenantView view(String tenant, List<ApiKey> apiKeys) {
        String keyId = "s-" + tenant;
        byte[] secret = Secrets.sha256("signing " + tenant);
        var sealed = sealing.sealer(tenant, Subject.TENANT)
                .toCompletableFuture()
                .join()
                .seal(keyId, "signingKey", secret);
        return new TenantReply.TenantView(
                tenant,
                NOW,
                apiKeys,
                new SigningKey(keyId, sealed),
                false,
                Optional.empty(),
                quotas(tenant),
                tenants.containsKey(tenant) ? tenants.get(tenant).roles() : List.of(),
                tenants.containsKey(tenant) ? tenants.get(tenant).messageHook() : Optional.empty());
    }

    private Optional<Quotas> quotas(String tenant) {
        return tenants.containsKey(tenant) ? tenants.get(tenant).quotas() : Optional.empty();
    }

    /** Gives a tenant quotas, as another node would: this one finds out at the end of its lease. */
    public void quotas(String tenant, Quotas quotas) {
        change(tenant, view -> Optional.of(quotas), TenantReply.TenantView::roles, TenantReply.TenantView::messageHook);
    }

    /** Gives a tenant these roles and no others, as another node would. */
    public void roles(String tenant, Role... roles) {
        change(tenant, TenantReply.TenantView::quotas, view -> List.of(roles), TenantReply.TenantView::messageHook);
    }

    /** Gives a tenant this message hook, or none, as another node would. */
    public void messageHook(String tenant, Optional<MessageHook> hook) {
        change(tenant, TenantReply.TenantView::quotas, TenantReply.TenantView::roles, view -> hook);
    }

    private void change(
            String tenant,
            java.util.function.Function<TenantReply.TenantView, Optional<Quotas>> quotas,
            java.util.function.Function<TenantReply.TenantView, List<Role>> roles,
            java.util.function.Function<TenantReply.TenantView, Optional<MessageHook>> messageHook) {
        tenants.computeIfPresent(
                tenant,
                (id, old) -> new TenantReply.TenantView(
                        old.name(),
                        old.createdAt(),
                        old.apiKeys(),
                        old.signingKey(),
                        false,
                        old.homeRegion(),
                        quotas.apply(old),
                        roles.apply(old),
                        messageHook.apply(old)));
    }

    public void device(String tenant, String deviceId, String userId) {
        var id = new EntityId(tenant, deviceId);
        rows.put(
                id,
                new DeviceRow(
                        tenant,
                        deviceId,
                        Optional.ofNullable(userId),
                        "android",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        NOW,
                        1,
                        false));
    }

    public void deletedDevice(String tenant, String deviceId) {
        rows.put(
                new EntityId(tenant, deviceId),
                new DeviceRow(
                        tenant,
                        deviceId,
                        Optional.empty(),
                        "none",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        NOW,
                        2,
                        true));
    }

    public void journal(String tenant, String deviceId, Persisted... events) {
        var list = new ArrayList<JournalEvent>();
        for (Persisted event : events) {
            list.add(new JournalEvent(list.size() + 1, event));
        }
        journals.put(new EntityId(tenant, deviceId), list);
    }

    /** Whether anything was asked of any entity, but for what authentication asks of tenants. */
    public boolean isUntouched() {
        return deviceCommands.isEmpty()
                && userCommands.isEmpty()
                && notificationCommands.isEmpty()
                && conversationCommands.isEmpty()
                && attachments.asked.isEmpty()
                && tenantCommands.stream().allMatch(TenantCommand.Get.class::isInstance);
    }

    /** Forgets what was asked until now. */
    public void forgetAsked() {
        attachments.asked.clear();
        List.of(asked, deviceCommands, userCommands, notificationCommands, tenantCommands, conversationCommands)
                .forEach(List::clear);
    }

    public HttpResponse ask(HttpRequest request) {
        try {
            return handler.apply(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public CompletionStage<HttpResponse> begin(HttpRequest request) {
        try {
            return handler.apply(request);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public String text(HttpResponse response) {
        try {
            return response.entity()
                    .toStrict(5_000, kit.system())
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .getData()
                    .utf8String();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public JsonNode json(HttpResponse response) {
        try {
            return JSON.readTree(text(response));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public String code(HttpResponse response) {
        return json(response).path("code").asText();
    }

    public static HttpRequest with(HttpRequest request, String credential) {
        return request.addHeader(Authorization.oauth2(credential));
    }

    public static HttpRequest post(String path, String credential, String body) {
        return with(HttpRequest.POST(path).withEntity(ContentTypes.APPLICATION_JSON, body), credential);
    }

    public static HttpRequest put(String path, String credential, String body) {
        return with(HttpRequest.PUT(path).withEntity(ContentTypes.APPLICATION_JSON, body), credential);
    }

    public static HttpRequest patch(String path, String credential, String body) {
        return with(HttpRequest.PATCH(path).withEntity(ContentTypes.APPLICATION_JSON, body), credential);
    }

    public static HttpRequest get(String path, String credential) {
        return with(HttpRequest.GET(path), credential);
    }

    public static HttpRequest delete(String path, String credential) {
        return with(HttpRequest.DELETE(path), credential);
    }

    public static HttpRequest key(HttpRequest request, String idempotencyKey) {
        return request.addHeader(RawHeader.create("Idempotency-Key", idempotencyKey));
    }

    public static HttpRequest from(HttpRequest request, String address) {
        try {
            return request.addAttribute(
                    AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.getByName(address)));
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String header(HttpResponse response, String name) {
        return response.getHeader(name).map(header -> header.value()).orElse("");
    }

    public static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    private CompletionStage<DeviceReply> askDevice(EntityId id, DeviceCommand command) {
        asked.add("device " + id);
        deviceCommands.add(command);
        return devices.apply(id, command)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new Unavailable("no answer", failure)));
    }

    private CompletionStage<NotificationReply> askNotification(EntityId id, NotificationCommand command) {
        asked.add("notification " + id);
        notificationCommands.add(command);
        return notifications
                .apply(id, command)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new Unavailable("no answer", failure)));
    }

    private CompletionStage<NotificationPartReply> askCompanion(EntityId id) {
        asked.add("companion " + id);
        return done(companions.getOrDefault(id, new Counts(List.of())));
    }

    private CompletionStage<UserReply> askUser(EntityId id, UserCommand command) {
        asked.add("user " + id);
        userCommands.add(command);
        return users.apply(id, command)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new Unavailable("no answer", failure)));
    }

    private CompletionStage<ConversationReply> askConversation(EntityId id, ConversationCommand command) {
        asked.add("conversation " + id);
        conversationCommands.add(command);
        return conversations
                .apply(id, command)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new Unavailable("no answer", failure)));
    }

    private CompletionStage<TenantReply> askTenant(EntityId id, TenantCommand command) {
        asked.add("tenant " + id);
        tenantCommands.add(command);
        if (tenantsDown) {
            return CompletableFuture.failedFuture(new Unavailable("down"));
        }
        if (!(command instanceof TenantCommand.Get)) {
            return tenantWrites.apply(id, command);
        }
        var view = tenants.get(id.id());
        return done(view == null ? new TenantReply.Refused(ErrorCode.NOT_FOUND, "no such tenant", false) : view);
    }

    <T> CompletionStage<T> stored(T value) {
        return storesDown ? CompletableFuture.failedFuture(new IllegalStateException("down")) : done(value);
    }

    private final class StubSessions implements ShortSessions {

        @Override
        public CompletionStage<Waited> await(DevicePrincipal device, long afterSeq, Duration within) {
            return waits.apply(device);
        }

        @Override
        public Checked<Source<ByteString, NotUsed>> stream(DevicePrincipal device, Optional<Seen> seen) {
            streams.add(seen);
            return Checked.ok(Source.single(ByteString.fromString(":\n\n")));
        }
    }

    private final class TestClock extends Clock {

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final class FakeJournal implements Journal {

        @Override
        public CompletionStage<List<JournalEvent>> events(
                EntityKind kind, EntityId entity, long fromSeq, long toSeq, int limit) {
            asked.add("journal " + entity);
            return stored(journals.getOrDefault(entity, List.of()).stream()
                    .filter(event -> event.eventSeq() >= fromSeq && event.eventSeq() <= toSeq)
                    .limit(limit)
                    .toList());
        }
    }

    private final class FakeReplay implements EntityReplay {

        @Override
        public CompletionStage<Optional<StateAsOf>> asOfSeq(EntityKind kind, EntityId entity, long eventSeq) {
            asked.add("journal " + entity);
            return stored(Optional.ofNullable(states.get(entity)).filter(state -> eventSeq >= state.eventSeq()));
        }

        @Override
        public CompletionStage<Optional<StateAsOf>> asOfTime(EntityKind kind, EntityId entity, Instant time) {
            asked.add("journal " + entity);
            return stored(Optional.ofNullable(states.get(entity))
                    .filter(state -> !state.at().isAfter(time)));
        }
    }
}
