package io.lanying.channels;

import static io.lanying.channels.actor.Fixtures.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.actor.Fixtures;
import io.lanying.channels.actor.OpenSealing;
import io.lanying.channels.actor.Outcomes;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.channels.simulator.fcm.FcmReaction;
import io.lanying.channels.simulator.fcm.FcmRule;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channels as a node starts them, against simulated vendors over the network. */
class ChannelsTest {

    private static final ChannelId APNS = new ChannelId("apns", "production");
    private static final ChannelId FCM = new ChannelId("fcm", "production");
    private static final int PUSHES = 200;
    private static final Instant GONE_SINCE = Instant.ofEpochMilli(1_700_000_000_123L);

    @TempDir
    private Path folder;

    private final Map<ChannelId, ChannelCredential> credentials = new ConcurrentHashMap<>();
    private final Outcomes outcomes = new Outcomes();
    private ApnsSimulator apns;
    private FcmSimulator fcm;
    private ActorTestKit kit;
    private Channels channels;
    private ActorRef<Outcome> device;

    @BeforeEach
    void start() throws Exception {
        apns = ApnsSimulator.start(0);
        fcm = FcmSimulator.start(0);
        kit = ActorTestKit.create(Fixtures.NO_SERIALIZATION
                .withFallback(ConfigFactory.parseMap(Map.of(
                        "push.channels.apns.endpoint",
                        apns.endpoint(),
                        "push.channels.apns.trust",
                        apns.writeTrust(folder.resolve("trust.pem")).toString(),
                        "push.channels.fcm.endpoint",
                        fcm.endpoint(),
                        "push.channels.fcm.token-endpoint",
                        fcm.tokenEndpoint(),
                        "push.channels.actor.back-off.min",
                        "10ms",
                        "push.channels.actor.back-off.max",
                        "100ms",
                        "push.channels.actor-of.apns.back-off.max",
                        "100ms",
                        "push.channels.actor.breaker.min-delay",
                        "50ms")))
                .withFallback(ConfigFactory.load()));
        device = kit.spawn(outcomes.collector());
        channels = Channels.start(
                kit.system(),
                new Channels.Ports(
                        new OpenSealing(),
                        (tenant, channel) ->
                                CompletableFuture.completedStage(Optional.ofNullable(credentials.get(channel))),
                        (tenant, userId) -> CompletableFuture.completedStage(Optional.empty()),
                        new SimpleMeterRegistry()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        apns.close();
        fcm.close();
    }

    @Test
    void applesFaultsAreRiddenOutWithTheSameIds() throws Exception {
        credentials.put(APNS, Fixtures.credential(APNS, 1, applesKey()));
        apns.rules(
                ApnsRule.always(ApnsReaction.unregistered(GONE_SINCE.toEpochMilli()))
                        .to(token(0)),
                ApnsRule.always(ApnsReaction.reject(503, "ServiceUnavailable")).share(0.3));
        List<VendorOutcome> ends = push(APNS);
        assertThat(ends.get(0).end()).isEqualTo(End.REFUSED);
        assertThat(ends.get(0).result()).contains(ResultClass.TOKEN_INVALID);
        assertThat(ends.get(0).code()).isEqualTo("Unregistered");
        assertThat(ends.get(0).invalidSince()).contains(GONE_SINCE);
        assertThat(ends.subList(1, PUSHES))
                .allSatisfy(end -> assertThat(end.end()).isEqualTo(End.ACCEPTED));
        assertThat(apns.received())
                .hasSize(ends.stream().mapToInt(VendorOutcome::attempts).sum());
        assertThat(apns.received().size()).isBetween(PUSHES + 20, 2 * PUSHES);
        Map<String, Set<String>> ids = apns.received().stream()
                .collect(Collectors.groupingBy(
                        ReceivedPush::token, Collectors.mapping(push -> push.header("apns-id"), Collectors.toSet())));
        assertThat(ids.values()).allSatisfy(sent -> assertThat(sent).hasSize(1));
        assertThat(new HashSet<>(ids.values())).hasSize(PUSHES);
    }

    @Test
    void googlesFaultsAreRiddenOut() {
        credentials.put(FCM, Fixtures.credential(FCM, 1, googlesAccount()));
        fcm.rule(FcmRule.token(token(0), FcmReaction.unregistered()));
        fcm.rule(FcmRule.share(0.3, 11, FcmReaction.internal()));
        List<VendorOutcome> ends = push(FCM);
        assertThat(ends.get(0).end()).isEqualTo(End.REFUSED);
        assertThat(ends.get(0).result()).contains(ResultClass.TOKEN_INVALID);
        assertThat(ends.subList(1, PUSHES))
                .allSatisfy(end -> assertThat(end.end()).isEqualTo(End.ACCEPTED));
        assertThat(fcm.sends())
                .isEqualTo(ends.stream().mapToInt(VendorOutcome::attempts).sum());
        assertThat(fcm.accepted()).isEqualTo(PUSHES - 1);
    }

    @Test
    void aVendorThatRefusesTheCredentialParksOnlyItsOwnChannel() throws Exception {
        credentials.put(APNS, Fixtures.credential(APNS, 1, applesKey()));
        credentials.put(FCM, Fixtures.credential(FCM, 1, googlesAccount()));
        apns.rules(ApnsRule.always(ApnsReaction.reject(403, "InvalidProviderToken")));
        assertThat(push(APNS)).allSatisfy(end -> {
            assertThat(end.end()).isEqualTo(End.NO_CHANNEL);
            assertThat(end.code()).isEqualTo("parked:InvalidProviderToken");
        });
        assertThat(push(FCM)).allSatisfy(end -> assertThat(end.end()).isEqualTo(End.ACCEPTED));
    }

    @Test
    void credentialsAreCheckedAndTriedOut() throws Exception {
        ChannelCredential good = Fixtures.credential(APNS, 1, applesKey());
        assertThat(tryOut(good).isGood()).isTrue();
        assertThat(tryOut(Fixtures.credential(APNS, 1, "{}")).problems())
                .extracting(Problem::code)
                .containsExactly("credentialUnusable");
        apns.rules(ApnsRule.always(ApnsReaction.reject(403, "InvalidProviderToken")));
        assertThat(tryOut(good).problems()).extracting(Problem::code).containsExactly("authConfig");
        ChannelId nowhere = new ChannelId("apns", "moon");
        assertThat(channels.credentials().check(nowhere, new byte[0]).problems())
                .extracting(Problem::code)
                .containsExactly("unknownChannel");
        assertThat(channels.credentials()
                        .check(FCM, googlesAccount().getBytes(StandardCharsets.UTF_8))
                        .isGood())
                .isTrue();
    }

    private Verdict tryOut(ChannelCredential credential) {
        return channels.credentials()
                .tryOut(TENANT, credential)
                .toCompletableFuture()
                .join();
    }

    private List<VendorOutcome> push(ChannelId channel) {
        int first = channel.hashCode();
        IntStream.range(0, PUSHES).forEach(i -> channels.commands()
                .tell(new Send(first + i, Fixtures.request(channel, "d" + i, token(i)), device)));
        return IntStream.range(0, PUSHES)
                .mapToObj(i -> {
                    await().atMost(Duration.ofSeconds(30))
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> !outcomes.of(first + i).isEmpty());
                    assertThat(outcomes.of(first + i)).hasSize(1);
                    return outcomes.of(first + i).get(0);
                })
                .toList();
    }

    private static String token(int number) {
        return "%064x".formatted(0xABCDEF00 + number);
    }

    private static String googlesAccount() {
        return new String(SimulatedServiceAccount.generate("demo").credential(), StandardCharsets.UTF_8);
    }

    private static String applesKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "token")
                .put("teamId", "ABCDE12345")
                .put("keyId", "ABC123DEFG")
                .put("key", pem)
                .put("topic", "com.example.app")
                .toString();
    }
}
