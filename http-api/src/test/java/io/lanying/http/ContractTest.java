package io.lanying.http;

import static io.lanying.http.TestApi.OPERATOR;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import io.lanying.http.Operations.Operation;
import io.lanying.http.session.Waited;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantReply;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every operation and status that openapi.yaml names was seen, and every one that was seen is named there. */
class ContractTest {

    private static final String SOCKET = "GET /v1/device/socket ";

    @Test
    void documentAndServerSayTheSame() {
        var observed = new TreeSet<String>();
        String deviceToken;
        try (var api = new TestApi("push.http.failed-credentials-burst = 1000")) {
            StubEntities.install(api);
            deviceToken = api.deviceToken("acme", "d1");
            askEverything(api);
            askEverythingOfDevices(api);
            fail(api);
            observed.addAll(observed(api));
        }
        try (var api = new TestApi(
                "push.http { requests-burst = 1, requests-per-second = 0.001, inbox { requests-burst = 1, requests-per-second = 0.001 } }")) {
            StubEntities.install(api);
            askTooOften(api);
            observed.addAll(observed(api));
        }
        try (var api = new TestApi("", "elsewhere")) {
            StubEntities.install(api);
            askWhereNobodyIsAtHome(api, deviceToken);
            observed.addAll(observed(api));
        }
        var documented = documented();
        // What the socket's own tests observe (session.SocketUpgradeTest).
        var socket = documented.stream().filter(each -> each.startsWith(SOCKET)).collect(Collectors.toSet());
        assertThat(socket)
                .containsExactlyInAnyOrder(
                        SOCKET + "101",
                        SOCKET + "400",
                        SOCKET + "401",
                        SOCKET + "403",
                        SOCKET + "421",
                        SOCKET + "429",
                        SOCKET + "503");
        documented.removeAll(socket);

        assertThat(observed).containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void documentsEveryErrorCode() {
        String text = document();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(text).contains(code.wireName());
        }
    }

    private static void askEverything(TestApi api) {
        for (Operation operation : Operations.all()) {
            var right = operation.request();
            api.ask(right.apply(operation.credential(api)));
            api.ask(right.apply("nonsense"));
            api.ask(right.apply(api.tenantWithKey("acme")));
            api.ask(right.apply(operation.credential(api)).addHeader(HttpHeader.parse("Accept", "image/png")));
            if (operation.body()) {
                askWithBadBodies(api, right.apply(operation.credential(api)));
            } else {
                api.ask(withBadQuery(right.apply(operation.credential(api))));
            }
        }
        askForTheRest(api);
        ConversationFixtures.askForTheRest(api);
    }

