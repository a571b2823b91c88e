package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.simulator.apns.SelfSignedIdentity;
import io.lanying.protocol.channel.ResultClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter before a server of other authors, which looks at signatures, topics and tokens. */
class SecondOpinionTest {

    private static final Instant DEAD_SINCE = Instant.ofEpochMilli(1_700_000_000_123L);

    @TempDir
    private Path folder;

    private final KeyPair pair = Credentials.keyPair("secp256r1");
    private MockApnsServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        ApnsVerificationKey key =
                new ApnsVerificationKey(Credentials.KEY_ID, Credentials.TEAM, (ECPublicKey) pair.getPublic());
        start(
                "localhost",
                new ValidatingPushNotificationHandlerFactory(
                        Map.of(Credentials.TOPIC, Set.of(Messages.token(1), Messages.token(2))),
                        Map.of(Messages.token(2), DEAD_SINCE),
                        Map.of(Credentials.KEY_ID, key),
                        Map.of(key, Set.of(Credentials.TOPIC))));
    }

    private void start(String host, PushNotificationHandlerFactory handler) throws Exception {
        SelfSignedIdentity identity = SelfSignedIdentity.create(
                host, Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)));
        Files.writeString(folder.resolve("trust.pem"), identity.certificatePem());
        server = new MockApnsServerBuilder()
                .setServerCredentials(new X509Certificate[] {identity.certificate()}, identity.key(), null)
                .setHandlerFactory(handler)
                .setUseAlpn(true)
                .build();
        port = server.start(0).join();
    }

    @AfterEach
    void stop() {
        server.shutdown().join();
    }

    private VendorAnswer answer(KeyPair keys, Messages.Draft draft) {
        ApnsAdapter adapter = open(keys);
        VendorAnswer answer =
                adapter.send(draft.message()).toCompletableFuture().join();
        adapter.close().toCompletableFuture().join();
        return answer;
    }

    private ApnsAdapter open(KeyPair keys) {
        String settings = "endpoint = \"localhost:" + port + "\"\ntrust = \"" + folder.resolve("trust.pem") + "\"";
        byte[] credential = Credentials.bytes(
                Credentials.token(Credentials.pem(keys.getPrivate().getEncoded())));
        return (ApnsAdapter)
                new ApnsAdapterFactory(Adapters.config(settings), Adapters.CLOCK).open("production", credential);
    }

    @Test
    void itTakesWhatTheAdapterSends() {
        assertThat(answer(pair, Messages.draft().token(Messages.token(1))).result())
                .isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void itKnowsADeadTokenAndAStrangeOne() {
        VendorAnswer dead = answer(pair, Messages.draft().token(Messages.token(2)));

        assertThat(dead.result()).isEqualTo(ResultClass.TOKEN_INVALID);
        assertThat(dead.code()).isEqualTo("Unregistered");
        assertThat(dead.invalidSince()).contains(DEAD_SINCE);
        assertThat(answer(pair, Messages.draft().token(Messages.token(3))))
                .isEqualTo(VendorAnswer.of(ResultClass.TOKEN_INVALID, "DeviceTokenNotForTopic"));
    }

    @Test
    void itRefusesAKeyItDoesNotKnowAndATopicThatIsNotTheTeams() {
        assertThat(answer(Credentials.keyPair("secp256r1"), Messages.draft().token(Messages.token(1))))
                .isEqualTo(VendorAnswer.of(ResultClass.AUTH_CONFIG, "InvalidProviderToken"));
        assertThat(answer(pair, Messages.draft().token(Messages.token(1)).topic("com.example.other"))
                        .result())
                .isNotEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void aProbeOfAGoodKeyIsAccepted() {
        ApnsAdapter adapter = open(pair);

        assertThat(adapter.probe().toCompletableFuture().join().result()).isEqualTo(ResultClass.ACCEPTED);
        adapter.close().toCompletableFuture().join();
    }

    @Test
    void aServerUnderAnotherNameGetsNothing() throws Exception {
        server.shutdown().join();
        start("elsewhere.example", (session) -> (headers, payload) -> {});

        assertThat(answer(pair, Messages.draft())).isEqualTo(VendorAnswer.of(ResultClass.RETRY, "tls"));
    }
}
