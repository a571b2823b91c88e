package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of Apple's answers, said by the simulator over TLS and HTTP/2, and what the adapter makes of it. */
class ApnsAnswersTest {

    private static ApnsSimulator simulator;
    private static VendorAdapter adapter;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        simulator = ApnsSimulator.start(0);
        adapter = Adapters.open(simulator, folder, "");
    }

    @AfterAll
    static void stop() {
        adapter.close().toCompletableFuture().join();
        simulator.close();
    }

    static Stream<ApnsAnswers.Row> rows() {
        return ApnsAnswers.ROWS.stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachReasonHasItsClass(ApnsAnswers.Row row) {
        simulator.rules(ApnsRule.always(ApnsReaction.reject(row.status(), row.reason())));

        VendorAnswer answer = send();

        assertThat(answer.result()).isEqualTo(row.result());
        assertThat(answer.code()).isEqualTo(row.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "400, REJECTED", "401, AUTH_CONFIG", "403, AUTH_CONFIG", "404, REJECTED", "405, REJECTED", "410, TOKEN_INVALID",
        "413, TOO_LARGE", "429, THROTTLED_APP", "500, RETRY", "502, RETRY", "503, RETRY", "418, REJECTED",
        "302, UNKNOWN_OUTCOME"
    })
    void aReasonThatIsNewIsClassifiedByStatus(int status, ResultClass expected) {
        simulator.rules(ApnsRule.always(ApnsReaction.reject(status, "NewerThanThisCode")));

        VendorAnswer answer = send();

        assertThat(answer.result()).isEqualTo(expected);
        assertThat(answer.code()).isEqualTo("NewerThanThisCode");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | <html>oops</html> | RETRY",
                "400 | {\"reason\":\"has spaces and a token 00fc13ad\"} | REJECTED",
                "410 | [] | TOKEN_INVALID",
                "403 | {} | AUTH_CONFIG",
                "503 | null | RETRY",
            })
    void aBodyThatIsNotApplesIsClassifiedByStatusAndNotRepeated(int status, String body, ResultClass expected) {
        simulator.rules(ApnsRule.always(ApnsReaction.garbage(status, body)));

        VendorAnswer answer = send();

        assertThat(answer.result()).isEqualTo(expected);
        assertThat(answer.code()).isEqualTo("status" + status);
    }

    @Test
    void aDeadTokenComesWithTheMomentAppleKnewItSince() {
        simulator.rules(
                ApnsRule.always(ApnsReaction.unregistered(1_700_000_000_123L)).to(Messages.TOKEN));

        VendorAnswer answer = send();

        assertThat(answer.result()).isEqualTo(ResultClass.TOKEN_INVALID);
        assertThat(answer.code()).isEqualTo("Unregistered");
        assertThat(answer.invalidSince()).isEqualTo(Optional.of(Instant.ofEpochMilli(1_700_000_000_123L)));
    }

    @Test
    void tooManyProviderTokensAskForTwentyMinutesOfRest() {
        simulator.rules(ApnsRule.always(ApnsReaction.reject(429, "TooManyProviderTokenUpdates")));

        assertThat(send().retryAfter()).contains(Duration.ofMinutes(20));
    }

    @Test
    void aTakenMessageHasAnId() {
        simulator.rules();

        VendorAnswer answer = send();

        assertThat(answer.result()).isEqualTo(ResultClass.ACCEPTED);
        assertThat(answer.vendorMessageId())
                .contains(simulator
                        .received()
                        .get(simulator.received().size() - 1)
                        .header("apns-id"));
    }

    @Test
    void anExpiredProviderTokenEndsTheConnectionSoThatTheNextMessageHasANewOne() {
        simulator.rules(ApnsRule.always(ApnsReaction.reject(403, "ExpiredProviderToken"))
                .times(1));
        long before = simulator.connectionsOpened();

        assertThat(send().result()).isEqualTo(ResultClass.AUTH_EXPIRED);
        assertThat(send().result()).isEqualTo(ResultClass.ACCEPTED);
        assertThat(send().result()).isEqualTo(ResultClass.ACCEPTED);

        assertThat(simulator.connectionsOpened()).isGreaterThan(before);
    }

    private static VendorAnswer send() {
        return adapter.send(Messages.draft().message()).toCompletableFuture().join();
    }
}
