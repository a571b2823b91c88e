package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audiences on a whole node: three devices of two users, and another tenant's that must never hear of anything. */
class AudienceIT {

    private static final List<String> DEVICES = List.of("phone", "tablet", "watch");

    @TempDir
    Path directory;

    private final Map<String, Socket> sockets = new HashMap<>();
    private Http tenant;

    @Test
    void everyAudienceReachesItsDevicesAndNobodyElse() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            tenant = operator.as(NodeIT.tenantWithKey(operator, "acme"));
            Http rival = operator.as(NodeIT.tenantWithKey(operator, "rival"));
            register(tenant, "phone", "ada", "kitchen", "beta", "zh");
            register(tenant, "tablet", "ada", "desk", "beta");
            register(tenant, "watch", "bob", "kitchen", "zh", "muted");
            register(rival, "canary", "ada", "kitchen", "beta", "zh");
            for (String device : DEVICES) {
                sockets.put(device, Socket.connected(node.url(), NodeIT.sessionToken(tenant, device), null, 0));
            }
            try (Socket canary = Socket.connected(node.url(), NodeIT.sessionToken(rival, "canary"), null, 0)) {
                reaches("\"devices\":[\"phone\",\"watch\",\"canary\",\"nobody\"]", "phone", "watch");
                reaches("\"users\":[\"ada\"]", "phone", "tablet");
                reaches("\"aliases\":[\"kitchen\"]", "phone", "watch");
                reaches("\"tags\":{\"any\":[\"beta\",\"muted\"]}", "phone", "tablet", "watch");
                reaches("\"tags\":{\"all\":[\"beta\",\"zh\"]}", "phone");
                reaches("\"tags\":{\"any\":[\"zh\"],\"none\":[\"muted\"]}", "phone");
                reaches("\"tags\":{\"none\":[\"zh\"]}", "tablet");
                reaches("\"everyone\":true", "phone", "tablet", "watch");
                reaches("\"users\":[\"nobody\"]");
                repeatsAreOne();
                countsAreWhatTheJournalsSay();
                scheduledAndCancelled();
                recalled();
                assertThat(canary.itemSeqs()).isEmpty();
            } finally {
                sockets.values().forEach(Socket::close);
            }
            assertThat(rival.get("/v1/notifications/" + send("\"everyone\":true", "", "theirs"))
                            .status())
                    .isEqualTo(404);
        }
    }

    /** What the notification says of its devices is what each device's journal says. */
    private void countsAreWhatTheJournalsSay() {
        String notification = send("\"everyone\":true", "", "count me");
        awaitSent(notification);
        for (String device : List.of("phone", "watch")) {
            Socket socket = sockets.get(device);
            await(device).atMost(Duration.ofSeconds(20)).until(() -> socket.received("item").stream()
                    .anyMatch(item -> item.path("notificationId").asText().equals(notification)));
            socket.ack(socket.itemSeqs().get(socket.itemSeqs().size() - 1));
        }
        await("counts").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var recount = new HashMap<String, Integer>();
            DEVICES.forEach(device -> recount.merge(fate(notification, device), 1, Integer::sum));
            assertThat(recount).containsEntry("acknowledged", 2).containsEntry("pending", 1);
            JsonNode shown = tenant.get("/v1/notifications/" + notification).json();
            recount.forEach((fate, devices) ->
                    assertThat(shown.path("counts").path(fate).asInt()).as(fate).isEqualTo(devices));
            assertThat(shown.path("byChannel")
                            .path("socket")
                            .path("acknowledged")
                            .asInt())
                    .isEqualTo(2);
            assertThat(shown.path("status").asText()).isEqualTo("pending");
        });
    }

    private void repeatsAreOne() {
        String first = send("\"users\":[\"bob\"]", "", "same");
        awaitSent(first);
        Http.Answer repeat = post("\"users\":[\"bob\"]", "", "same");
        assertThat(repeat.status()).isEqualTo(202);
        assertThat(repeat.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(repeat.json().path("notificationId").asText()).isEqualTo(first);
        assertThat(post("\"users\":[\"ada\"]", "", "same").code()).isEqualTo("idempotencyKeyReused");
        assertThat(events(first)).startsWith("notificationAccepted", "pageResolved", "pageSent");
        JsonNode state = tenant.get("/v1/journal/notifications/" + first + "/state?asOfSeq=2")
                .json();
        assertThat(state.path("state").path("current").path("devices")).hasSize(1);
    }

    private void scheduledAndCancelled() {
        Instant soon = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
        String later = send("\"devices\":[\"tablet\"]", "\"sendAt\":\"" + soon + "\"", "later");
        assertThat(status(later)).isEqualTo("scheduled");
        String never = send("\"everyone\":true", "\"sendAt\":\"" + soon + "\"", "never");
        assertThat(tenant.delete("/v1/notifications/" + never)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("cancelled");
        awaitSent(later);
        NodeIT.awaitFate(tenant, later, "tablet", "pending");
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
        assertThat(fate(never, "tablet")).isEqualTo("notTargeted");
    }

    private void recalled() {
        String notification = send("\"users\":[\"ada\"]", "", "oops");
        awaitSent(notification);
        assertThat(tenant.delete("/v1/notifications/" + notification).status()).isEqualTo(200);
        await("recalled").atMost(Duration.ofSeconds(20)).until(() -> status(notification)
                .equals("recalled"));
        NodeIT.awaitFate(tenant, notification, "phone", "recalled");
        NodeIT.awaitFate(tenant, notification, "tablet", "recalled");
        assertThat(fate(notification, "watch")).isEqualTo("notTargeted");
    }

    private void reaches(String audience, String... devices) {
        String notification = send(audience, "", audience);
        awaitSent(notification);
        var reached = new TreeSet<String>();
        for (String device : DEVICES) {
            String fate = fate(notification, device);
            if (!fate.equals("notTargeted")) {
                assertThat(fate).isEqualTo("pending");
                reached.add(device);
            }
        }
        assertThat(reached).as(audience).containsExactlyInAnyOrder(devices);
        JsonNode shown = tenant.get("/v1/notifications/" + notification).json();
        assertThat(shown.path("counts").path("targeted").asInt()).isEqualTo(devices.length);
        for (String device : devices) {
            Socket socket = sockets.get(device);
            await(device + " " + audience).atMost(Duration.ofSeconds(20)).until(() -> socket.received("item").stream()
                    .anyMatch(item -> item.path("notificationId").asText().equals(notification)));
        }
    }

    private void awaitSent(String notification) {
        await("sent").atMost(Duration.ofSeconds(20)).until(() -> !List.of("scheduled", "sending")
                .contains(status(notification)));
    }

    private String status(String notification) {
        return tenant.get("/v1/notifications/" + notification)
                .json()
                .path("status")
                .asText();
    }

    private String fate(String notification, String device) {
        return tenant.get("/v1/notifications/" + notification + "/devices/" + device + "/why")
                .json()
                .path("fate")
                .asText();
    }

    private List<String> events(String notification) {
        return tenant.get("/v1/journal/notifications/" + notification + "/events")
                .json()
                .path("items")
                .findValuesAsText("type");
    }

    private String send(String audience, String delivery, String key) {
        Http.Answer answer = post(audience, delivery, key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("notificationId").asText();
    }

    private Http.Answer post(String audience, String delivery, String key) {
        return tenant.post(
                "/v1/notifications",
                "{\"audience\":{" + audience + "},\"message\":{\"title\":\"hello\"},\"delivery\":{" + delivery + "}}",
                Integer.toHexString(key.hashCode()));
    }

    private static void register(Http tenant, String device, String user, String alias, String... tags) {
        assertThat(tenant.put(
                                "/v1/devices/" + device,
                                "{\"userId\":\"" + user + "\",\"platform\":\"other\",\"alias\":\"" + alias
                                        + "\",\"tags\":[\"" + String.join("\",\"", tags) + "\"]}")
                        .status())
                .isEqualTo(201);
    }
}
