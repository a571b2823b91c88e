package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsReaction.Kind;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Keys and certificates at work, probes, and what is not to be seen of any of it. */
class ApnsCredentialsInUseTest {

    @TempDir
    private Path folder;

    private ApnsSimulator simulator;

    @BeforeEach
    void start() {
        simulator = ApnsSimulator.start(0);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void aSigningKeySignsWhatTheServerCanCheck() throws IOException {
        KeyPair pair = Credentials.keyPair("secp256r1");
        simulator.trustKey(Credentials.TEAM, Credentials.KEY_ID, pair.getPublic());
        byte[] right = Credentials.bytes(
                Credentials.token(Credentials.pem(pair.getPrivate().getEncoded())));
        byte[] wrong = Credentials.bytes(Credentials.token());

        assertThat(answer(right).result()).isEqualTo(ResultClass.ACCEPTED);
        assertThat(answer(wrong)).isEqualTo(VendorAnswer.of(ResultClass.AUTH_CONFIG, "InvalidProviderToken"));
        ApnsAdapter adapter = Adapters.open(simulator, folder, "", wrong);
        assertThat(adapter.probe().toCompletableFuture().join().result()).isEqualTo(ResultClass.AUTH_CONFIG);
        adapter.close().toCompletableFuture().join();
    }

    @Test
    void aCertificateIsShownAndNoProviderTokenSent() throws IOException {
        byte[] certificate = Credentials.bytes(Credentials.certificate(
                Adapters.NOW.minus(Duration.ofDays(1)), Adapters.NOW.plus(Duration.ofDays(1)), "p"));

        assertThat(answer(certificate).result()).isEqualTo(ResultClass.ACCEPTED);
        assertThat(simulator.received().get(0).header("authorization")).isEmpty();
        assertThat(simulator.received().get(0).header("apns-topic")).isEqualTo(Credentials.TOPIC);
    }

    @Test
    void allHeadersArriveAsAppleWantsThem() throws IOException {
        ApnsAdapter adapter = Adapters.open(simulator, folder, "");

        adapter.send(Messages.draft().collapseKey("score").message())
                .toCompletableFuture()
                .join();
        adapter.close().toCompletableFuture().join();

        ReceivedPush push = simulator.received().get(0);
        assertThat(push.header(":method")).isEqualTo("POST");
        assertThat(push.path()).isEqualTo("/3/device/" + Messages.TOKEN);
        assertThat(push.headers())
                .containsAllEntriesOf(Map.of(
                        "apns-topic", "com.example.app",
                        "apns-push-type", "alert",
                        "apns-priority", "10",
                        "apns-expiration", String.valueOf(Messages.EXPIRES.getEpochSecond()),
                        "apns-collapse-id", "score"));
        assertThat(push.header("authorization")).startsWith("bearer ");
    }

    @Test
    void aProbeReachesNobodyAndTellsWhetherTheCredentialIsTaken() throws IOException {
        ApnsAdapter adapter = Adapters.open(simulator, folder, "");
        simulator.rules(ApnsRule.always(ApnsReaction.reject(400, "BadDeviceToken")));

        assertThat(adapter.probe().toCompletableFuture().join().result()).isEqualTo(ResultClass.ACCEPTED);

        simulator.rules(ApnsRule.always(ApnsReaction.reject(400, "TopicDisallowed")));
        assertThat(adapter.probe().toCompletableFuture().join())
                .isEqualTo(VendorAnswer.of(ResultClass.AUTH_CONFIG, "TopicDisallowed"));
        ReceivedPush probe = simulator.received().get(0);
        assertThat(probe.token()).isEqualTo("0".repeat(64));
        assertThat(probe.header("apns-expiration")).isEqualTo("0");
        assertThat(probe.header("apns-push-type")).isEqualTo("background");
        assertThat(probe.payload()).isEqualTo("{\"aps\":{\"content-available\":1}}");
        adapter.close().toCompletableFuture().join();
    }

    @Test
    void aTopicThatOnlyADeviceNamesIsNotTheCredentialsFault() throws IOException {
        ApnsAdapter adapter = Adapters.open(simulator, folder, "");
        simulator.rules(ApnsRule.always(ApnsReaction.reject(400, "TopicDisallowed")));

        assertThat(adapter.send(Messages.draft().topic("com.example.other").message())
                        .toCompletableFuture()
                        .join())
                .isEqualTo(VendorAnswer.of(ResultClass.REJECTED, "TopicDisallowed"));
        assertThat(adapter.send(Messages.draft().message())
                        .toCompletableFuture()
                        .join()
                        .result())
                .isEqualTo(ResultClass.AUTH_CONFIG);
        adapter.close().toCompletableFuture().join();
    }

    @Test
    void neitherTokensNorPayloadsNorSecretsAreLogged() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = root.getLevel();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        try {
            ApnsAdapter adapter = Adapters.open(simulator, folder, "connections = 1");
            simulator.rules(
                    ApnsRule.always(ApnsReaction.of(Kind.REFUSE_STREAM)).times(1),
                    ApnsRule.always(ApnsReaction.of(Kind.DROP)).times(1),
                    ApnsRule.always(ApnsReaction.of(Kind.GO_AWAY)).times(1),
                    ApnsRule.always(ApnsReaction.garbage(500, "junk")).times(1),
                    ApnsRule.always(ApnsReaction.unregistered(1)).times(1));
            for (int i = 0; i < 6; i++) {
                adapter.send(Messages.draft().body("a private word").message())
                        .toCompletableFuture()
                        .join();
            }
            adapter.close().toCompletableFuture().join();
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }

        assertThat(log.list).isNotEmpty().allSatisfy(event -> {
            String text = event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage());
            assertThat(text)
                    .doesNotContain(Messages.TOKEN)
                    .doesNotContain("a private word")
                    .doesNotContain("PRIVATE KEY")
                    .doesNotContain("bearer ");
        });
        assertThat(Messages.draft().message().toString()).doesNotContain(Messages.TOKEN);
        assertThat(simulator.received().toString())
                .doesNotContain(Messages.TOKEN)
                .doesNotContain("private word");
    }

    private VendorAnswer answer(byte[] credential) throws IOException {
        ApnsAdapter adapter = Adapters.open(simulator, folder, "", credential);
        VendorAnswer answer =
                adapter.send(Messages.draft().message()).toCompletableFuture().join();
        adapter.close().toCompletableFuture().join();
        return answer;
    }
}
