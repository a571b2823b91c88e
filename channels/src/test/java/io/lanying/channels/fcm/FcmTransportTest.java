package io.lanying.channels.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests go when nothing is configured, and where none goes. Nothing is sent. */
class FcmTransportTest {

    private final FcmTransport transport = new FcmTransport(FcmSettings.from(FcmBench.defaults()));

    @BeforeEach
    void enter() {
        transport.enter(new FcmAttempt());
    }

    @AfterEach
    void close() {
        transport.leave();
        transport.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://fcm.googleapis.com/v1/projects/p1/messages:send", "https://oauth2.googleapis.com/token"
            })
    void googlesAddressesAreLeftAsTheyAre(String address) throws IOException {
        assertThat(transport.buildRequest("POST", address).address()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
                "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/x:generateAccessToken",
                "https://fcm.googleapis.com.attacker.example/v1/projects/p1/messages:send",
                "https://fcm.googleapis.com/batch",
                "https://oauth2.googleapis.com/token/other",
                "http://oauth2.googleapis.com/token"
            })
    void anyOtherAddressIsRefused(String address) {
        assertThatThrownBy(() -> transport.buildRequest("POST", address)).isInstanceOf(IOException.class);
    }

    @Test
    void aRequestOutsideAnAttemptIsRefused() {
        transport.leave();

        assertThatThrownBy(() -> transport.buildRequest("POST", "https://oauth2.googleapis.com/token"))
                .isInstanceOf(IOException.class);
    }
}
