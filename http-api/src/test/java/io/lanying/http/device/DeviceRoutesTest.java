package io.lanying.http.device;

import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpRequest;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceRoutesTest {

    private static final String D1 = "/v1/devices/d1";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void sealsVendorTokensForTheNewOwner() {
        api.ask(
                put(
                        D1,
                        credential,
                        "{\"userId\":\"u2\",\"platform\":\"ios\",\"tags\":[\"b\",\"a\",\"a\"],"
                                + "\"tokens\":[{\"channel\":\"apns\",\"environment\":\"sandbox\",\"topic\":\"app\",\"token\":\"secret\"}]}"));

        var register = (Register) last();
        assertThat(register.userId()).hasValue("u2");
        assertThat(register.profile().tags()).containsExactly("a", "b");
        var token = register.profile().tokens().get(0);
        assertThat(token.token().subject()).isEqualTo("user:u2");
        assertThat(open("user:u2", token.token())).isEqualTo("secret");
        String first = token.fingerprint();
        api.ask(put(
                "/v1/devices/d2",
                credential,
                "{\"platform\":\"ios\",\"tokens\":[{\"channel\":\"apns\",\"token\":\"secret\"}]}"));
        assertThat(((Register) last()).profile().tokens().get(0).fingerprint()).isEqualTo(first);
    }

    @Test
    void anOwnerlessDeviceIsItsOwnRecipient() {
        api.ask(put(
                "/v1/devices/d2",
                credential,
                "{\"platform\":\"ios\",\"tokens\":[{\"channel\":\"apns\",\"token\":\"t\"}]}"));

        assertThat(((Register) last()).profile().tokens().get(0).token().subject())
                .isEqualTo("device:d2");
    }

    @Test
    void tellsNewFromKnown() {
        var known = api.ask(put(D1, credential, "{\"platform\":\"web\"}"));
        var fresh = api.ask(put("/v1/devices/d2", credential, "{\"platform\":\"web\"}"));

        assertThat(known.status().intValue()).isEqualTo(200);
        assertThat(fresh.status().intValue()).isEqualTo(201);
        assertThat(header(fresh, "Location")).isEqualTo("/v1/devices/d2");
    }

    @Test
    void neverShowsAVendorToken() {
        for (HttpRequest request : new HttpRequest[] {
            get(D1, credential), put(D1, credential, "{\"platform\":\"web\"}"),
            get("/v1/journal/devices/d1/events", credential), get("/v1/journal/devices/d1/state", credential)
        }) {
            String text = api.text(api.ask(request));
            assertThat(text).contains("\"channel\":\"fcm\"").doesNotContain(StubEntities.VENDOR_TOKEN, "fingerprint");
        }
    }

    @Test
    void aRegistrationChangesWhomPushesAreSealedFor() {
        api.ask(push("k1"));
        assertThat(((AcceptPush) last()).body().subject()).isEqualTo("user:u1");
        api.ask(put(D1, credential, "{\"platform\":\"web\",\"userId\":\"u9\"}"));
        api.ask(push("k2"));
        assertThat(((AcceptPush) last()).body().subject()).isEqualTo("user:u9");
        api.ask(delete(D1, credential));
        api.rows.remove(new EntityId("acme", "d1"));
        assertThat(api.ask(push("k3")).status().intValue()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"platform\":\"\"}",
                "{\"platform\":\"web\",\"userId\":\"a:b\"}",
                "{\"platform\":\"web\",\"userId\":1}",
                "{\"platform\":\"web\",\"alias\":\"with space\"}",
                "{\"platform\":\"web\",\"tags\":[\"\\u0000\"]}",
                "{\"platform\":\"web\",\"tags\":\"a\"}",
                "{\"platform\":\"web\",\"timezone\":\"Mars/Olympus\"}",
                "{\"platform\":\"web\",\"locale\":\"!\"}",
                "{\"platform\":\"web\",\"tokens\":[{\"channel\":\"fcm\"}]}",
                "{\"platform\":\"web\",\"tokens\":[{\"channel\":\"fcm\",\"token\":\"t\",\"extra\":1}]}",
                "{\"platform\":\"web\",\"tokens\":[{\"channel\":\"fcm\",\"token\":\"a\"},{\"channel\":\"fcm\",\"token\":\"b\"}]}",
                "{\"platform\":\"web\",\"tenant\":\"rival\"}"
            })
    void refusesRegistrationsThatMakeNoSense(String body) {
        var answer = api.ask(put(D1, credential, body));

        assertThat(answer.status().intValue()).isEqualTo(400);
        assertThat(api.json(answer).get("errors")).isNotEmpty();
        assertThat(api.deviceCommands).isEmpty();
    }

    @Test
    void refusesABadIdOfItsOwn() {
        assertThat(api.ask(put("/v1/devices/a%3Ab", credential, "{\"platform\":\"web\"}"))
                        .status()
                        .intValue())
                .isEqualTo(400);
        assertThat(api.ask(get("/v1/devices/a%3Ab", credential)).status().intValue())
                .isEqualTo(404);
    }

    @Test
    void issuesTokensThatSayWhatTheDeviceIsNow() {
        var answer = api.ask(post(D1 + "/session-tokens", credential, "{\"ttlSeconds\":60}"));
        String token = api.json(answer).get("token").asText();

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(api.json(answer).get("expiresAt").asText()).isEqualTo("2026-11-20T08:31:00.000Z");
        assertThat(api.deviceAuthenticator()
                        .authenticate(token, "192.0.2.1")
                        .toCompletableFuture()
                        .join()
                        .<Optional<DevicePrincipal>>fold(Optional::of, problem -> Optional.empty()))
                .hasValue(new DevicePrincipal("acme", "d1", Optional.of("u1"), 1, TestApi.NOW.plusSeconds(60)));
    }

    @Test
    void issuesATokenForAnHourToWhoeverSendsNothing() {
        var answer = api.ask(TestApi.with(HttpRequest.POST(D1 + "/session-tokens"), credential));

        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(api.json(answer).get("expiresAt").asText()).isEqualTo("2026-11-20T09:30:00.000Z");
    }

    @Test
    void aSessionTokenOpensNoServiceRoute() {
        String token = api.json(api.ask(post(D1 + "/session-tokens", credential, "{}")))
                .get("token")
                .asText();

        assertThat(api.ask(get(D1, token)).status().intValue()).isEqualTo(401);
    }

    @Test
    void redeliversUnderADerivedKey() {
        var answer = api.ask(key(post(D1 + "/redeliveries", credential, "{\"fromItemSeq\":1,\"toItemSeq\":2}"), "k"));
        var command = (Redeliver) last();

        assertThat(answer.status().intValue()).isEqualTo(202);
        assertThat(api.text(answer)).isEqualTo("{\"firstItemSeq\":6,\"lastItemSeq\":7}");
        assertThat(command.key()).matches("r[a-z2-7]{25}~d1");
        assertThat(command.subject()).isEqualTo("user:u1");
        api.devices = (id, any) -> done(new DeviceReply.Redelivered(6, 7, true));
        var repeat = api.ask(key(post(D1 + "/redeliveries", credential, "{\"fromItemSeq\":1,\"toItemSeq\":2}"), "k"));
        assertThat(header(repeat, "Idempotent-Replayed")).isEqualTo("true");
        api.devices = (id, any) -> done(new Refused(ErrorCode.NOTHING_TO_REDELIVER, "nothing"));
        var nothing = api.ask(key(post(D1 + "/redeliveries", credential, "{\"fromItemSeq\":1,\"toItemSeq\":2}"), "k"));
        assertThat(nothing.status().intValue()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"fromItemSeq\":1}",
                "{\"fromItemSeq\":0,\"toItemSeq\":1}",
                "{\"fromItemSeq\":2,\"toItemSeq\":1}",
                "{\"fromItemSeq\":1,\"toItemSeq\":1001}",
                "{\"fromItemSeq\":1,\"toItemSeq\":9223372036854775807}",
                "{\"fromItemSeq\":1,\"toItemSeq\":99999999999999999999}"
            })
    void redeliversAtMostAThousand(String body) {
        assertThat(api.ask(key(post(D1 + "/redeliveries", credential, body), "k"))
                        .status()
                        .intValue())
                .isEqualTo(400);
    }

    private HttpRequest push(String idempotencyKey) {
        return key(
                post(
                        "/v1/notifications",
                        credential,
                        "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\"}}"),
                idempotencyKey);
    }

    private String open(String subject, io.lanying.protocol.sealing.Sealed sealed) {
        return new String(
                api.sealing.sealer("acme", subject).toCompletableFuture().join().open("d1", "token", sealed),
                StandardCharsets.UTF_8);
    }

    private Object last() {
        return api.deviceCommands.get(api.deviceCommands.size() - 1);
    }
}
