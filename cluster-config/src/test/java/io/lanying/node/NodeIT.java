package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One whole node on each store: the first real path from a tenant to an acknowledged item, across a restart. */
class NodeIT {

    @TempDir
    Path directory;

    @Test
    void firstRealPathOnH2() {
        NodeFixture fixture = NodeFixture.onH2(directory);
        firstRealPath(fixture);
    }

    @Test
    void firstRealPathOnPostgres() {
        firstRealPath(NodeFixture.onPostgres(PostgresServer.shared().newDatabase(), directory));
    }

    private static void firstRealPath(NodeFixture fixture) {
        String key;
        String notification;
        JsonNode eventsBefore;
        try (Node node = fixture.start()) {
            assertThat(node.newOperatorKey()).isEmpty();
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            key = tenantWithKey(operator, "acme");
            Http tenant = operator.as(key);
            assertThat(tenant.put("/v1/devices/phone", "{\"userId\":\"ada\",\"platform\":\"other\"}")
                            .status())
                    .isEqualTo(201);
            notification = push(tenant, "phone", "first", "k1");
            try (Socket socket = Socket.connected(node.url(), sessionToken(tenant, "phone"), null, 0)) {
                JsonNode item = socket.next("item");
                assertThat(item.path("itemSeq").asLong()).isEqualTo(1);
                assertThat(item.path("notificationId").asText()).isEqualTo(notification);
                assertThat(item.path("body").path("title").asText()).isEqualTo("first");
                socket.ack(1);
                awaitFate(tenant, notification, "phone", "acknowledged");
            }
            push(tenant, "phone", "second", "k2");
            managementAnswers(fixture);
            eventsBefore = events(tenant, "phone");
        }
        try (Node node = fixture.start()) {
            Http tenant = new Http(node.url(), key);
            awaitFate(tenant, notification, "phone", "acknowledged");
            List<JsonNode> after = elements(events(tenant, "phone"));
            List<JsonNode> before = elements(eventsBefore);
            assertThat(after.subList(0, before.size())).isEqualTo(before);
            JsonNode state =
                    tenant.get("/v1/journal/devices/phone/state?asOfSeq=1").json();
            assertThat(state.path("eventSeq").asLong()).isEqualTo(1);
            try (Socket socket = Socket.connected(node.url(), sessionToken(tenant, "phone"), null, 0)) {
                socket.awaitItems(2);
                assertThat(socket.itemSeqs()).containsExactly(2L);
                socket.ack(2);
            }
        }
    }

    private static void managementAnswers(NodeFixture fixture) {
        Http management = new Http(fixture.management().toString(), "");
        await("ready")
                .atMost(Duration.ofSeconds(20))
                .until(() -> management.get("/ready").status() == 200);
        assertThat(management.get("/alive").status()).isEqualTo(200);
        String metrics = management.get("/metrics").text();
        assertThat(metricsWithAlarms()).isNotEmpty().allSatisfy(name -> assertThat(metrics)
                .containsPattern("\n" + name + "(\\{[^}]*})? "));
        assertThat(metrics)
                .contains("jvm_memory_used_bytes")
                .contains("push_database_connections_active")
                .contains("push_http_requests_seconds_count")
                // There from the start: an alarm on a number that is not there yet would miss the first.
                .contains("double_writer_total 0.0");
        assertThat(management.get("/cluster/members").status()).isEqualTo(200);
    }

    /** What docs/operations.md tells operators to watch. */
    private static Set<String> metricsWithAlarms() {
        try {
            return Pattern.compile("[a-z_]+_total")
                    .matcher(Files.readString(Path.of("..", "docs", "operations.md")))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String tenantWithKey(Http operator, String tenantId) {
        assertThat(operator.post(
                                "/v1/admin/tenants",
                                "{\"tenantId\":\"" + tenantId + "\",\"name\":\"" + tenantId + "\"}",
                                "tenant-" + tenantId)
                        .status())
                .isEqualTo(201);
        Http.Answer key = operator.post(
                "/v1/admin/tenants/" + tenantId + "/api-keys",
                "{\"name\":\"test\",\"scopes\":[\"*\"]}",
                "key-" + tenantId);
        assertThat(key.status()).isEqualTo(201);
        return key.json().path("key").asText();
    }

    static String sessionToken(Http tenant, String device) {
        Http.Answer token = tenant.post("/v1/devices/" + device + "/session-tokens", "{}");
        assertThat(token.status()).isEqualTo(201);
        return token.json().path("token").asText();
    }

    static String push(Http tenant, String device, String title, String key) {
        Http.Answer answer = tenant.post(
                "/v1/notifications",
                "{\"audience\":{\"devices\":[\"" + device + "\"]},\"message\":{\"title\":\"" + title + "\"}}",
                key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("notificationId").asText();
    }

    static void awaitFate(Http tenant, String notification, String device, String fate) {
        await("fate " + fate).atMost(Duration.ofSeconds(20)).until(() -> tenant.get(
                        "/v1/notifications/" + notification + "/devices/" + device + "/why")
                .json()
                .path("fate")
                .asText()
                .equals(fate));
    }

    private static JsonNode events(Http tenant, String device) {
        return tenant.get("/v1/journal/devices/" + device + "/events?limit=200")
                .json()
                .path("items");
    }

    private static List<JsonNode> elements(JsonNode array) {
        return java.util.stream.StreamSupport.stream(array.spliterator(), false).toList();
    }
}
