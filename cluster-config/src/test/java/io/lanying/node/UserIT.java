package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's wish for quiet on a whole node: said to the user, kept by the device, named by {@code why}. */
class UserIT {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    @TempDir
    Path directory;

    private Http tenant;

    @Test
    void quietHoursHoldPushesBackAndWhyNamesThem() {
        NodeFixture fixture = NodeFixture.onH2(directory);
        String key;
        try (Node node = fixture.start()) {
            key = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
            tenant = new Http(node.url(), key);
            assertThat(wish("defer").status()).isEqualTo(201);
            assertThat(register().status()).isEqualTo(201);
            JsonNode deferred = why(push("standard", "k1"));
            assertThat(deferred.path("fate").asText()).isEqualTo("pending");
            assertThat(deferred.path("reason").asText()).contains("quiet hours until ");
            assertThat(events(deferred)).contains("quietHours").doesNotContain("offeredToVendor");
            assertThat(events(why(push("transactional", "k2"))))
                    .contains("offeredToVendor")
                    .doesNotContain("quietHours");
        }
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), key);
            assertThat(why(push("marketing", "k3")).path("reason").asText())
                    .as("after a restart")
                    .contains("quiet hours until ");
            assertThat(wish("drop").status()).isEqualTo(200);
            awaitApplied(2);
            JsonNode dropped = why(push("standard", "k4"));
            assertThat(dropped.path("fate").asText()).isEqualTo("refused");
            assertThat(dropped.path("reason").asText()).isEqualTo("quietHours");

            assertThat(tenant.put("/v1/users/ada", "{\"name\":\"Ada\",\"settings\":{\"muted\":true}}")
                            .status())
                    .isEqualTo(200);
            awaitApplied(3);
            assertThat(why(push("standard", "k5")).path("reason").asText()).contains("muted");
        }
    }

    @Test
    void aPersonWhoIsErasedLeavesAJournalThatReplays() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            String key = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
            tenant = new Http(node.url(), key);
            wish("silent");
            register();
            assertThat(tenant.get("/v1/users/ada")
                            .json()
                            .path("devices")
                            .path(0)
                            .asText())
                    .isEqualTo("phone");

            assertThat(tenant.delete("/v1/users/ada").status()).isEqualTo(204);

            assertThat(tenant.get("/v1/users/ada").status()).isEqualTo(404);
            assertThat(userEvents().path(0).path("event").path("name").toString())
                    .isEqualTo("{\"erased\":true}");
            awaitApplied(2);
            await().until(() -> device().path("tokens").isEmpty());
            assertThat(register().status()).isEqualTo(200);
            assertThat(device().path("tokens").size()).as("registered anew").isEqualTo(1);
            assertThat(tenant.get("/v1/journal/users/ada/state")
                            .json()
                            .path("state")
                            .has("erasedAt"))
                    .isTrue();
        }
    }

    private Http.Answer wish(String mode) {
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        return tenant.put(
                "/v1/users/ada",
                "{\"name\":\"Ada\",\"settings\":{\"quietHours\":{\"from\":\"" + TIME.format(now.minusHours(2))
                        + "\",\"to\":\"" + TIME.format(now.plusHours(2)) + "\",\"zone\":\"UTC\",\"mode\":\"" + mode
                        + "\"}}}");
    }

    private Http.Answer register() {
        return tenant.put(
                "/v1/devices/phone",
                "{\"userId\":\"ada\",\"platform\":\"android\",\"tokens\":[{\"channel\":\"fcm\",\"token\":\"t1\"}]}");
    }

    private JsonNode device() {
        return tenant.get("/v1/devices/phone").json();
    }

    private String push(String category, String key) {
        Http.Answer answer = tenant.post(
                "/v1/notifications",
                "{\"audience\":{\"devices\":[\"phone\"]},\"message\":{\"title\":\"t\",\"category\":\"" + category
                        + "\"}}",
                key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("notificationId").asText();
    }

    private JsonNode why(String notification) {
        return tenant.get("/v1/notifications/" + notification + "/devices/phone/why")
                .json();
    }

    private static String events(JsonNode why) {
        return why.path("timeline").findValuesAsText("event").toString();
    }

    private JsonNode userEvents() {
        return tenant.get("/v1/journal/users/ada/events").json().path("items");
    }

    private void awaitApplied(long version) {
        await("settings " + version).until(() -> tenant.get("/v1/journal/devices/phone/events?limit=200")
                .json()
                .path("items")
                .toString()
                .contains("\"type\":\"userSettingsApplied\",\"event\":{\"version\":" + version));
    }
}
