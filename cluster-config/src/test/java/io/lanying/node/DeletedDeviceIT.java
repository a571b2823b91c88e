package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key, one answer, also when the device was deleted since and nothing is remembered at the edge. */
class DeletedDeviceIT {

    private static final String RANGE = "{\"fromItemSeq\":1,\"toItemSeq\":1}";

    @TempDir
    Path directory;

    @Test
    void repeatsAreAnsweredAsBeforeOnH2() {
        repeats(
                NodeFixture.onH2(directory),
                new StoreAccess("jdbc:h2:file:" + directory.resolve("lanying"), "lanying", ""));
    }

    @Test
    void repeatsAreAnsweredAsBeforeOnPostgres() {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        repeats(
                NodeFixture.onPostgres(database, directory),
                new StoreAccess(database.jdbcUrl(), database.user(), database.password()));
    }

    private static void repeats(NodeFixture fixture, StoreAccess store) {
        String key;
        String rivalKey;
        String push;
        String pushOfErased;
        Http.Answer redelivery;
        try (Node node = fixture.start()) {
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            key = NodeIT.tenantWithKey(operator, "acme");
            rivalKey = NodeIT.tenantWithKey(operator, "rival");
            Http tenant = operator.as(key);
            register(tenant, "phone", "ada");
            register(tenant, "tablet", "bob");
            register(tenant, "kept", "ada");
            push = NodeIT.push(tenant, "phone", "first", "k1");
            pushOfErased = NodeIT.push(tenant, "tablet", "first", "k1");
            redelivery = redeliver(tenant, "phone", "r1");
            assertThat(redelivery.status()).as(redelivery.text()).isEqualTo(202);
            assertThat(tenant.delete("/v1/devices/phone").status()).isEqualTo(204);
            assertThat(tenant.delete("/v1/devices/tablet").status()).isEqualTo(204);
        }
        store.execute("DELETE FROM subject_keys WHERE tenant = 'acme' AND subject = 'user:bob'");
        try (Node node = fixture.start()) {
            Http tenant = new Http(node.url(), key);
            answeredAsBefore(send(tenant, "phone", "first", "k1"), push);
            answeredAsBefore(send(tenant, "phone", "first", "k1"), push);
            Http.Answer again = redeliver(tenant, "phone", "r1");
            assertThat(again.status()).as(again.text()).isEqualTo(202);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.json()).isEqualTo(redelivery.json());

            assertThat(send(tenant, "phone", "other", "k1").code()).isEqualTo("idempotencyKeyReused");
            assertThat(send(tenant, "phone", "first", "k2").status()).isEqualTo(404);
            assertThat(redeliver(tenant, "phone", "r2").status()).isEqualTo(404);
            theDeletedDeviceIsHidden(tenant);

            // With the key of a person's data goes the proof that the content is the same: refused, never sent twice.
            Http.Answer erased = send(tenant, "tablet", "first", "k1");
            assertThat(erased.code()).as(pushOfErased).isEqualTo("idempotencyKeyReused");
            assertThat(send(tenant, "never", "first", "k1").status()).isEqualTo(404);
            assertThat(redeliver(tenant, "never", "r1").status()).isEqualTo(404);
            assertThat(send(tenant.as(rivalKey), "phone", "first", "k1").status())
                    .isEqualTo(404);
        }
    }

    private static void theDeletedDeviceIsHidden(Http tenant) {
        assertThat(tenant.get("/v1/devices/phone").status()).isEqualTo(404);
        assertThat(tenant.get("/v1/devices").json().path("items")).hasSize(1);
        assertThat(tenant.post("/v1/notifications?validateOnly=true", body("phone", "first"))
                        .status())
                .isEqualTo(404);
    }

    private static void answeredAsBefore(Http.Answer answer, String notification) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(answer.json().path("notificationId").asText()).isEqualTo(notification);
    }

    private static void register(Http tenant, String device, String user) {
        assertThat(tenant.put("/v1/devices/" + device, "{\"userId\":\"" + user + "\",\"platform\":\"other\"}")
                        .status())
                .isEqualTo(201);
    }

    private static Http.Answer send(Http tenant, String device, String title, String key) {
        return tenant.post("/v1/notifications", body(device, title), key);
    }

    private static Http.Answer redeliver(Http tenant, String device, String key) {
        return tenant.post("/v1/devices/" + device + "/redeliveries", RANGE, key);
    }

    private static String body(String device, String title) {
        return "{\"audience\":{\"devices\":[\"" + device + "\"]},\"message\":{\"title\":\"" + title + "\"}}";
    }
}
