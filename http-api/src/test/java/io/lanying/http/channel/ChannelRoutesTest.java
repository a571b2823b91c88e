package io.lanying.http.channel;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.error.ErrorRendering;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.CredentialCheck;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ChannelRoutesTest {

    private static final String APNS = "/v1/channels/apns/production";
    private static final String FCM = "/v1/channels/fcm/production";
    private static final String SECRET = "canary-of-a-secret";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "channels:admin");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void sealsWhatWasPutForTheTenant_andAnswersWithoutIt() {
        var answer = api.ask(put(FCM, credential, "{\"key\":\"" + SECRET + "\"}"));

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(header(answer, "Location")).isEqualTo(FCM);
        assertThat(api.text(answer)).doesNotContain(SECRET);
        var command = (PutCredential) last();
        assertThat(command.channel()).isEqualTo(new ChannelId("fcm", "production"));
        assertThat(command.secret().subject()).isEqualTo(Subject.TENANT);
        assertThat(command.summary()).isEqualTo("key of fcm/production");
        assertThat(api.sealing
                        .sealer("acme", Subject.TENANT)
                        .toCompletableFuture()
                        .join()
                        .open("fcm/production", "credential", command.secret()))
                .isEqualTo(("{\"key\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(command.toString()).doesNotContain(SECRET);
    }

    @Test
    void theSameContentIsTheSameWhateverItsOrderAndSpaces() {
        api.ask(put(APNS, credential, "{\"a\":{\"y\":[1,{\"q\":2,\"p\":1}],\"x\":1},\"b\":\"t\"}"));
        String first = ((PutCredential) last()).content();
        api.ask(put(APNS, credential, "{ \"b\" : \"t\", \"a\":{\"x\":1, \"y\":[1,{\"p\":1,\"q\":2}]} }"));
        assertThat(((PutCredential) last()).content()).isEqualTo(first);
        api.ask(put(APNS, credential, "{\"b\":\"t\",\"a\":{\"x\":1,\"y\":[{\"p\":1,\"q\":2},1]}}"));
        assertThat(((PutCredential) last()).content()).isNotEqualTo(first);
    }

    @Test
    void whatCannotBeUsedIsSaidFieldByField_andNothingIsStored() {
        api.tenantCommands.clear();
        var answer = api.ask(put(APNS, credential, "{\"bad\":true,\"key\":\"" + SECRET + "\"}"));

        assertThat(answer.status().intValue()).isEqualTo(422);
        String text = api.text(answer);
        assertThat(text).contains("invalidCredential", "\"pointer\":\"/bad\"").doesNotContain(SECRET);
        assertThat(api.tenantCommands).noneMatch(PutCredential.class::isInstance);
        assertThat(api.credentials.checkedOn)
                .hasValueSatisfying(thread ->
                        assertThat(thread).as("reading a key may take its time").contains("blocking"));
    }

    @Test
    void whatGoesWrongInsideACheckQuotesNoSecret() {
        var log = (Logger) LoggerFactory.getLogger(ErrorRendering.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try {
            var answer = api.ask(put(APNS, credential, "{\"breaks\":true,\"key\":\"" + SECRET + "\"}"));

            assertThat(answer.status().intValue()).isEqualTo(500);
            assertThat(api.text(answer)).doesNotContain(SECRET);
            assertThat(lines.list).isNotEmpty().allSatisfy(line -> assertThat(
                            ThrowableProxyUtil.asString(line.getThrowableProxy()) + line.getFormattedMessage())
                    .contains("IllegalArgumentException")
                    .doesNotContain(SECRET));
        } finally {
            log.detachAppender(lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"text\"", "null"})
    void aCredentialIsAnObject(String body) {
        assertThat(api.code(api.ask(put(APNS, credential, body)))).isEqualTo("invalidRequest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/channels/apns/a~b",
                "/v1/channels/apns/..%2Ffcm",
                "/v1/channels/apns/abcdefghijklmnopqrstuvwxyz1234567",
                "/v1/channels/a%20b/production"
            })
    void namesThatNoChannelCanHaveAreNotThere(String path) {
        for (var request : List.of(get(path, credential), put(path, credential, "{}"), delete(path, credential))) {
            assertThat(api.ask(request).status().intValue()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"2592001, active", "2592000, expiresSoon", "1, expiresSoon", "0, expired", "-1, expired"})
    void saysWhenItEnds(long seconds, String status) {
        Instant end = NOW.plusSeconds(seconds);
        var id = new ChannelId("apns", "production");
        api.tenantWrites = (tenant, command) -> done(new TenantReply.ChannelsAre(List.of(new TenantReply.ChannelView(
                id, List.of(new TenantReply.CredentialInfo(1, "key", NOW, Optional.of(end), Optional.empty()))))));

        var shown = api.json(api.ask(get(APNS, credential)));
        assertThat(shown.get("status").asText()).isEqualTo(status);
        assertThat(Instant.parse(shown.get("expiresAt").asText())).isEqualTo(end);
    }

    @Test
    void showsVersionsButNoSecret() {
        var answer = api.ask(get(APNS, credential));

        assertThat(api.text(answer)).doesNotContain(StubEntities.CREDENTIAL_SECRET);
        var shown = api.json(api.ask(get(APNS, credential)));
        assertThat(shown.get("version").asLong()).isEqualTo(2);
        assertThat(shown.get("status").asText()).isEqualTo("active");
        assertThat(shown.get("restoredVersion").asLong()).isEqualTo(1);
        assertThat(shown.get("earlier").get(0).get("version").asLong()).isEqualTo(1);
        var list = api.json(api.ask(get("/v1/channels", credential)));
        assertThat(list.get("items").get(0)).isEqualTo(shown);
    }

    @Test
    void pagesThroughChannels() {
        api.tenantWrites = (tenant, command) ->
                done(new TenantReply.ChannelsAre(List.of(view("fcm"), view("apns"), view("huawei"))));
        var first = api.json(api.ask(get("/v1/channels?limit=2", credential)));
        assertThat(first.get("items").findValuesAsText("channel")).containsExactly("apns", "fcm");
        var rest = api.json(
                api.ask(get("/v1/channels?cursor=" + first.get("nextCursor").asText(), credential)));
        assertThat(rest.get("items").findValuesAsText("channel")).containsExactly("huawei");
        assertThat(rest.get("nextCursor").isNull()).isTrue();
    }

    private static TenantReply.ChannelView view(String channel) {
        return new TenantReply.ChannelView(
                new ChannelId(channel, "production"),
                List.of(new TenantReply.CredentialInfo(1, "key", NOW, Optional.empty(), Optional.empty())));
    }

    @Test
    void restoresUnderTheCallersKey() {
        var answer = restore("k", "{\"version\":1}");
        var first = (RestoreCredential) last();
        restore("k", "{\"version\":1}");
        var again = (RestoreCredential) last();
        restore("k", "{\"version\":2}");
        var other = (RestoreCredential) last();

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(api.json(answer).get("version").asLong()).isEqualTo(3);
        assertThat(again.requestKey()).isEqualTo(first.requestKey()).startsWith("c");
        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(other.requestKey()).isEqualTo(first.requestKey());
        assertThat(other.fingerprint()).isNotEqualTo(first.fingerprint());
        assertThat(api.code(api.ask(post(APNS + "/restore", credential, "{\"version\":1}"))))
                .isEqualTo("idempotencyKeyMissing");
    }

    @Test
    void aRepeatedRestoringIsMarked_andARefusedOneToo() {
        api.tenantWrites = (id, command) -> done(new TenantReply.CredentialRestored(3, true));
        assertThat(header(restore("k", "{\"version\":1}"), "Idempotent-Replayed"))
                .isEqualTo("true");
        api.tenantWrites = (id, command) -> done(new TenantReply.Refused(ErrorCode.UNKNOWN_VERSION, "no", true));
        var refused = restore("k", "{\"version\":9}");
        assertThat(refused.status().intValue()).isEqualTo(422);
        assertThat(header(refused, "Idempotent-Replayed")).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"version\":0}", "{\"version\":\"1\"}", "{\"version\":1.5}", "{\"version\":1,\"x\":1}"})
    void restoringNeedsAVersion(String body) {
        assertThat(api.code(restore("k", body))).isEqualTo("invalidRequest");
    }

    @Test
    void triesTheCredentialWithTheVendor() {
        var works = api.json(api.ask(post(APNS + "/test", credential, "{}")));
        assertThat(works.get("works").asBoolean()).isTrue();
        assertThat(works.get("version").asLong()).isEqualTo(2);

        api.credentials.whenTried = List.of(new CredentialCheck.Problem("", "refused", "InvalidProviderToken"));
        var fails = api.json(api.ask(post(APNS + "/test", credential, "")));
        assertThat(fails.get("works").asBoolean()).isFalse();
        assertThat(fails.get("problems").get(0).get("detail").asText()).isEqualTo("InvalidProviderToken");

        api.credentials.vendorDown = true;
        var down = api.ask(post(APNS + "/test", credential, "{}"));
        assertThat(down.status().intValue()).isEqualTo(503);
        assertThat(header(down, "Retry-After")).isNotEmpty();
        assertThat(api.code(api.ask(post(APNS + "/test", credential, "{\"x\":1}"))))
                .isEqualTo("invalidRequest");
    }

    @Test
    void tooManyOfATenantsCredentialsWait_andNobodyElses() {
        api.tenantWithKey("rival", "*");
        int taken = 0;
        while (api.ask(put(APNS, credential, "{\"bad\":true}")).status().intValue() == 422 && taken < 100) {
            taken++;
        }
        assertThat(taken).isEqualTo(20);
        assertThat(header(api.ask(post(APNS + "/test", credential, "{}")), "Retry-After"))
                .isEqualTo("1");
        assertThat(api.ask(put(APNS, api.tenantWithKey("rival", "*"), "{\"bad\":true}"))
                        .status()
                        .intValue())
                .isEqualTo(422);
        api.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(api.ask(put(APNS, credential, "{\"bad\":true}")).status().intValue())
                .isEqualTo(422);
    }

    @Test
    void withoutKeysNothingIsStored() {
        api.tenantCommands.clear();
        api.sealing.down = true;
        assertThat(api.ask(put(APNS, credential, "{}")).status().intValue()).isEqualTo(503);
        assertThat(api.tenantCommands).noneMatch(TenantCommand.PutCredential.class::isInstance);
    }

    private HttpResponse restore(String idempotencyKey, String body) {
        return api.ask(key(post(APNS + "/restore", credential, body), idempotencyKey));
    }

    private Object last() {
        return api.tenantCommands.get(api.tenantCommands.size() - 1);
    }
}
