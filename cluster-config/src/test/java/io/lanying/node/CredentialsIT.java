package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.channels.simulator.apns.ApnsSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vendor's credential on a whole node with a simulated vendor that knows one key: rolled forth and back while a device is
 * reached with it, through a restart, and in no file in clear.
 */
class CredentialsIT {

    private static final String APNS = "/v1/channels/apns/production";
    private static final String TOKEN = "a1".repeat(32);

    @TempDir
    Path directory;

    private final KeyPair good = VendorCredentials.newKey();
    private final KeyPair unknown = VendorCredentials.newKey();

    @Test
    void isRolledForthAndBackAndNeverInClear() throws Exception {
        try (ApnsSimulator apple = ApnsSimulator.start(0)) {
            apple.trustKey("TEAM000001", "KEY0000001", good.getPublic());
            Path trust = apple.writeTrust(directory.resolve("trust.pem"));
            String key;
            try (Node node = fixture(apple, trust).start()) {
                Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
                key = NodeIT.tenantWithKey(operator, "acme");
                rollForthAndBack(operator.as(key));
                reachesAPhone(operator.as(key), apple, "before");
                showsNoSecret(operator.as(key));
            }
            try (Node node = fixture(apple, trust).start()) {
                Http tenant = new Http(node.url(), key);
                assertThat(version(tenant.get(APNS))).isEqualTo(3);
                reachesAPhone(tenant, apple, "after");
                assertThat(tenant.delete(APNS).status()).isEqualTo(204);
                assertThat(tenant.post(APNS + "/test", "{}").status()).isEqualTo(404);
            }
        }
        assertThat(filesWith("KEY0000001")).as("the scan finds what is there").isNotZero();
        assertThat(filesWith(fragment(good))).isZero();
        assertThat(filesWith(fragment(unknown))).isZero();
    }

    private NodeFixture fixture(ApnsSimulator apple, Path trust) {
        return NodeFixture.onH2(directory.resolve("data"))
                .with("push.channels.apns.endpoint", apple.endpoint())
                .with("push.channels.apns.trust", trust.toString());
    }

    private void rollForthAndBack(Http tenant) {
        String first = VendorCredentials.apns("KEY0000001", good);
        assertThat(tenant.put(APNS, first).status()).isEqualTo(201);
        assertThat(version(tenant.put(APNS, first)))
                .as("the same again is no new version")
                .isEqualTo(1);
        assertThat(works(tenant)).isTrue();
        assertThat(version(tenant.put(APNS, VendorCredentials.apns("KEY0000002", unknown))))
                .isEqualTo(2);
        assertThat(works(tenant)).as("the vendor does not know this key").isFalse();

        Http.Answer back = tenant.post(APNS + "/restore", "{\"version\":1}", "back");
        assertThat(version(back)).isEqualTo(3);
        Http.Answer again = tenant.post(APNS + "/restore", "{\"version\":1}", "back");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.text()).isEqualTo(back.text());
        assertThat(works(tenant)).isTrue();
    }

    private static void reachesAPhone(Http tenant, ApnsSimulator apple, String name) {
        tenant.put(
                "/v1/devices/" + name,
                "{\"platform\":\"ios\",\"tokens\":[{\"channel\":\"apns\",\"token\":\"" + TOKEN + "\"}]}");
        int before = apple.received().size();
        String notification = NodeIT.push(tenant, name, "Hello", name);
        await().atMost(Duration.ofSeconds(20)).until(() -> apple.received().size() > before);
        NodeIT.awaitFate(tenant, notification, name, "acceptedByVendor");
    }

    private void showsNoSecret(Http tenant) {
        Http.Answer fcm = tenant.put("/v1/channels/fcm/production", VendorCredentials.fcm("example-project"));
        assertThat(fcm.status()).as(fcm.text()).isEqualTo(201);
        assertThat(fcm.text()).contains("example-project").doesNotContain("PRIVATE KEY");
        assertThat(tenant.get(APNS).text() + tenant.get("/v1/channels").text())
                .contains("KEY0000001", "KEY0000002", "example-project")
                .doesNotContain(fragment(good), fragment(unknown), "PRIVATE KEY");
    }

    private static boolean works(Http tenant) {
        Http.Answer answer = tenant.post(APNS + "/test", "{}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("works").asBoolean();
    }

    private static long version(Http.Answer answer) {
        return answer.json().path("version").asLong();
    }

    /** From behind what all such keys begin with. */
    private static String fragment(KeyPair key) {
        return VendorCredentials.text(key).substring(50, 85);
    }

    private long filesWith(String text) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, text))
                    .count();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
