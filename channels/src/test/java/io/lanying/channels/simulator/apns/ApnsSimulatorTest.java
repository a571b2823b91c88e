package io.lanying.channels.simulator.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.channels.simulator.apns.ApnsReaction.Kind;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Apple's rules as the simulator keeps them: the worked examples, with no adapter in between. */
class ApnsSimulatorTest {

    private static final String DEVICE = "/3/device/" + RawClient.TOKEN;
    private static final String BODY =
            "{\"aps\":{\"alert\":{\"title\":\"T\",\"body\":\"B\"},\"badge\":3,\"sound\":\"default\",\"thread-id\":\"order-7\"},\"orderId\":\"7\"}";

    private ApnsSimulator simulator;
    private RawClient client;

    @BeforeEach
    void start() {
        simulator = ApnsSimulator.start(0);
        client = new RawClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void theFirstWorkedExampleIsTaken() {
        HttpResponse<String> answer = client.post(DEVICE, client.headers(), BODY);

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("apns-id")).contains("123e4567-e89b-12d3-a456-426614174000");
        ReceivedPush push = simulator.received().get(0);
        assertThat(push.isAccepted()).isTrue();
        assertThat(push.token()).isEqualTo(RawClient.TOKEN);
        assertThat(push.payload()).isEqualTo(BODY);
    }

    @Test
    void theSecondWorkedExampleALiveActivityIsTaken() {
        Map<String, String> headers = client.headers();
        headers.put("apns-push-type", "liveactivity");
        headers.put("apns-topic", "com.example.app.push-type.liveactivity");

        assertThat(client.post(
                                DEVICE,
                                headers,
                                "{\"aps\":{\"event\":\"update\",\"timestamp\":1700000000,\"content-state\":{\"step\":2},\"stale-date\":1700000600}}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theThirdWorkedExampleBadAndDeadTokensAreRefused() {
        simulator.rules(
                ApnsRule.always(ApnsReaction.unregistered(1_700_000_000_123L)).to(RawClient.TOKEN));

        HttpResponse<String> bad = client.post("/3/device/zz", client.headers(), BODY);
        HttpResponse<String> dead = client.post(DEVICE, client.headers(), BODY);

        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).isEqualTo("{\"reason\":\"BadDeviceToken\"}");
        assertThat(dead.statusCode()).isEqualTo(410);
        assertThat(dead.body()).isEqualTo("{\"reason\":\"Unregistered\",\"timestamp\":1700000000123}");
    }

    @Test
    void theFourthWorkedExampleOldTokensAreRefused() {
        Map<String, String> headers = client.headers();
        headers.put("authorization", client.bearer("ABCDE12345", Instant.now().minusSeconds(3_700)));

        HttpResponse<String> answer = client.post(DEVICE, headers, BODY);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"reason\":\"ExpiredProviderToken\"}");
    }

    @Test
    void theFourthWorkedExampleTooManyTokensAreRefused() {
        Instant now = Instant.now();
        int[] statuses = IntStream.range(0, 3)
                .map(i -> {
                    Map<String, String> headers = client.headers();
                    headers.put("authorization", client.bearer("ABCDE12345", now.minusSeconds(i)));
                    return client.post(DEVICE, headers, BODY).statusCode();
                })
                .toArray();

        assertThat(statuses).containsExactly(200, 200, 429);
    }

