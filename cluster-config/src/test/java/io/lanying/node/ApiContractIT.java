package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.node.Contract.Operation;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * openapi.yaml against whole nodes, both ways: every documented operation and status is observed, every observed one is
 * documented. Limits are hit on a second node that allows almost nothing, 503 on a third whose database stops.
 */
class ApiContractIT {

    private static final String TOO_LARGE = "{\"a\":\"" + "x".repeat(70 * 1024) + "\"}";
    private static final String BATCH = "/v1/notifications/batch";
    private static final Map<String, String> LINES = Map.of("Content-Type", "application/x-ndjson");
    private static final Map<String, String> GENERAL_BODIES = Map.ofEntries(
            Map.entry("POST /v1/admin/tenants", "{\"tenantId\":\"acme\",\"name\":\"Acme\"}"),
            Map.entry("POST /v1/admin/tenants/{tenantId}/api-keys", "{\"name\":\"second\",\"scopes\":[\"*\"]}"),
            Map.entry("PUT /v1/channels/{channel}/{environment}", VendorCredentials.apns("KEY1234567")),
            Map.entry("PUT /v1/message-hook", "{\"url\":\"https://example.com/hook\",\"onSilence\":\"allow\"}"),
            Map.entry("POST /v1/channels/{channel}/{environment}/test", "{}"),
            Map.entry("POST /v1/channels/{channel}/{environment}/restore", "{\"version\":1}"),
            Map.entry(
                    "PUT /v1/admin/tenants/{tenantId}/quotas", "{\"notificationsPerSecond\":100000,\"sockets\":1000}"),
            Map.entry("PUT /v1/admin/tenants/{tenantId}/roles/{role}", "{\"scopes\":[\"devices:read\"]}"),
            Map.entry("PUT /v1/devices/{deviceId}", "{\"platform\":\"other\"}"),
            Map.entry("POST /v1/devices/{deviceId}/session-tokens", "{}"),
            Map.entry("POST /v1/devices/{deviceId}/redeliveries", "{\"fromItemSeq\":1,\"toItemSeq\":1}"),
            Map.entry("PUT /v1/device/tokens", "{\"tokens\":[]}"),
            Map.entry("PUT /v1/users/{userId}", "{\"name\":\"Ada\",\"settings\":{\"muted\":true}}"),
            Map.entry("POST /v1/device/opened", "{\"notificationId\":\"none\"}"),
            Map.entry("POST /v1/device/messages", OwnMessageCalls.BODY),
            Map.entry("POST /v1/device/read-positions", OwnMessageCalls.POSITION),
            Map.entry("POST /v1/device/acks", "{\"streamId\":\"none\",\"itemSeq\":1}"),
            Map.entry(
                    "POST " + BATCH,
                    "{\"idempotencyKey\":\"b1\",\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"}}"),
            Map.entry(
                    "POST /v1/notifications",
                    "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"},\"delivery\":{\"ttlSeconds\":600}}"));

    private static final Map<String, String> BODIES = bodies();

    private static Map<String, String> bodies() {
        Map<String, String> all = new HashMap<>(GENERAL_BODIES);
        all.putAll(ConversationCalls.BODIES);
        all.putAll(AttachmentAnswers.BODIES);
        return all;
    }

    @TempDir
    Path directory;

    private List<Operation> operations;
    private Http anybody;
    private String key;
    private String limitedKey;
    private String deviceToken;
    private AttachmentAnswers attachments;
    private String notification;
    private String broadcast = "unknown";

    @Test
    void everyDocumentedAnswerIsSeenAndEverySeenAnswerIsDocumented() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            PostgresServer.Database database = server.newDatabase();
            try (Node node = fixture(database).start()) {
                anybody = new Http(node.url(), "");
                operations = Contract.operations(anybody.get("/openapi.yaml").text());
                goodAnswers(node);
                refusalsOfEveryOperation();
                refusalsOfTheirOwn();
                shortConnections(node);
                upgrades(node);
            }
            try (Node node =
                    fixture(database).with("push.node.region", "elsewhere").start()) {
                everyOperationElsewhere(node);
            }
            try (Node node = fixture(database)
                    .with("push.http.requests-per-second", 0.001)
                    .with("push.http.requests-burst", 1)
                    .with("push.http.inbox.requests-per-second", 0.001)
                    .with("push.http.inbox.requests-burst", 1)
                    .start()) {
                everyOperationTooOften(node);
            }
            try (Node node =
                    fixture(database).with("push.http.ask-timeout", "2s").start()) {
                server.stop();
                everyOperationWithoutDatabase(node);
            }
        }
        assertThat(Contract.observed(operations, anybody.observed())).isEqualTo(Contract.documented(operations));
    }

    private NodeFixture fixture(PostgresServer.Database database) {
        return NodeFixture.onPostgres(database, directory)
                .with("push.http.failed-credentials-burst", 10_000)
                .with("push.http.max-ordered-conversations", 1)
                .with("push.channels.apns.endpoint", "127.0.0.1:" + NodeFixture.freePort())
                .with("push.node.stop-timeout", "20s");
    }

    private void goodAnswers(Node node) {
        Http operator = anybody.as(NodeFixture.OPERATOR_KEY);
        key = NodeIT.tenantWithKey(operator, "acme");
        limitedKey = operator.post(
                        "/v1/admin/tenants/acme/api-keys",
                        "{\"name\":\"limited\",\"scopes\":[\"devices:read\"]}",
                        "limited")
                .json()
                .path("key")
                .asText();
        Http tenant = anybody.as(key);
        rolesAndQuotas(operator, tenant);
        channels(tenant);
        assertThat(tenant.put("/v1/devices/d1", "{\"platform\":\"other\"}").status())
                .isEqualTo(201);
        assertThat(tenant.put("/v1/devices/d1", "{\"platform\":\"web\"}").status())
                .isEqualTo(200);
        notification = NodeIT.push(tenant, "d1", "Hello", "first");
        assertThat(tenant.post("/v1/notifications?validateOnly=true", BODIES.get("POST /v1/notifications"))
                        .status())
                .isEqualTo(200);
        assertThat(tenant.call("POST", BATCH, BODIES.get("POST " + BATCH), LINES)
                        .text())
                .contains("{\"line\":1,\"status\":202,");
        broadcast = tenant.post(
                        "/v1/notifications",
                        "{\"audience\":{\"tags\":{\"any\":[\"nobody\"]}},\"message\":{\"title\":\"t\"}}",
                        "broadcast")
                .json()
                .path("notificationId")
                .asText();
        String user = BODIES.get("PUT /v1/users/{userId}");
        assertThat(tenant.put("/v1/users/u1", user).status()).isEqualTo(201);
        assertThat(tenant.put("/v1/users/u1", user).status()).isEqualTo(200);
        deviceToken = NodeIT.sessionToken(tenant, "d1");
        try (Socket socket = Socket.connected(node.url(), deviceToken, null, 0)) {
            socket.awaitItems(1);
            socket.ack(1);
        }
        NodeIT.awaitFate(tenant, notification, "d1", "acknowledged");
        assertThat(tenant.post("/v1/devices/d1/redeliveries", "{\"fromItemSeq\":1,\"toItemSeq\":1}", "again")
                        .status())
                .isEqualTo(202);
        new ConversationCalls(tenant).all();
        new OwnMessageCalls(tenant, anybody).all(anybody.as(deviceToken));
        String hook = BODIES.get("PUT /v1/message-hook");
        assertThat(tenant.put("/v1/message-hook", hook).json().path("secret").asText())
                .startsWith("whsec_");
        assertThat(tenant.put("/v1/message-hook", hook).status()).isEqualTo(200);
        attachments = new AttachmentAnswers(tenant, anybody);
        attachments.all(anybody.as(deviceToken));
        for (Operation operation : operations) {
            if (operation.method().equals("GET") && !isSocket(operation) && !isStream(operation)) {
                assertThat(caller(operation).get(path(operation)).status())
                        .as(operation.template())
                        .isEqualTo(200);
            }
        }
        for (String file : List.of("swagger-ui-bundle.js", "swagger-ui.css")) {
            assertThat(anybody.get("/docs/" + file).status()).isEqualTo(200);
        }
        deletions(operator, tenant);
    }

    private void rolesAndQuotas(Http operator, Http tenant) {
        String roles = "/v1/admin/tenants/acme/roles";
        String scopes = BODIES.get("PUT /v1/admin/tenants/{tenantId}/roles/{role}");
        assertThat(tenant.put(roles + "/reader", scopes).status()).isEqualTo(201);
        assertThat(tenant.put(roles + "/reader", scopes).status()).isEqualTo(200);
        assertThat(operator.put("/v1/admin/tenants/acme/quotas", BODIES.get("PUT /v1/admin/tenants/{tenantId}/quotas"))
                        .status())
                .isEqualTo(200);
        NodeIT.tenantWithKey(operator, "many-roles");
        String many = "/v1/admin/tenants/many-roles/roles/";
        for (int i = 0; i < 50; i++) {
            assertThat(operator.put(many + "r" + i, scopes).status()).isEqualTo(201);
        }
        assertThat(operator.put(many + "one-more", scopes).code()).isEqualTo("limitReached");
        assertThat(operator.delete(many + "r0").status()).isEqualTo(204);
    }

    private static void channels(Http tenant) {
        String apns = "/v1/channels/apns/production";
        assertThat(tenant.put(apns, VendorCredentials.apns("KEY0000001")).status())
                .isEqualTo(201);
        assertThat(tenant.put(apns, VendorCredentials.apns("KEY0000002")).status())
                .isEqualTo(200);
        assertThat(tenant.post(apns + "/test", "{}").status()).isEqualTo(200);
        assertThat(tenant.post(apns + "/restore", "{\"version\":1}", "back").status())
                .isEqualTo(201);
        String sandbox = "/v1/channels/apns/sandbox";
        assertThat(tenant.put(sandbox, VendorCredentials.apns("KEY0000001")).status())
                .isEqualTo(201);
        assertThat(tenant.delete(sandbox).status()).isEqualTo(204);
    }

    private void deletions(Http operator, Http tenant) {
        assertThat(tenant.delete("/v1/message-hook").status()).isEqualTo(204);
        NodeIT.tenantWithKey(operator, "gone");
        String keys = "/v1/admin/tenants/gone/api-keys";
        String keyId =
                operator.get(keys).json().path("items").path(0).path("keyId").asText();
        assertThat(operator.delete(keys + "/" + keyId).status()).isEqualTo(204);
        assertThat(operator.delete("/v1/admin/tenants/gone").status()).isEqualTo(204);
        tenant.put("/v1/devices/d2", "{\"platform\":\"other\"}");
        String cancelled = NodeIT.push(tenant, "d2", "never", "cancel-me");
        assertThat(tenant.delete("/v1/notifications/" + cancelled).status()).isEqualTo(200);
        assertThat(tenant.delete("/v1/devices/d2").status()).isEqualTo(204);
        assertThat(tenant.delete("/v1/users/u2").status()).isEqualTo(204);
    }

    /** What every operation refuses in the same way. */
    private void refusalsOfEveryOperation() {
        for (Operation operation : operations) {
            if (isDocument(operation) || isSocket(operation)) {
                continue;
            }
            String body = BODIES.get(operation.method() + " " + operation.template());
            refused(operation, 401, anybody, path(operation), body, Map.of());
            if (isDevice(operation)) {
                refused(operation, 401, anybody.as(key), path(operation), body, Map.of());
            } else {
                refused(operation, 404, stranger(operation), path(operation), body, Map.of());
            }
            refused(operation, 406, caller(operation), path(operation), body, Map.of("Accept", "image/png"));
            if (AttachmentAnswers.isChunk(operation)) {
                refused(operation, 400, caller(operation), path(operation), body, Map.of("Upload-Offset", "x"));
                refused(operation, 413, caller(operation), path(operation), TOO_LARGE, Map.of());
                refused(operation, 415, caller(operation), path(operation), body, Map.of("Content-Type", "text/plain"));
            } else if (operation.body()) {
                boolean lines = operation.template().equals(BATCH);
                refused(operation, 400, caller(operation), path(operation), lines ? "\n" : "{\"a\":", Map.of());
                String tooLarge = lines ? TOO_LARGE.repeat(61) : TOO_LARGE;
                refused(operation, 413, caller(operation), path(operation), tooLarge, Map.of());
                refused(operation, 415, caller(operation), path(operation), body, Map.of("Content-Type", "text/plain"));
            } else if (operation.statuses().contains(400)) {
                refused(operation, 400, caller(operation), path(operation) + "?unknown=1", null, Map.of());
            }
        }
    }

    private void refusalsOfTheirOwn() {
        Http operator = anybody.as(NodeFixture.OPERATOR_KEY);
        Http tenant = anybody.as(key);
        String tenants = "/v1/admin/tenants";
        String keys = tenants + "/acme/api-keys";
        assertThat(operator.post(tenants, "{\"tenantId\":\"acme\",\"name\":\"Other\"}", "another")
                        .code())
                .isEqualTo("tenantExists");
        assertThat(operator.post(tenants, "{\"tenantId\":\"acme\",\"name\":\"Other\"}", "tenant-acme")
                        .code())
                .isEqualTo("idempotencyKeyReused");
        assertThat(operator.post(keys, "{\"name\":\"test\",\"scopes\":[\"*\"]}", "key-acme")
                        .code())
                .isEqualTo("secretAlreadyShown");
        assertThat(operator.post(keys, "{\"name\":\"other\",\"scopes\":[\"*\"]}", "key-acme")
                        .code())
                .isEqualTo("idempotencyKeyReused");
        assertThat(tenant.post("/v1/devices/d1/redeliveries", "{\"fromItemSeq\":900,\"toItemSeq\":901}", "none")
                        .code())
                .isEqualTo("nothingToRedeliver");
        assertThat(tenant.post(
                                "/v1/notifications",
                                "{\"audience\":{\"everyone\":true},\"message\":{\"title\":\"all\"}}",
                                "broadcast")
                        .code())
                .isEqualTo("idempotencyKeyReused");
        assertThat(tenant.put("/v1/channels/apns/production", "{\"type\":\"token\"}")
                        .code())
                .isEqualTo("invalidCredential");
        assertThat(tenant.post("/v1/channels/apns/production/restore", "{\"version\":99}", "far-back")
                        .code())
                .isEqualTo("unknownVersion");
    }

    /** Calls of an app, besides what every call is refused for. */
    private void shortConnections(Node node) {
        Http app = anybody.as(deviceToken);
        String streamId = app.get("/v1/device/inbox").json().path("streamId").asText();
        assertThat(app.post("/v1/device/acks", "{\"streamId\":\"" + streamId + "\",\"itemSeq\":1}")
                        .status())
                .isEqualTo(200);
        assertThat(app.post("/v1/device/acks", "{\"streamId\":\"" + streamId + "\",\"itemSeq\":900}")
                        .code())
                .isEqualTo("ackAboveSent");
        assertThat(app.post("/v1/device/acks", "{\"streamId\":\"other\",\"itemSeq\":1}")
                        .code())
                .isEqualTo("streamChanged");
        assertThat(app.put("/v1/device/tokens", BODIES.get("PUT /v1/device/tokens"))
                        .status())
                .isEqualTo(200);
        assertThat(app.post("/v1/device/opened", "{\"notificationId\":\"" + notification + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(app.post("/v1/device/opened", "{\"notificationId\":\"none\"}")
                        .code())
                .isEqualTo("notFound");
        try (EventSource events = EventSource.open(node.url(), deviceToken, "")) {
            events.next("welcome");
            anybody.observed().add(new Http.Observed("GET", "/v1/device/stream", events.status()));
        }
        CompletableFuture<Http.Answer> waiting =
                CompletableFuture.supplyAsync(() -> app.get("/v1/device/inbox?after=900000&waitSeconds=20"));
        assertThat(waiting.join().status())
                .as("a position of another stream waits for nothing")
                .isEqualTo(200);
        long last = app.get("/v1/device/inbox").json().path("lastSeq").asLong();
        CompletableFuture<Http.Answer> replaced =
                CompletableFuture.supplyAsync(() -> app.get("/v1/device/inbox?after=" + last + "&waitSeconds=20"));
        await("the poll's session").until(() -> anybody.as(key)
                .get("/v1/devices/d1")
                .json()
                .path("online")
                .asBoolean());
        try (Socket socket = Socket.connected(node.url(), deviceToken, null, 0)) {
            assertThat(replaced.join().code()).isEqualTo("replaced");
        }
    }

    private void upgrades(Node node) {
        String token = "Authorization: Bearer " + deviceToken;
        String protocol = "Sec-WebSocket-Protocol: lanying.v1.json";
        upgrade(node, 101, protocol, token);
        upgrade(node, 400, token);
        upgrade(node, 401, protocol);
        upgrade(node, 403, protocol, token, "Origin: https://elsewhere.example");
        Http operator = anybody.as(NodeFixture.OPERATOR_KEY);
        operator.put("/v1/admin/tenants/acme/quotas", "{\"sockets\":1}");
        try (Socket socket = Socket.connected(node.url(), deviceToken, null, 0)) {
            upgrade(node, 429, protocol, token);
        }
        operator.put("/v1/admin/tenants/acme/quotas", "{}");
    }

    /** The tenant's home is not here. */
    private void everyOperationElsewhere(Node node) {
        Http there = anybody.at(node.url());
        for (Operation operation : operations) {
            if (isSocket(operation)) {
                upgrade(node, 421, "Sec-WebSocket-Protocol: lanying.v1.json", "Authorization: Bearer " + deviceToken);
            } else if (operation.statuses().contains(421)) {
                refused(
                        operation,
                        421,
                        there.as(isDevice(operation) ? credential(operation) : key),
                        path(operation),
                        BODIES.get(operation.method() + " " + operation.template()),
                        Map.of());
            }
        }
    }

    /** Each credential has one request; the next one, whatever it is, is one too many. */
    private void everyOperationTooOften(Node node) {
        Http there = anybody.at(node.url());
        there.as(NodeFixture.OPERATOR_KEY).get("/v1/admin/tenants");
        there.as(key).get("/v1/devices/d1");
        there.as(deviceToken).get("/v1/device/inbox");
        there.as(attachments.token()).get("/v1/device/inbox");
        for (Operation operation : operations) {
            if (operation.statuses().contains(429) && !isSocket(operation)) {
                refused(
                        operation,
                        429,
                        there.as(credential(operation)),
                        path(operation),
                        BODIES.get(operation.method() + " " + operation.template()),
                        Map.of());
            }
        }
    }

    /** Nothing is in the node's memory yet, and there is no store to read it from. */
    private void everyOperationWithoutDatabase(Node node) throws Exception {
        Http there = anybody.at(node.url());
        List<Callable<Void>> calls = new ArrayList<>();
        for (Operation operation : operations) {
            if (isSocket(operation)) {
                calls.add(() -> {
                    upgrade(
                            node,
                            503,
                            "Sec-WebSocket-Protocol: lanying.v1.json",
                            "Authorization: Bearer " + deviceToken);
                    return null;
                });
            } else if (!isDocument(operation)) {
                calls.add(() -> {
                    refused(
                            operation,
                            503,
                            there.as(credential(operation)),
                            path(operation),
                            BODIES.get(operation.method() + " " + operation.template()),
                            Map.of());
                    return null;
                });
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void refused(
            Operation operation, int status, Http caller, String path, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        if (operation.method().equals("POST")) {
            all.put("Idempotency-Key", operation.template() + status);
        }
        if (operation.template().equals(BATCH)) {
            LINES.forEach(all::putIfAbsent);
        }
        if (AttachmentAnswers.isChunk(operation)) {
            AttachmentAnswers.CHUNK.forEach(all::putIfAbsent);
        }
        Http.Answer answer = caller.call(operation.method(), path, body, all);
        assertThat(answer.status())
                .as("%s: %s", operation.name(status), answer.text())
                .isEqualTo(status);
        assertThat(answer.header("Content-Type")).as(operation.name(status)).startsWith("application/problem+json");
        assertThat(answer.json().path("requestId").asText())
                .isEqualTo(answer.header("X-Request-Id"))
                .isNotEmpty();
        if (status == 429 || status == 503) {
            assertThat(answer.header("Retry-After")).as(operation.name(status)).matches("[0-9]+");
        }
    }

    private void upgrade(Node node, int status, String... headers) {
        int answered = Upgrade.status(node.url(), headers);
        assertThat(answered).as("upgrade with %s", List.of(headers)).isEqualTo(status);
        anybody.observed().add(new Http.Observed("GET", "/v1/device/socket", answered));
    }

    private String path(Operation operation) {
        return operation
                .template()
                .replace("{tenantId}", "acme")
                .replace("{keyId}", "k0")
                .replace("{role}", "reader")
                .replace("{channel}", "apns")
                .replace("{environment}", "production")
                .replace("{deviceId}", "d1")
                .replace("{notificationId}", operation.template().startsWith("/v1/journal/") ? broadcast : notification)
                .replace("{userId}", "u1")
                .replace("{conversationId}", "g1")
                .replace("{messageId}", "g1~1")
                .replace(
                        "{attachmentId}",
                        AttachmentAnswers.isChunk(operation) ? attachments.upload() : attachments.complete())
                .replace("{positionsId}", "g1~0")
                .replace("{file}", "init.js");
    }

    private Http caller(Operation operation) {
        return anybody.as(credential(operation));
    }

    private String credential(Operation operation) {
        if (operation.template().startsWith(AttachmentAnswers.OWN)) {
            return attachments.token();
        }
        if (isDevice(operation)) {
            return deviceToken;
        }
        return isAdmin(operation) ? NodeFixture.OPERATOR_KEY : isDocument(operation) ? "" : key;
    }

    /** A credential that is good, but not for this: unknown and forbidden look the same. */
    private Http stranger(Operation operation) {
        return anybody.as(isAdmin(operation) ? limitedKey : NodeFixture.OPERATOR_KEY);
    }

    private static boolean isAdmin(Operation operation) {
        return operation.template().startsWith("/v1/admin/");
    }

    /** Called by apps, with their session token. */
    private static boolean isDevice(Operation operation) {
        return operation.template().startsWith("/v1/device/");
    }

    private static boolean isDocument(Operation operation) {
        return !operation.template().startsWith("/v1/");
    }

    /** An answer to it has no end. */
    private static boolean isStream(Operation operation) {
        return operation.template().equals("/v1/device/stream");
    }

    private static boolean isSocket(Operation operation) {
        return operation.template().equals("/v1/device/socket");
    }
}
