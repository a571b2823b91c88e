package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's credential on a whole node: rolled forth and back, found by channels, through a restart, and in no file in clear. */
class CredentialsIT {

    private static final String APNS = "/v1/channels/apns/production";
    private static final ChannelId ID = new ChannelId("apns", "production");

    @TempDir
    Path directory;

    @Test
    void isRolledForthAndBackAndNeverInClear() throws Exception {
        String first = VendorCredentials.newKey();
        String second = VendorCredentials.newKey();
        String key;
        ChannelCredential put;
        try (Node node = NodeFixture.onH2(directory).start()) {
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            key = NodeIT.tenantWithKey(operator, "acme");
            Http tenant = operator.as(key);
            assertThat(tenant.put(APNS, VendorCredentials.apns("KEY0000001", first))
                            .status())
                    .isEqualTo(201);
            ChannelCredential stored = current(node).orElseThrow();
            put = stored;
            assertThat(tenant.put(APNS, VendorCredentials.apns("KEY0000001", first))
                            .json()
                            .path("version")
                            .asLong())
                    .as("the same again is no new version")
                    .isEqualTo(1);
            assertThat(tenant.put(APNS, VendorCredentials.apns("KEY0000002", second))
                            .json()
                            .path("version")
                            .asLong())
                    .isEqualTo(2);
            var back = tenant.post(APNS + "/restore", "{\"version\":1}", "back");
            assertThat(back.json().path("version").asLong()).isEqualTo(3);
            var again = tenant.post(APNS + "/restore", "{\"version\":1}", "back");
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.text()).isEqualTo(back.text());
            assertThat(current(node)).hasValueSatisfying(credential -> {
                assertThat(credential.version()).isEqualTo(3);
                assertThat(credential.secret()).isEqualTo(stored.secret());
            });
            var fcm = tenant.put("/v1/channels/fcm/production", VendorCredentials.fcm("example-project"));
            assertThat(fcm.status()).as(fcm.text()).isEqualTo(201);
            assertThat(fcm.text()).contains("example-project").doesNotContain("PRIVATE KEY");
            assertThat(tenant.get(APNS).text() + tenant.get("/v1/channels").text())
                    .contains("KEY0000001", "KEY0000002")
                    .doesNotContain(first.substring(40, 80), second.substring(40, 80));
        }
        try (Node node = NodeFixture.onH2(directory).start()) {
            Http tenant = new Http(node.url(), key);
            assertThat(tenant.get(APNS).json().path("version").asLong()).isEqualTo(3);
            assertThat(current(node).orElseThrow().secret()).isEqualTo(put.secret());
            assertThat(tenant.delete(APNS).status()).isEqualTo(204);
            assertThat(current(node)).isEmpty();
        }
        assertThat(filesWith("KEY0000001")).as("the scan finds what is there").isNotZero();
        assertThat(filesWith(first.substring(40, 80))).isZero();
        assertThat(filesWith(second.substring(40, 80))).isZero();
    }

    private static Optional<ChannelCredential> current(Node node) throws Exception {
        var credentials = new ShardedCredentials(
                node.system(), Duration.ofSeconds(5), new SimpleMeterRegistry(), Clock.systemUTC());
        return credentials.current("acme", ID).toCompletableFuture().get(10, TimeUnit.SECONDS);
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
            throw new java.io.UncheckedIOException(e);
        }
    }
}
