package io.lanying.http;

import static io.lanying.http.StubEntities.BROADCAST;
import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.patch;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;

import akka.http.javadsl.model.HttpRequest;
import io.lanying.http.auth.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every operation for services, with a request that is right, made by whoever has the credential. */
public final class Operations {

    private static final String NOTIFICATION = "/v1/notifications/n" + "a".repeat(25) + "~d1";
    private static final String GROUP = "/v1/conversations/g1";
    private static final String HELLO = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"}}";

    /**
     * One operation.
     *
     * @param scope what an API key needs; absent if only the operator may
     * @param body whether it carries a document
     */
    public record Operation(String name, Optional<Scope> scope, boolean body, Function<String, HttpRequest> request) {

        @Override
        public String toString() {
            return name;
        }
    }

    private Operations() {}

    /** All of them, for tenant {@code acme} and its device {@code d1}. */
    public static List<Operation> all() {
        return Stream.concat(general().stream(), ofConversations().stream()).toList();
    }

    private static List<Operation> general() {
        return List.of(
                operator(
                        "POST /v1/admin/tenants",
                        true,
                        credential -> key(
                                post("/v1/admin/tenants", credential, "{\"tenantId\":\"acme\",\"name\":\"Acme\"}"),
                                "k")),
                operator("GET /v1/admin/tenants", false, credential -> get("/v1/admin/tenants", credential)),
                operator(
                        "GET /v1/admin/tenants/{tenantId}",
                        false,
                        credential -> get("/v1/admin/tenants/acme", credential)),
                operator(
                        "DELETE /v1/admin/tenants/{tenantId}",
                        false,
                        credential -> delete("/v1/admin/tenants/acme", credential)),
                of(
                        "POST /v1/admin/tenants/{tenantId}/api-keys",
                        Scope.KEYS_ADMIN,
                        true,
                        credential -> key(
                                post(
                                        "/v1/admin/tenants/acme/api-keys",
                                        credential,
                                        "{\"name\":\"n\",\"scopes\":[\"*\"]}"),
                                "k")),
                of(
                        "GET /v1/admin/tenants/{tenantId}/api-keys",
                        Scope.KEYS_ADMIN,
                        false,
                        credential -> get("/v1/admin/tenants/acme/api-keys", credential)),
                of(
                        "DELETE /v1/admin/tenants/{tenantId}/api-keys/{keyId}",
                        Scope.KEYS_ADMIN,
                        false,
                        credential -> delete("/v1/admin/tenants/acme/api-keys/k1", credential)),
                operator(
                        "PUT /v1/admin/tenants/{tenantId}/quotas",
                        true,
                        credential -> put("/v1/admin/tenants/acme/quotas", credential, "{\"sockets\":100}")),
                operator(
                        "GET /v1/admin/tenants/{tenantId}/quotas",
                        false,
                        credential -> get("/v1/admin/tenants/acme/quotas", credential)),
                of(
                        "GET /v1/admin/tenants/{tenantId}/roles",
                        Scope.KEYS_ADMIN,
                        false,
                        credential -> get("/v1/admin/tenants/acme/roles", credential)),
                of(
                        "PUT /v1/admin/tenants/{tenantId}/roles/{role}",
                        Scope.KEYS_ADMIN,
                        true,
                        credential -> put("/v1/admin/tenants/acme/roles/reader", credential, "{\"scopes\":[\"*\"]}")),
                of(
                        "GET /v1/admin/tenants/{tenantId}/roles/{role}",
                        Scope.KEYS_ADMIN,
                        false,
                        credential -> get("/v1/admin/tenants/acme/roles/reader", credential)),
                of(
                        "DELETE /v1/admin/tenants/{tenantId}/roles/{role}",
                        Scope.KEYS_ADMIN,
                        false,
                        credential -> delete("/v1/admin/tenants/acme/roles/reader", credential)),
                of(
                        "PUT /v1/channels/{channel}/{environment}",
                        Scope.CHANNELS_ADMIN,
                        true,
                        credential -> put("/v1/channels/apns/production", credential, "{\"key\":\"k\"}")),
                of("GET /v1/channels", Scope.CHANNELS_ADMIN, false, credential -> get("/v1/channels", credential)),
                of(
                        "GET /v1/channels/{channel}/{environment}",
                        Scope.CHANNELS_ADMIN,
                        false,
                        credential -> get("/v1/channels/apns/production", credential)),
                of(
                        "POST /v1/channels/{channel}/{environment}/test",
                        Scope.CHANNELS_ADMIN,
                        true,
                        credential -> post("/v1/channels/apns/production/test", credential, "{}")),
                of(
                        "POST /v1/channels/{channel}/{environment}/restore",
                        Scope.CHANNELS_ADMIN,
                        true,
                        credential ->
                                key(post("/v1/channels/apns/production/restore", credential, "{\"version\":1}"), "k")),
                of(
                        "DELETE /v1/channels/{channel}/{environment}",
                        Scope.CHANNELS_ADMIN,
                        false,
                        credential -> delete("/v1/channels/apns/production", credential)),
                of("GET /v1/devices", Scope.DEVICES_READ, false, credential -> get("/v1/devices", credential)),
                of(
                        "PUT /v1/devices/{deviceId}",
                        Scope.DEVICES_WRITE,
                        true,
                        credential -> put("/v1/devices/d1", credential, "{\"platform\":\"web\"}")),
                of(
                        "GET /v1/devices/{deviceId}",
                        Scope.DEVICES_READ,
                        false,
                        credential -> get("/v1/devices/d1", credential)),
                of(
                        "DELETE /v1/devices/{deviceId}",
                        Scope.DEVICES_WRITE,
                        false,
                        credential -> delete("/v1/devices/d1", credential)),
                of(
                        "POST /v1/devices/{deviceId}/session-tokens",
                        Scope.DEVICES_WRITE,
                        true,
                        credential -> post("/v1/devices/d1/session-tokens", credential, "{}")),
                of(
                        "POST /v1/devices/{deviceId}/redeliveries",
                        Scope.NOTIFICATIONS_SEND,
                        true,
                        credential -> key(
                                post("/v1/devices/d1/redeliveries", credential, "{\"fromItemSeq\":1,\"toItemSeq\":2}"),
                                "k")),
                of(
                        "POST /v1/notifications",
                        Scope.NOTIFICATIONS_SEND,
                        true,
                        credential -> key(post("/v1/notifications", credential, HELLO), "k")),
                of(
                        "GET /v1/notifications/{notificationId}",
                        Scope.NOTIFICATIONS_READ,
                        false,
                        credential -> get(NOTIFICATION, credential)),
                of(
                        "DELETE /v1/notifications/{notificationId}",
                        Scope.NOTIFICATIONS_SEND,
                        false,
                        credential -> delete(NOTIFICATION, credential)),
                of(
                        "GET /v1/notifications/{notificationId}/devices/{deviceId}/why",
                        Scope.NOTIFICATIONS_READ,
                        false,
                        credential -> get(NOTIFICATION + "/devices/d1/why", credential)),
                of(
                        "GET /v1/journal/devices/{deviceId}/events",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/devices/d1/events", credential)),
                of(
                        "GET /v1/journal/devices/{deviceId}/state",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/devices/d1/state", credential)),
                of(
                        "GET /v1/journal/notifications/{notificationId}/events",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/notifications/" + BROADCAST + "/events", credential)),
                of(
                        "PUT /v1/users/{userId}",
                        Scope.USERS_WRITE,
                        true,
                        credential -> put("/v1/users/u1", credential, "{\"settings\":{\"muted\":true}}")),
                of("GET /v1/users/{userId}", Scope.USERS_READ, false, credential -> get("/v1/users/u1", credential)),
                of(
                        "DELETE /v1/users/{userId}",
                        Scope.USERS_WRITE,
                        false,
                        credential -> delete("/v1/users/u1", credential)),
                of(
                        "GET /v1/journal/users/{userId}/events",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/users/u1/events", credential)),
                of(
                        "GET /v1/journal/users/{userId}/state",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/users/u1/state", credential)),
                of(
                        "GET /v1/journal/notifications/{notificationId}/state",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/notifications/" + BROADCAST + "/state", credential)));
    }

    private static List<Operation> ofConversations() {
        String group = "{\"conversationId\":\"g1\",\"type\":\"group\",\"members\":[{\"userId\":\"u1\"}]}";
        String content = "\"type\":\"text\",\"content\":{\"text\":\"hi\"}}";
        return List.of(
                of(
                        "POST /v1/conversations",
                        Scope.CONVERSATIONS_WRITE,
                        true,
                        credential -> key(post("/v1/conversations", credential, group), "k")),
                of("GET /v1/conversations/{conversationId}", Scope.CONVERSATIONS_READ, false, at("get", "")),
                of(
                        "PATCH /v1/conversations/{conversationId}",
                        Scope.CONVERSATIONS_WRITE,
                        true,
                        credential -> patch(GROUP, credential, "{\"archived\":true}")),
                of("DELETE /v1/conversations/{conversationId}", Scope.CONVERSATIONS_WRITE, false, at("delete", "")),
                of(
                        "GET /v1/conversations/{conversationId}/members",
                        Scope.CONVERSATIONS_READ,
                        false,
                        at("get", "/members")),
                of(
                        "PUT /v1/conversations/{conversationId}/members/{userId}",
                        Scope.CONVERSATIONS_WRITE,
                        true,
                        credential -> put(GROUP + "/members/u1", credential, "{\"push\":\"none\"}")),
                of(
                        "DELETE /v1/conversations/{conversationId}/members/{userId}",
                        Scope.CONVERSATIONS_WRITE,
                        false,
                        at("delete", "/members/u1")),
                of(
                        "POST /v1/conversations/{conversationId}/messages",
                        Scope.CONVERSATIONS_WRITE,
                        true,
                        credential -> post(
                                GROUP + "/messages",
                                credential,
                                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\"," + content)),
                of(
                        "GET /v1/conversations/{conversationId}/messages",
                        Scope.CONVERSATIONS_READ,
                        false,
                        at("get", "/messages")),
                of(
                        "PATCH /v1/conversations/{conversationId}/messages/{messageId}",
                        Scope.CONVERSATIONS_WRITE,
                        true,
                        credential -> patch(GROUP + "/messages/g1~1", credential, "{\"senderId\":\"u1\"," + content)),
                of(
                        "DELETE /v1/conversations/{conversationId}/messages/{messageId}",
                        Scope.CONVERSATIONS_WRITE,
                        false,
                        at("delete", "/messages/g1~1")),
                of(
                        "GET /v1/journal/conversations/{conversationId}/events",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/conversations/g1/events", credential)),
                of(
                        "GET /v1/journal/conversations/{conversationId}/state",
                        Scope.JOURNAL_READ,
                        false,
                        credential -> get("/v1/journal/conversations/g1/state", credential)));
    }

    private static Function<String, HttpRequest> at(String method, String below) {
        return credential -> method.equals("get") ? get(GROUP + below, credential) : delete(GROUP + below, credential);
    }

    /** Those of apps, with the session token of device {@code d1}. */
    public static List<Operation> ofDevices() {
        return List.of(
                ofDevice("GET /v1/device/inbox", false, token -> get("/v1/device/inbox?waitSeconds=1", token)),
                ofDevice(
                        "POST /v1/device/acks",
                        true,
                        token -> post("/v1/device/acks", token, "{\"streamId\":\"s1\",\"itemSeq\":3}")),
                ofDevice("GET /v1/device/stream", false, token -> get("/v1/device/stream", token)),
                ofDevice(
                        "PUT /v1/device/tokens",
                        true,
                        token -> put(
                                "/v1/device/tokens", token, "{\"tokens\":[{\"channel\":\"fcm\",\"token\":\"x\"}]}")),
                ofDevice(
                        "POST /v1/device/opened",
                        true,
                        token -> post("/v1/device/opened", token, "{\"notificationId\":\"n1\"}")),
                ofDevice(
                        "POST /v1/device/messages",
                        true,
                        token -> post(
                                "/v1/device/messages",
                                token,
                                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}")));
    }

    private static Operation ofDevice(String name, boolean body, Function<String, HttpRequest> request) {
        return new Operation(name, Optional.empty(), body, request);
    }

    private static Operation operator(String name, boolean body, Function<String, HttpRequest> request) {
        return new Operation(name, Optional.empty(), body, request);
    }

    private static Operation of(String name, Scope scope, boolean body, Function<String, HttpRequest> request) {
        return new Operation(name, Optional.of(scope), body, request);
    }
}
