package io.lanying.channels.fcm;

import static io.lanying.channels.fcm.FcmBench.await;
import static io.lanying.channels.fcm.FcmBench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.firebase.FirebaseApp;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.fcm.FcmBench.Draft;
import io.lanying.channels.simulator.fcm.FcmReaction;
import io.lanying.channels.simulator.fcm.FcmRecorded;
import io.lanying.channels.simulator.fcm.FcmRule;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The adapter over real HTTP against the simulator: requests, threads, time. */
class FcmAdapterTest {

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith("fcm-") && !thread.getName().startsWith("fcm-simulator"))
                .count();
    }

    @Test
    void anAcceptedMessageBringsTheVendorsId() {
        try (FcmBench bench = new FcmBench()) {
            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(answer.vendorMessageId().orElseThrow()).startsWith("projects/p1/messages/0:");
            assertThat(bench.simulator.tokenRequests()).isEqualTo(1);
        }
    }

    @Test
    void aThousandMessagesFetchOneAccessToken() {
        try (FcmBench bench = new FcmBench(Map.of("threads", 8, "queue-limit", 1000))) {
            List<CompletableFuture<VendorAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                answers.add(bench.adapter.send(message("tok-" + i)).toCompletableFuture());
            }

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(await(answer).result()).isEqualTo(ResultClass.ACCEPTED));
            assertThat(bench.simulator.accepted()).isEqualTo(1000);
            assertThat(bench.simulator.tokenRequests()).isEqualTo(1);
        }
    }

    @Test
    void a503IsOneRequestAndCarriesTheVendorsWish() {
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.rule(FcmRule.always(FcmReaction.unavailable().retryAfter("7")));

            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(ResultClass.RETRY);
            assertThat(answer.code()).isEqualTo("UNAVAILABLE");
            assertThat(answer.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(bench.simulator.sends()).isEqualTo(1);
        }
    }

    @Test
    void anExpiredAccessTokenIsRenewedOnceByTheRepeat() {
        try (FcmBench bench = new FcmBench()) {
            bench.send(message("tok-1"));
            bench.simulator.expireAccessTokens();

            VendorAnswer stale = bench.send(message("tok-1"));
            VendorAnswer repeated = bench.send(message("tok-1"));

            assertThat(stale.result()).isEqualTo(ResultClass.AUTH_EXPIRED);
            assertThat(repeated.result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(bench.simulator.sends()).isEqualTo(3);
            assertThat(bench.simulator.tokenRequests()).isEqualTo(2);
        }
    }

    @Test
    void aSecond401WithAFreshTokenIsAFaultyCredential() {
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.rule(FcmRule.always(FcmReaction.unauthenticated()));

            assertThat(bench.send(message("tok-1")).result()).isEqualTo(ResultClass.AUTH_EXPIRED);
            assertThat(bench.send(message("tok-1")).result()).isEqualTo(ResultClass.AUTH_CONFIG);
            assertThat(bench.simulator.sends()).isEqualTo(2);
        }
    }

    @Test
    void manyStaleAnswersFetchOneNewToken() {
        try (FcmBench bench = new FcmBench(Map.of("threads", 8))) {
            bench.send(message("tok-1"));
            bench.simulator.expireAccessTokens();
            List<CompletableFuture<VendorAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(bench.adapter.send(message("tok-1")).toCompletableFuture());
            }

            assertThat(answers).allSatisfy(answer -> assertThat(await(answer).result())
                    .isIn(ResultClass.ACCEPTED, ResultClass.AUTH_EXPIRED));
            assertThat(bench.simulator.tokenRequests()).isEqualTo(2);
        }
    }

    @Test
    void aProbeIsADryRunAndDeliversNothing() {
        try (FcmBench bench = new FcmBench()) {
            VendorAnswer answer = await(bench.adapter.probe());

            assertThat(answer.result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(bench.lastSent().path("validate_only").asBoolean()).isTrue();
            assertThat(bench.simulator.accepted()).isZero();
        }
    }

    @Test
    void aProbeTellsAForeignProject() {
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.rule(FcmRule.always(FcmReaction.permissionDenied()));
            var file = FcmBench.ACCOUNT.file().put("project_id", "another-project");
            VendorAdapter adapter =
                    FcmBench.open(FcmBench.config(bench.simulator, Map.of()), SimulatedServiceAccount.credential(file));

            assertThat(await(adapter.probe()).result()).isEqualTo(ResultClass.AUTH_CONFIG);
            await(adapter.close());
        }
    }

    @Test
    void aHangStormTakesTheSetThreadsAndRefusesTheRest() {
        // A thread of the test before may still be on its last line.
        await().atMost(Duration.ofSeconds(5)).until(() -> threads() == 0);
        try (FcmBench bench = new FcmBench(Map.of(
                "threads",
                4,
                "queue-limit",
                6,
                "connect-timeout",
                "500ms",
                "read-timeout",
                "700ms",
                "deadline",
                "1500ms"))) {
            bench.send(message("tok-1"));
            bench.simulator.rule(FcmRule.always(FcmReaction.hang()));
            List<CompletableFuture<VendorAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(bench.adapter.send(message("tok-1")).toCompletableFuture());
            }

            // Four threads for requests, one for deadlines.
            assertThat(threads()).isLessThanOrEqualTo(5);
            List<VendorAnswer> found = answers.stream().map(FcmBench::await).toList();
            assertThat(found.stream().filter(answer -> answer.code().equals("busy")))
                    .hasSize(90)
                    .allMatch(answer -> answer.result() == ResultClass.RETRY);
            assertThat(found.stream().filter(answer -> answer.result() == ResultClass.UNKNOWN_OUTCOME))
                    .hasSizeBetween(8, 10);
            assertThat(bench.simulator.sends()).isLessThanOrEqualTo(11);
        }
    }

    @Test
    void theDeadlineEndsAnAttemptThatNoTimeOutEnds() {
        try (FcmBench warm = new FcmBench()) {
            warm.send(message("tok-1"));
        }
        try (FcmBench bench = new FcmBench(Map.of("read-timeout", "1s", "connect-timeout", "1s", "deadline", "1s"))) {
            bench.simulator.tokenRule(FcmRule.always(FcmReaction.slow(Duration.ofMillis(500))));
            bench.simulator.rule(FcmRule.always(FcmReaction.slow(Duration.ofMillis(950))));
            long start = System.nanoTime();

            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(ResultClass.UNKNOWN_OUTCOME);
            assertThat(answer.code()).isEqualTo("noAnswer");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1400));
        }
    }

    @Test
    void anAttemptGivenUpBeforeItLeftNeverLeaves() {
        try (FcmBench bench = new FcmBench(Map.of("read-timeout", "1s", "connect-timeout", "1s", "deadline", "1s"))) {
            bench.simulator.tokenRule(FcmRule.next(1, FcmReaction.hang()));

            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(ResultClass.RETRY);
            assertThat(bench.simulator.sends()).isZero();
            // The one who waits for the same access token shares its fate; a later one gets through.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> bench.send(message("tok-1")).result() == ResultClass.ACCEPTED);
            assertThat(bench.simulator.sends()).isEqualTo(1);
        }
    }

    @Test
    void nobodyListeningMeansNothingLeft() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (FcmBench bench = new FcmBench()) {
            VendorAdapter adapter = FcmBench.open(
                    FcmBench.config(bench.simulator, Map.of("endpoint", "http://127.0.0.1:" + free)),
                    FcmBench.ACCOUNT.credential());

            VendorAnswer answer = await(adapter.send(message("tok-1")));

            assertThat(answer.result()).isEqualTo(ResultClass.RETRY);
            assertThat(answer.code()).isEqualTo("connect");
            await(adapter.close());
        }
    }

    @Test
    void closingLeavesNoThreadNoAppAndNoConnection() {
        try (FcmSimulator simulator = FcmSimulator.start(0)) {
            VendorAdapter adapter =
                    FcmBench.open(FcmBench.config(simulator, Map.of("threads", 4)), FcmBench.ACCOUNT.credential());
            simulator.rule(FcmRule.always(FcmReaction.slow(Duration.ofMillis(300))));
            var underWay = adapter.send(message("tok-1"));

            await(adapter.close());

            assertThat(await(underWay).result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(await(adapter.send(message("tok-1"))).code()).isEqualTo("closed");
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(threads()).isZero();
                assertThat(simulator.connections()).isZero();
            });
            assertThat(FirebaseApp.getApps()).noneMatch(app -> app.getName().startsWith("fcm-"));
            await(adapter.close());
        }
    }

    @Test
    void addressesInAServiceAccountFileAreNeverContacted() {
        try (FcmSimulator attacker = FcmSimulator.start(0);
                FcmBench bench = new FcmBench()) {
            var file = FcmBench.ACCOUNT
                    .file()
                    .put("token_uri", attacker.tokenEndpoint())
                    .put("auth_uri", attacker.endpoint() + "/auth")
                    .put("auth_provider_x509_cert_url", attacker.endpoint() + "/certs")
                    .put("client_x509_cert_url", attacker.endpoint() + "/cert")
                    .put("universe_domain", "127.0.0.1:" + attacker.port());
            VendorAdapter adapter =
                    FcmBench.open(FcmBench.config(bench.simulator, Map.of()), SimulatedServiceAccount.credential(file));

            assertThat(await(adapter.send(message("tok-1"))).result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(await(adapter.probe()).result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(attacker.recorded()).isEmpty();
            await(adapter.close());
        }
    }

    @Test
    void aConnectionThatTheOtherSideClosedIsNotUsedAgain() {
        FcmSimulator first = FcmSimulator.start(0);
        VendorAdapter adapter = FcmBench.open(FcmBench.config(first, Map.of()), FcmBench.ACCOUNT.credential());
        assertThat(await(adapter.send(message("tok-1"))).result()).isEqualTo(ResultClass.ACCEPTED);
        first.close();

        try (FcmSimulator second = FcmSimulator.start(first.port())) {
            // The new one does not know the access token: that it says so shows that it was asked.
            assertThat(await(adapter.send(message("tok-1"))).result()).isEqualTo(ResultClass.AUTH_EXPIRED);
            assertThat(second.sends()).isEqualTo(1);
            await(adapter.close());
        }
    }

    @Test
    void redirectsAreNotFollowed() {
        try (FcmSimulator elsewhere = FcmSimulator.start(0);
                FcmBench bench = new FcmBench()) {
            FcmReaction redirect = new FcmReaction(
                    307,
                    Map.of("Location", elsewhere.endpoint() + "/v1/projects/p1/messages:send"),
                    "",
                    FcmReaction.Ending.WHOLE,
                    Duration.ZERO);
            bench.simulator.rule(FcmRule.always(redirect));

            assertThat(bench.send(message("tok-1")).result()).isEqualTo(ResultClass.RETRY);
            assertThat(elsewhere.recorded()).isEmpty();
        }
    }

    @Test
    void withoutSettingsTheAddressesAreGooglesOverTls() {
        FcmSettings settings = FcmSettings.from(
                ConfigFactory.parseResources("reference.conf").resolve().getConfig("push.channels.fcm"));

        assertThat(settings.endpoint()).hasToString("https://fcm.googleapis.com");
        assertThat(settings.tokenEndpoint()).hasToString("https://oauth2.googleapis.com/token");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.readTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void everyRequestNamesItsProjectAndCarriesABearer() {
        try (FcmBench bench = new FcmBench()) {
            bench.send(new Draft().build());

            FcmRecorded sent = bench.simulator.recordedSends().get(0);
            assertThat(sent.path()).isEqualTo("/v1/projects/p1/messages:send");
            assertThat(sent.headers().get("authorization")).startsWith("Bearer simulated.");
            assertThat(sent.headers()).doesNotContainKey("accept-encoding");
            assertThat(Optional.ofNullable(sent.headers().get("content-type")).orElse(""))
                    .startsWith("application/json");
        }
    }
}
