package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings as they are shipped, and their limits. */
class ApnsSettingsTest {

    @Test
    void withoutSettingsItIsAppleUnderTheCertificatesThatJavaTrusts() {
        ApnsSettings settings = ApnsSettings.from(Adapters.config(""));

        assertThat(ApnsEnvironment.PRODUCTION.endpoint(settings))
                .isEqualTo(new ApnsSettings.Endpoint("api.push.apple.com", 443));
        assertThat(ApnsEnvironment.SANDBOX.endpoint(settings))
                .isEqualTo(new ApnsSettings.Endpoint("api.sandbox.push.apple.com", 443));
        assertThat(settings.trust()).isEmpty();
        assertThat(settings.deadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.tokenAge()).isEqualTo(Duration.ofMinutes(50));
    }

    @Test
    void aServerThatJavaDoesNotTrustGetsNothing() {
        try (ApnsSimulator simulator = ApnsSimulator.start(0)) {
            ApnsAdapter adapter = (ApnsAdapter) new ApnsAdapterFactory(
                            Adapters.config("endpoint = \"" + simulator.endpoint() + "\""), Adapters.CLOCK)
                    .open("production", Credentials.bytes(Credentials.token()));

            var answer = adapter.send(Messages.draft().message())
                    .toCompletableFuture()
                    .join();

            assertThat(answer.result()).isEqualTo(ResultClass.RETRY);
            assertThat(answer.code()).isEqualTo("tls");
            assertThat(simulator.received()).isEmpty();
            adapter.close().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoint = \"localhost\"",
                "endpoint = \":443\"",
                "endpoint = \"localhost:0\"",
                "endpoint = \"localhost:70000\"",
                "endpoint = \"https://localhost:x\"",
                "connections = 0",
                "connections = 17",
                "max-in-flight = 0",
                "max-in-flight = 1001",
                "deadline = 0s",
                "deadline = 2m",
                "connect-timeout = 1ms",
                "token-age = 5m",
                "token-age = 60m",
                "trust = \"/nonexistent/trust.pem\""
            })
    void aSettingOutOfItsLimitsIsNamed(String change) {
        String key = change.substring(0, change.indexOf(' '));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApnsSettings.from(Adapters.config(change)))
                .withMessageStartingWith("push.channels.apns." + key + " must be ");
    }

    @Test
    void aTrustFileWithoutCertificatesIsRefused(@TempDir Path folder) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApnsSettings.from(Adapters.config("trust = \"" + empty + "\"")))
                .withMessageContaining("push.channels.apns.trust must be");
    }
}