    @Test
    void theFourthWorkedExampleALargePayloadIsRefused() {
        String body = "{\"aps\":{\"alert\":\"\"}}";
        String fits = "{\"aps\":{\"alert\":\"" + "x".repeat(4096 - body.length()) + "\"}}";
        Map<String, String> voip = client.headers();
        voip.put("apns-push-type", "voip");
        voip.put("apns-topic", "com.example.app.voip");

        assertThat(client.post(DEVICE, client.headers(), fits).statusCode()).isEqualTo(200);
        HttpResponse<String> large = client.post(DEVICE, client.headers(), fits + " ");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).isEqualTo("{\"reason\":\"PayloadTooLarge\"}");
        assertThat(client.post(DEVICE, voip, fits + " ".repeat(1024)).statusCode())
                .isEqualTo(200);
        assertThat(client.post(DEVICE, voip, fits + " ".repeat(1025)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void theFifthWorkedExampleABroadcastIsTaken() {
        Map<String, String> headers = client.headers();
        headers.remove("apns-topic");
        headers.put("apns-push-type", "liveactivity");
        headers.put("apns-channel-id", "c29tZUNoYW5uZWw=");

        assertThat(client.post("/4/broadcasts/apps/com.example.app", headers, "{\"aps\":{}}")
                        .statusCode())
                .isEqualTo(200);
        headers.remove("apns-channel-id");
        assertThat(client.post("/4/broadcasts/apps/com.example.app", headers, "{\"aps\":{}}")
                        .body())
                .isEqualTo("{\"reason\":\"MissingChannelId\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "apns-collapse-id, kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk, BadCollapseId",
        "apns-expiration, soon, BadExpirationDate",
        "apns-id, 123, BadMessageId",
        "apns-priority, 7, BadPriority",
        "apns-push-type, loud, InvalidPushType",
        "apns-push-type, voip, BadTopic",
        "authorization, basic x, InvalidProviderToken",
        "authorization, bearer x.y.z, InvalidProviderToken",
    })
    void aHeaderThatIsWrongIsRefused(String name, String value, String reason) {
        Map<String, String> headers = client.headers();
        headers.put(name, value);

        assertThat(client.post(DEVICE, headers, BODY).body()).isEqualTo("{\"reason\":\"" + reason + "\"}");
    }

    @ParameterizedTest
    @CsvSource({"apns-topic, MissingTopic", "authorization, MissingProviderToken"})
    void aHeaderThatIsMissingIsRefused(String name, String reason) {
        Map<String, String> headers = client.headers();
        headers.remove(name);

        assertThat(client.post(DEVICE, headers, BODY).body()).isEqualTo("{\"reason\":\"" + reason + "\"}");
    }

    @Test
    void anotherPathMethodOrPayloadIsRefused() {
        assertThat(client.post("/2/device/ab", client.headers(), BODY).statusCode())
                .isEqualTo(404);
        assertThat(client.request("PUT", DEVICE, client.headers(), BODY).join().statusCode())
                .isEqualTo(405);
        assertThat(client.post(DEVICE, client.headers(), "").body()).contains("PayloadEmpty");
        assertThat(client.post(DEVICE, client.headers(), "{\"aps\":{\"content-available\":1}}")
                        .body())
                .contains("BadPriority");
        assertThat(client.post("/3/device/", client.headers(), BODY).body()).contains("MissingDeviceToken");
    }

    @Test
    void signaturesCountOnceKeysAreKnownAndOneConnectionCarriesOneTeam() {
        simulator.trustKey("ABCDE12345", "ABC123DEFG", client.pair().getPublic());
        RawClient stranger = new RawClient(simulator);
        Map<String, String> otherTeam = client.headers();
        otherTeam.put("authorization", client.bearer("OTHER12345", Instant.now()));

        assertThat(client.post(DEVICE, client.headers(), BODY).statusCode()).isEqualTo(200);
        assertThat(client.post(DEVICE, otherTeam, BODY).body()).contains("InvalidProviderToken");
        assertThat(stranger.post(DEVICE, stranger.headers(), BODY).body()).contains("InvalidProviderToken");
    }

    @Test
    void aShareIsDrawnFromTheSeed() {
        simulator.rules(ApnsRule.parse("share=0.3 status=503 reason=ServiceUnavailable"));

        long refused = IntStream.range(0, 100)
                .filter(i -> client.post(DEVICE, client.headers(), BODY).statusCode() == 503)
                .count();

        assertThat(refused).isBetween(15L, 45L);
        assertThat(simulator.totals()).containsEntry("503 ServiceUnavailable", refused);
        assertThat(simulator.totals()).containsEntry("200", 100 - refused);
    }

    @Test
    void faultsAreFaults() {
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.DROP)).times(1));
        assertThatThrownBy(() -> client.post(DEVICE, client.headers(), BODY))
                .hasRootCauseInstanceOf(java.io.IOException.class);

        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.HANG)).times(1));
        assertThat(client.request("POST", DEVICE, client.headers(), BODY).orTimeout(1, TimeUnit.SECONDS))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);

        simulator.rules(ApnsRule.always(ApnsReaction.garbage(500, "<html>")).times(1));
        assertThat(client.post(DEVICE, client.headers(), BODY).body()).isEqualTo("<html>");

        long before = simulator.connectionsOpened();
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.GO_AWAY)).times(1));
        // The JDK's client gives up what is under way then, as Pushy does.
        CompletableFuture<HttpResponse<String>> last = client.request("POST", DEVICE, client.headers(), BODY);
        assertThat(last.handle((answer, failure) -> "")).succeedsWithin(Duration.ofSeconds(10));
        assertThat(client.post(DEVICE, client.headers(), BODY).statusCode()).isEqualTo(200);
        assertThat(simulator.connectionsOpened()).isGreaterThan(before);

        simulator.pause();
        assertThatThrownBy(() -> client.post(DEVICE, client.headers(), BODY))
                .hasRootCauseInstanceOf(java.io.IOException.class);
        simulator.resume();
        assertThat(client.post(DEVICE, client.headers(), BODY).statusCode()).isEqualTo(200);
    }

    @Test
    void rulesAreReadFromACommandLine() {
        assertThat(ApnsRule.parse(" token=ab12 status=410 reason=Unregistered timestamp=17 times=2 "))
                .isEqualTo(ApnsRule.always(ApnsReaction.unregistered(17))
                        .to("ab12")
                        .times(2));
        assertThat(ApnsRule.parse("every=500 do=go_away"))
                .isEqualTo(ApnsRule.always(ApnsReaction.of(Kind.GO_AWAY)).every(500));
        assertThat(ApnsRule.parse("do=cut_off").reaction().kind()).isEqualTo(Kind.CUT_OFF);
        assertThat(ApnsRule.parse("do=garbage bytes=3").reaction().text()).isEqualTo("xxx");
        assertThat(ApnsRule.parse("delayMs=250"))
                .isEqualTo(ApnsRule.always(ApnsReaction.accept().after(Duration.ofMillis(250))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "share", "share=2", "share=x", "every=0", "do=dance", "times=-1", "nonsense=1", "=1"})
    void whatIsNoRuleIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ApnsRule.parse(text));
    }
}
