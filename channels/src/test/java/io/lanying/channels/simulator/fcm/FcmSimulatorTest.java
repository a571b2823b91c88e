package io.lanying.channels.simulator.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator without the adapter: plain HTTP, the published examples. */
class FcmSimulatorTest {

    private static final SimulatedServiceAccount ACCOUNT = SimulatedServiceAccount.generate("p1");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MESSAGE = "{\"message\":{\"token\":\"tok-1\",\"notification\":{\"title\":\"T\"}}}";

    private final FcmSimulator simulator = FcmSimulator.start(0).trust(ACCOUNT);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        simulator.close();
    }

    private HttpResponse<String> post(String address, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(5))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> send(String bearer, String body) {
        return post(simulator.endpoint() + "/v1/projects/p1/messages:send", body, "Authorization", "Bearer " + bearer);
    }

    private HttpResponse<String> askForToken(PrivateKey key, Consumer<ObjectNode> change) {
        long now = Instant.now().getEpochSecond();
        ObjectNode claims = JSON.createObjectNode()
                .put("iss", ACCOUNT.clientEmail())
                .put("scope", "https://www.googleapis.com/auth/firebase.messaging")
                .put("aud", "https://oauth2.googleapis.com/token")
                .put("iat", now)
                .put("exp", now + 3600);
        change.accept(claims);
        String signed = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encode(claims.toString());
        String assertion =
                signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(key, signed));
        String grant = URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8);
        return post(
                simulator.tokenEndpoint(),
                "grant_type=" + grant + "&assertion=" + assertion,
                "Content-Type",
                "application/x-www-form-urlencoded");
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sign(PrivateKey key, String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String bearer() {
        return json(askForToken(ACCOUNT.privateKey(), claims -> {}))
                .path("access_token")
                .asText();
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String fcmCode(HttpResponse<String> response) {
        return json(response).at("/error/details/0/errorCode").asText();
    }

    @Test
    void vector1IsTaken() {
        HttpResponse<String> answer = send(bearer(), """
                {"message":{"token":"tok-1","notification":{"title":"T","body":"B"},"data":{"orderId":"7"},
                "android":{"priority":"HIGH","ttl":"86400s","collapse_key":"order",
                "notification":{"channel_id":"im","tag":"o7","notification_count":3}}}}""");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("name").asText()).matches("projects/p1/messages/0:[0-9]+%[0-9a-f]+");
        assertThat(simulator.accepted()).isEqualTo(1);
    }

    @Test
    void vector2AnUnknownTokenIsUnregistered() {
        simulator.rule(FcmRule.token("tok-gone", FcmReaction.unregistered()));
        String bearer = bearer();

        HttpResponse<String> answer = send(bearer, MESSAGE.replace("tok-1", "tok-gone"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer)).isEqualTo(read("""
                        {"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND","details":[
                        {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}"""));
        assertThat(send(bearer, MESSAGE).statusCode()).isEqualTo(200);
    }

    @Test
    void vector3ANumberAmongTheDataIsRefusedWithItsPlace() {
        HttpResponse<String> answer = send(bearer(), "{\"message\":{\"token\":\"tok-1\",\"data\":{\"orderId\":7}}}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/details/0/@type").asText())
                .isEqualTo("type.googleapis.com/google.rpc.BadRequest");
        assertThat(json(answer).at("/error/details/0/fieldViolations/0/field").asText())
                .isEqualTo("message.data[0].value");
    }

    @Test
    void vector4ThrottledOnceThenTaken() {
        simulator.rule(FcmRule.next(1, FcmReaction.quota().retryAfter("30")));
        String bearer = bearer();

        HttpResponse<String> first = send(bearer, MESSAGE);

        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("Retry-After")).contains("30");
        assertThat(json(first).at("/error/status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(fcmCode(first)).isEqualTo("QUOTA_EXCEEDED");
        assertThat(send(bearer, MESSAGE).statusCode()).isEqualTo(200);
    }

    @Test
    void vector5TwoTargetsAreRefused() {
        HttpResponse<String> answer = send(bearer(), "{\"message\":{\"token\":\"tok-1\",\"topic\":\"news\"}}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void vector5AnExpiredBearerIsRefusedWithoutDetail() {
        simulator.accessTokenLifetime(Duration.ZERO);

        HttpResponse<String> answer = send(bearer(), MESSAGE);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).at("/error/status").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(json(answer).at("/error/details").isMissingNode()).isTrue();
        assertThat(send("invented", MESSAGE).statusCode()).isEqualTo(401);
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{}",
                "{\"message\":{}}",
                "{\"message\":{\"token\":\"t\"},\"extra\":1}",
                "{\"message\":{\"token\":\"t\",\"extra\":1}}",
                "{\"message\":{\"token\":7}}",
                "{\"message\":{\"token\":\"t\",\"android\":{\"priority\":\"URGENT\"}}}",
                "{\"message\":{\"token\":\"t\",\"android\":{\"ttl\":60}}}",
                "{\"message\":{\"token\":\"t\",\"android\":{\"ttl\":\"2419201s\"}}}",
                "{\"message\":{\"token\":\"t\",\"android\":{\"notification\":{\"notification_count\":\"x\"}}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{\"from\":\"x\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{\"google.x\":\"x\"}}}",
                "{\"message\":{\"token\":\"no such token\"}}",
                "{\"message\":{\"token\":\"t\",\"apns\":{\"headers\":{\"apns-priority\":5}}}}"
            })
    void whatGoogleRefusesIsRefused(String body) {
        HttpResponse<String> answer = send(bearer(), body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(simulator.accepted()).isZero();
    }

    @Test
    void bothSpellingsOfANameAreTaken() {
        assertThat(send(
                                bearer(),
                                "{\"message\":{\"token\":\"t\",\"android\":{\"collapseKey\":\"k\"}},\"validateOnly\":false}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void overTheLimitIsTooBig() {
        String body = "{\"message\":{\"token\":\"t\",\"data\":{\"k\":\"" + "x".repeat(4096) + "\"}}}";

        HttpResponse<String> answer = send(bearer(), body);

        assertThat(fcmCode(answer)).isEqualTo("INVALID_ARGUMENT");
        assertThat(json(answer).at("/error/message").asText()).contains("too big");
    }

    @ParameterizedTest
    @CsvSource({"aud, https://attacker.example/token", "scope, https://www.googleapis.com/auth/drive", "iss, nobody@p1"
    })
    void anAssertionWithAWrongClaimGetsNoToken(String claim, String value) {
        HttpResponse<String> answer = askForToken(ACCOUNT.privateKey(), claims -> claims.put(claim, value));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).startsWith("invalid_");
    }

    @Test
    void anAssertionThatIsOldOrLongOrSignedBySomebodyElseGetsNoToken() {
        long now = Instant.now().getEpochSecond();
        PrivateKey foreign = SimulatedServiceAccount.generate("p1").privateKey();

        assertThat(askForToken(ACCOUNT.privateKey(), claims -> claims.put("exp", now - 10))
                        .statusCode())
                .isEqualTo(400);
        assertThat(askForToken(ACCOUNT.privateKey(), claims -> claims.put("exp", now + 3700))
                        .statusCode())
                .isEqualTo(400);
        assertThat(askForToken(foreign, claims -> {}).statusCode()).isEqualTo(400);
        assertThat(post(simulator.tokenEndpoint(), "grant_type=password").statusCode())
                .isEqualTo(400);
    }

    @Test
    void anotherProjectIsForbidden() {
        HttpResponse<String> answer = post(
                simulator.endpoint() + "/v1/projects/p2/messages:send", MESSAGE, "Authorization", "Bearer " + bearer());

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void otherAddressesAreNotFound() {
        assertThat(post(simulator.endpoint() + "/v1/projects/p1/messages", MESSAGE)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aShareIsTheSameForTheSameSeed() {
        List<List<Boolean>> runs = IntStream.range(0, 2)
                .mapToObj(run -> {
                    FcmRule rule = FcmRule.parse("share=0.3/42 UNAVAILABLE");
                    return IntStream.range(0, 1000)
                            .mapToObj(i -> rule.takes("t"))
                            .toList();
                })
                .toList();

        assertThat(runs.get(0)).isEqualTo(runs.get(1));
        assertThat(runs.get(0).stream().filter(taken -> taken).count()).isBetween(250L, 350L);
    }

    @Test
    void aRuleIsReadFromALine() {
        FcmRule counted = FcmRule.parse("next=2 QUOTA:30");

        assertThat(counted.reaction()).isEqualTo(FcmReaction.quota().retryAfter("30"));
        assertThat(IntStream.range(0, 3).mapToObj(i -> counted.takes("t")).toList())
                .containsExactly(true, true, false);
        assertThat(FcmRule.parse("token=a SENDER_ID_MISMATCH").takes("b")).isFalse();
        assertThat(FcmRule.parse("always slow:200").reaction()).isEqualTo(FcmReaction.slow(Duration.ofMillis(200)));
        for (String wrong : List.of("always", "sometimes HANG", "always EXPLODE", "share=2 HANG", "always SLOW")) {
            assertThatThrownBy(() -> FcmRule.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everythingIsRecorded() {
        String bearer = bearer();
        send(bearer, MESSAGE);

        assertThat(simulator.recorded())
                .extracting(FcmRecorded::kind)
                .containsExactly(FcmRecorded.Kind.TOKEN, FcmRecorded.Kind.SEND);
        FcmRecorded sent = simulator.recordedSends().get(0);
        assertThat(sent.body()).isEqualTo(MESSAGE);
        assertThat(sent.isAccepted()).isTrue();
        assertThat(sent.headers()).containsEntry("authorization", "Bearer " + bearer);
    }
}