    private static void askEverythingOfDevices(TestApi api) {
        String token = api.deviceToken("acme", "d1");
        for (Operation operation : Operations.ofDevices()) {
            var right = operation.request().apply(token);
            api.ask(right);
            api.ask(operation.request().apply(api.tenantWithKey("acme", "*")));
            api.ask(right.addHeader(HttpHeader.parse("Accept", "image/png")));
            if (operation.body()) {
                askWithBadBodies(api, right);
            } else {
                api.ask(withBadQuery(right));
            }
        }
        api.waits = device -> done(Waited.REPLACED);
        api.ask(TestApi.get("/v1/device/inbox?waitSeconds=1", token));
        api.waits = device -> done(Waited.OVER);
        var stub = api.devices;
        for (ErrorCode code : Set.of(ErrorCode.STREAM_CHANGED, ErrorCode.ACK_ABOVE_SENT)) {
            api.devices = (id, command) -> done(new DeviceReply.Refused(code, "no"));
            api.ask(post("/v1/device/acks", token, "{\"streamId\":\"s1\",\"itemSeq\":3}"));
        }
        api.devices = (id, command) -> done(new DeviceReply.Refused(ErrorCode.NOT_FOUND, "no"));
        api.ask(post("/v1/device/opened", token, "{\"notificationId\":\"n1\"}"));
        api.devices = stub;
        var posting = api.conversations;
        for (ErrorCode code : Set.of(
                ErrorCode.NOT_PERMITTED,
                ErrorCode.NOT_FOUND,
                ErrorCode.CONVERSATION_ARCHIVED,
                ErrorCode.NOT_A_MEMBER)) {
            api.conversations = (id, command) -> done(new ConversationReply.Refused(code, "no"));
            api.ask(message(token));
        }
        for (ErrorCode code : Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.NOT_FOUND, ErrorCode.NOT_A_MEMBER)) {
            api.conversations = (id, command) -> done(new ConversationReply.Refused(code, "no"));
            api.ask(post("/v1/device/read-positions", token, "{\"conversationId\":\"g1\",\"messageSeq\":1}"));
            api.ask(TestApi.get("/v1/device/conversations/g1/messages/g1~1/receipts", token));
        }
        for (boolean repeated : new boolean[] {false, true}) {
            api.conversations = (id, command) -> done(new ConversationReply.Posted(13, TestApi.NOW, repeated));
            api.ask(message(token));
        }
        api.conversations = posting;
        AttachmentFixtures.askForTheRest(api, token);
    }

    private static HttpRequest message(String token) {
        return post(
                "/v1/device/messages",
                token,
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}");
    }

    private static void askWithBadBodies(TestApi api, HttpRequest right) {
        api.ask(right.withEntity(ContentTypes.APPLICATION_JSON, "{"));
        api.ask(right.withEntity(ContentTypes.APPLICATION_JSON, " ".repeat(70_000)));
        api.ask(right.withEntity(
                HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, "{}".getBytes(StandardCharsets.UTF_8))));
    }

    private static HttpRequest withBadQuery(HttpRequest right) {
        return right.withUri(right.getUri().toRelative().toString() + "?limit=0&asOfSeq=0");
    }

    private static void askForTheRest(TestApi api) {
        String all = api.tenantWithKey("acme", "*");
        api.ask(TestApi.put("/v1/devices/new", all, "{\"platform\":\"web\"}"));
        api.ask(TestApi.put("/v1/users/new", all, "{}"));
        api.ask(TestApi.put("/v1/admin/tenants/acme/roles/new", all, "{\"scopes\":[\"*\"]}"));
        api.ask(TestApi.put("/v1/channels/fcm/production", all, "{}"));
        HookFixtures.askForTheRest(api, all);
        api.ask(TestApi.put("/v1/channels/fcm/production", all, "{\"bad\":true}"));
        String hello = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\"}}";
        api.ask(post("/v1/notifications?validateOnly=true", all, hello));
        api.ask(key(post("/v1/notifications", all, hello.replace("\"devices\":[\"d1\"]", "\"everyone\":true")), "k"));
        var batch = post("/v1/notifications/batch", all, "");
        api.ask(batch.withEntity(Operations.lines("\n")));
        api.ask(batch.withEntity(Operations.lines(" ".repeat(4 * 1024 * 1024 + 1))));
        var notifications = api.notifications;
        api.notifications =
                (id, command) -> done(new NotificationReply.Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "other content"));
        api.ask(key(post("/v1/notifications", all, hello.replace("\"devices\":[\"d1\"]", "\"everyone\":true")), "k"));
        api.notifications = notifications;
        var stub = api.devices;
        api.devices = (id, command) -> done(new DeviceReply.Refused(ErrorCode.NOTHING_TO_REDELIVER, "nothing"));
        api.ask(key(post("/v1/devices/d1/redeliveries", all, "{\"fromItemSeq\":1,\"toItemSeq\":1}"), "k"));
        api.devices = stub;
        for (ErrorCode code :
                Set.of(ErrorCode.TENANT_EXISTS, ErrorCode.IDEMPOTENCY_KEY_REUSED, ErrorCode.LIMIT_REACHED)) {
            api.tenantWrites = (id, command) -> done(new TenantReply.Refused(code, "no", false));
            api.ask(key(post("/v1/admin/tenants", OPERATOR, "{\"tenantId\":\"t\",\"name\":\"n\"}"), "k"));
            api.ask(key(post("/v1/admin/tenants/acme/api-keys", OPERATOR, "{\"name\":\"n\",\"scopes\":[\"*\"]}"), "k"));
        }
        api.tenantWrites = (id, command) -> done(new TenantReply.Refused(ErrorCode.LIMIT_REACHED, "no", false));
        api.ask(TestApi.put("/v1/admin/tenants/acme/roles/new", all, "{\"scopes\":[\"*\"]}"));
        api.tenantWrites = (id, command) -> done(new TenantReply.Refused(ErrorCode.UNKNOWN_VERSION, "no", false));
        api.ask(key(post("/v1/channels/fcm/production/restore", all, "{\"version\":9}"), "k"));
        for (String path : Set.of("/openapi.yaml", "/asyncapi.yaml", "/docs", "/docs/init.js")) {
            assertThat(api.ask(HttpRequest.GET(path)).status().intValue())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    /** Everything that this node needs is away. */
    private static void fail(TestApi api) {
        String token = api.deviceToken("acme", "d1");
        api.storesDown = true;
        api.attachments.down = true;
        api.devices = (id, command) -> CompletableFuture.failedFuture(new TimeoutException("down"));
        api.conversations = (id, command) -> CompletableFuture.failedFuture(new TimeoutException("down"));
        api.tenantsDown = true;
        api.nanos.addAndGet(10_000_000_000L);
        for (Operation operation : Operations.all()) {
            api.ask(operation.request().apply(operation.credential(api)));
        }
        Operations.ofDevices().forEach(operation -> api.ask(operation.request().apply(token)));
    }

    private static void askTooOften(TestApi api) {
        String token = api.deviceToken("acme", "d1");
        api.ask(TestApi.get("/v1/device/inbox", token));
        Operations.ofDevices().forEach(operation -> api.ask(operation.request().apply(token)));
        // All keys are there before the first is used: a tenant is not read again for many unknown ones in a row.
        var credentials = new LinkedHashMap<Operation, String>();
        for (Operation operation : Operations.all()) {
            credentials.put(
                    operation,
                    operation.scope().isEmpty() ? OPERATOR : api.tenantWithKey("acme", "*", "n" + credentials.size()));
        }
        credentials.forEach((operation, mine) -> {
            api.ask(operation.request().apply(mine));
            api.ask(operation.request().apply(mine));
        });
    }

    /** A node of another region does nothing for the tenant. */
    private static void askWhereNobodyIsAtHome(TestApi api, String deviceToken) {
        for (Operation operation : Operations.ofDevices()) {
            var answer = api.ask(operation.request().apply(deviceToken));
            assertThat(answer.status().intValue()).as(operation.name()).isEqualTo(421);
        }
        String mine = api.tenantWithKey("acme", "*");
        for (Operation operation : Operations.all()) {
            if (operation.scope().isPresent()) {
                var answer = api.ask(operation.request().apply(mine));
                assertThat(answer.status().intValue()).as(operation.name()).isEqualTo(421);
                assertThat(api.json(answer).path("homeRegion").asText()).isEqualTo("default");
            }
        }
        assertThat(api.deviceCommands).isEmpty();
        assertThat(api.userCommands).isEmpty();
        assertThat(api.conversationCommands).isEmpty();
        assertThat(api.tenantCommands).allMatch(TenantCommand.Get.class::isInstance);
    }

    private static Set<String> observed(TestApi api) {
        return api.metrics.find("push.http.requests").timers().stream()
                .filter(timer -> !"unmatched".equals(timer.getId().getTag("route")))
                .map(ContractTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameOf(Timer timer) {
        var id = timer.getId();
        return id.getTag("method") + " " + id.getTag("route") + " " + id.getTag("status");
    }

    private static Set<String> documented() {
        return ApiDocument.operations().stream()
                .flatMap(each ->
                        each.statuses().stream().map(status -> each.method() + " " + each.template() + " " + status))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String document() {
        try (var in = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
