package io.lanying.http.push;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.TestApi;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.Priority;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotificationRoutesTest {

    private static final String PATH = "/v1/notifications";
    private static final String HELLO = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"}}";

    private TestApi api;
    private String credential;

    @BeforeAll
    void start() {
        api = new TestApi();
        credential = api.tenantWithKey("acme", "*");
        api.device("acme", "d1", "u1");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @BeforeEach
    void acceptEverything() {
        api.deviceCommands.clear();
        api.devices = (id, command) -> done(new PushAccepted(((AcceptPush) command).notificationId(), 1, false));
    }

    @Test
    void sealsForTheRecipientAndAnswersWhereToLook() {
        var answer = api.ask(key(post(PATH, credential, HELLO), "k1"));

        assertThat(answer.status().intValue()).isEqualTo(202);
        String id = api.json(answer).get("notificationId").asText();
        assertThat(id).matches("n[a-z2-7]{25}~d1");
        assertThat(header(answer, "Location")).isEqualTo(PATH + "/" + id);
        assertThat(header(answer, "Idempotent-Replayed")).isEmpty();
        var push = lastPush();
        assertThat(push.body().subject()).isEqualTo("user:u1");
        assertThat(clear(push)).isEqualTo("{\"title\":\"Hello\",\"category\":\"standard\"}");
        assertThat(push.bytes()).isEqualTo(clear(push).length());
        assertThat(push.ttlSeconds()).isEqualTo(259_200);
        assertThat(push.priority()).isEqualTo(Priority.NORMAL);
    }

    @Test
    void keepsWhatIsForVendorsOutOfTheBody() {
        send(
                "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\",\"body\":\"b\",\"data\":{\"z\":\"1\",\"a\":\"2\"},"
                        + "\"badge\":\"+1\",\"priority\":\"high\",\"collapseKey\":\"c\",\"apns\":{\"x\":1}},"
                        + "\"delivery\":{\"ttlSeconds\":60,\"strategy\":\"socketOnly\",\"sendAt\":null}}");

        var push = lastPush();
        assertThat(clear(push))
                .isEqualTo("{\"title\":\"t\",\"body\":\"b\",\"data\":{\"a\":\"2\",\"z\":\"1\"},\"badge\":\"+1\","
                        + "\"category\":\"standard\"}");
        assertThat(push.ttlSeconds()).isEqualTo(60);
        assertThat(push.priority()).isEqualTo(Priority.HIGH);
        assertThat(push.collapseKey()).hasValue("c");
    }

    @Test
    void derivesTheIdFromTenantDeviceAndKeyAlone() {
        String first = id(api.ask(key(post(PATH, credential, HELLO), "same")));
        String again = id(api.ask(key(post(PATH, credential, HELLO.replace("Hello", "Other")), "same")));
        String other = id(api.ask(key(post(PATH, credential, HELLO), "another")));
        api.device("rival", "d1", "u1");
        String rival = id(api.ask(key(post(PATH, api.tenantWithKey("rival", "*"), HELLO), "same")));

        assertThat(again).isEqualTo(first);
        assertThat(List.of(other, rival)).doesNotContain(first);
    }

    @Test
    void fingerprintsTheContentAndNotItsSpelling() {
        send(
                "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\",\"data\":{\"a\":\"1\",\"b\":\"2\"},\"fcm\":{\"x\":1,\"y\":[{\"p\":1,\"q\":2}]}}}");
        String one = lastPush().fingerprint();
        send(
                "{ \"message\":{\"fcm\":{\"y\":[{\"q\":2,\"p\":1}],\"x\":1},\"data\":{\"b\":\"2\",\"a\":\"1\"},\"title\":\"\\u0074\"},"
                        + "\"delivery\":{\"ttlSeconds\":259200},\"audience\":{\"devices\":[\"d1\"]}}");
        assertThat(lastPush().fingerprint()).isEqualTo(one);
        for (String change : List.of("\"x\":2", "\"x\":1,\"w\":0")) {
            send(
                    "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\",\"data\":{\"a\":\"1\",\"b\":\"2\"},\"fcm\":{"
                            + change + ",\"y\":[{\"p\":1,\"q\":2}]}}}");
            assertThat(lastPush().fingerprint()).isNotEqualTo(one);
        }
    }

    @Test
    void marksARepeatAndRefusesOtherContent() {
        api.devices = (id, command) -> done(new PushAccepted(((AcceptPush) command).notificationId(), 1, true));
        var repeat = api.ask(key(post(PATH, credential, HELLO), "k"));
        api.devices = (id, command) -> done(new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "other content"));
        var reused = api.ask(key(post(PATH, credential, HELLO), "k"));
        api.devices = (id, command) -> done(new Refused(ErrorCode.NOTHING_TO_REDELIVER, "as before", true));
        var refusedAgain = api.ask(key(post(PATH, credential, HELLO), "k"));

        assertThat(repeat.status().intValue()).isEqualTo(202);
        assertThat(header(repeat, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(reused.status().intValue()).isEqualTo(422);
        assertThat(api.code(reused)).isEqualTo("idempotencyKeyReused");
        assertThat(header(reused, "Idempotent-Replayed")).isEmpty();
        assertThat(header(refusedAgain, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void sealsAgainForWhomTheDeviceNamesAndRemembersIt() {
        api.device("acme", "moved", "old");
        api.devices = (id, command) -> done(
                ((AcceptPush) command).body().subject().equals("user:new")
                        ? new PushAccepted(((AcceptPush) command).notificationId(), 1, false)
                        : new SealedForOther("user:new"));
        String body = HELLO.replace("d1", "moved");

        assertThat(api.ask(key(post(PATH, credential, body), "k1")).status().intValue())
                .isEqualTo(202);
        assertThat(subjects()).containsExactly("user:old", "user:new");
        api.deviceCommands.clear();
        assertThat(api.ask(key(post(PATH, credential, body), "k2")).status().intValue())
                .isEqualTo(202);
        assertThat(subjects()).containsExactly("user:new");
    }

    @Test
    void asksADeletedDeviceWhoAlsoAnsweredBefore() {
        api.deletedDevice("acme", "gone");
        api.devices = (id, command) -> {
            var push = (AcceptPush) command;
            return done(
                    push.body().subject().equals("user:old")
                            ? new PushAccepted(push.notificationId(), 1, true)
                            : new SealedForOther("user:old"));
        };
        String body = HELLO.replace("d1", "gone");
        var repeat = api.ask(key(post(PATH, credential, body), "k1"));
        assertThat(repeat.status().intValue()).isEqualTo(202);
        assertThat(header(repeat, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(subjects()).containsExactly("tenant", "user:old");

        var check = api.ask(post(PATH + "?validateOnly=true", credential, body));
        assertThat(check.status().intValue()).isEqualTo(404);

        api.devices = (id, command) -> done(new Refused(ErrorCode.NOT_FOUND, "no such device"));
        var fresh = api.ask(key(post(PATH, credential, body), "k2"));
        assertThat(fresh.status().intValue()).isEqualTo(404);
    }

    @Test
    void asksNoDeviceThatNeverWas() {
        var answer = api.ask(key(post(PATH, credential, HELLO.replace("d1", "never")), "k"));
        assertThat(answer.status().intValue()).isEqualTo(404);
        assertThat(api.deviceCommands).isEmpty();
    }

    @Test
    void givesUpOnADeviceThatNeverStopsChangingHands() {
        api.devices = (id, command) -> done(new SealedForOther("user:" + api.deviceCommands.size()));

        var answer = api.ask(key(post(PATH, credential, HELLO), "k"));

        assertThat(answer.status().intValue()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(api.deviceCommands).hasSize(3);
    }

    @Test
    void asksTheRegistryOnceForADevice() {
        api.device("acme", "d9", null);
        String body = HELLO.replace("d1", "d9");
        assertThat(api.ask(key(post(PATH, credential, body), "k1")).status().intValue())
                .isEqualTo(202);
        assertThat(lastPush().body().subject()).isEqualTo("device:d9");
        api.storesDown = true;
        try {
            assertThat(api.ask(key(post(PATH, credential, body), "k2")).status().intValue())
                    .isEqualTo(202);
            var unknown = api.ask(key(post(PATH, credential, HELLO.replace("d1", "d8")), "k"));
            assertThat(unknown.status().intValue()).isEqualTo(503);
        } finally {
            api.storesDown = false;
        }
    }

    @Test
    void validatesWithoutSendingAndWithoutAKey() {
        var valid = api.ask(post(PATH + "?validateOnly=true", credential, HELLO));
        var unknown = api.ask(post(PATH + "?validateOnly=true", credential, HELLO.replace("d1", "nobody")));
        var misspelt = api.ask(key(post(PATH + "?validateonly=true", credential, HELLO), "k"));
        var maybe = api.ask(key(post(PATH + "?validateOnly=yes", credential, HELLO), "k"));

        assertThat(valid.status().intValue()).isEqualTo(200);
        assertThat(unknown.status().intValue()).isEqualTo(404);
        assertThat(misspelt.status().intValue()).isEqualTo(400);
        assertThat(maybe.status().intValue()).isEqualTo(400);
        assertThat(api.deviceCommands).isEmpty();
    }

    @Test
    void unknownDevicesAre404() {
        var answer = api.ask(key(post(PATH, credential, HELLO.replace("d1", "nobody")), "k"));

        assertThat(answer.status().intValue()).isEqualTo(404);
        assertThat(api.deviceCommands).isEmpty();
    }

    @Test
    void needsAnIdempotencyKey() {
        var missing = api.ask(post(PATH, credential, HELLO));
        var twice = api.ask(key(key(post(PATH, credential, HELLO), "a"), "b"));

        assertThat(api.code(missing)).isEqualTo("idempotencyKeyMissing");
        assertThat(api.code(twice)).isEqualTo("idempotencyKeyMissing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "ключ"})
    void idempotencyKeysAreVisibleAscii(String bad) {
        assertThat(api.ask(key(post(PATH, credential, HELLO), bad)).status().intValue())
                .isEqualTo(400);
    }

    @Test
    void idempotencyKeysAreAtMost255Long() {
        assertThat(api.ask(key(post(PATH, credential, HELLO), "k".repeat(255)))
                        .status()
                        .intValue())
                .isEqualTo(202);
        assertThat(api.ask(key(post(PATH, credential, HELLO), "k".repeat(256)))
                        .status()
                        .intValue())
                .isEqualTo(400);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void saysWhatIsWrongWhere(String name, String body, int status, String code, String pointer) {
        var answer = api.ask(key(post(PATH, credential, body), "k"));
        var problem = api.json(answer);

        assertThat(answer.status().intValue()).isEqualTo(status);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("errors").findValuesAsText("pointer")).contains(pointer);
        assertThat(api.deviceCommands).isEmpty();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                bad("no audience", "{\"message\":{\"title\":\"t\"}}", "/audience"),
                bad("no message", "{\"audience\":{\"devices\":[\"d1\"]}}", "/message"),
                bad("not an object", "[]", ""),
                bad("unknown field", wrap("\"title\":\"t\"", "").replaceFirst("\\{", "{\"extra\":1,"), "/extra"),
                bad("unknown field within", wrap("\"title\":\"t\",\"titel\":\"t\"", ""), "/message/titel"),
                bad("name with a slash", wrap("\"title\":\"t\",\"a/b~c\":1", ""), "/message/a~1b~0c"),
                bad("title of another type", wrap("\"title\":1", ""), "/message/title"),
                bad("empty message", wrap("", ""), "/message"),
                bad("data that is not text", wrap("\"data\":{\"n\":1}", ""), "/message/data/n"),
                bad("negative badge", wrap("\"badge\":-1", ""), "/message/badge"),
                bad("badge that is neither", wrap("\"badge\":\"1\"", ""), "/message/badge"),
                bad("image over http", wrap("\"imageUrl\":\"http://x.example/i.png\"", ""), "/message/imageUrl"),
                bad("vendor block that is no object", wrap("\"title\":\"t\",\"apns\":[]", ""), "/message/apns"),
                bad("unknown category", wrap("\"title\":\"t\",\"category\":\"spam\"", ""), "/message/category"),
                bad("ttl of 29 days", wrap("\"title\":\"t\"", "\"ttlSeconds\":2505600"), "/delivery/ttlSeconds"),
                bad("ttl of nothing", wrap("\"title\":\"t\"", "\"ttlSeconds\":0"), "/delivery/ttlSeconds"),
                bad("fraction of a second", wrap("\"title\":\"t\"", "\"ttlSeconds\":1.5"), "/delivery/ttlSeconds"),
                bad("unknown strategy", wrap("\"title\":\"t\"", "\"strategy\":\"pigeon\""), "/delivery/strategy"),
                bad("time that is none", wrap("\"title\":\"t\"", "\"sendAt\":\"tomorrow\""), "/delivery/sendAt"),
                bad("two audiences", audience("\"devices\":[\"d1\"],\"users\":[\"u\"]"), "/audience"),
                bad("no kind of audience", audience(""), "/audience"),
                bad("no device", audience("\"devices\":[]"), "/audience/devices"),
                bad("device id with a colon", audience("\"devices\":[\"a:b\"]"), "/audience/devices/0"),
                bad("everyone but not", audience("\"everyone\":false"), "/audience/everyone"),
                bad("no user", audience("\"users\":[]"), "/audience/users"),
                bad("no alias", audience("\"aliases\":[]"), "/audience/aliases"),
                bad("no tag", audience("\"tags\":{\"any\":[],\"none\":[]}"), "/audience/tags"),
                bad("tags of another kind", audience("\"tags\":{\"some\":[\"x\"]}"), "/audience/tags/some"),
                bad("a tag with a space", audience("\"tags\":{\"all\":[\"x y\"]}"), "/audience/tags/all/0"),
                bad("too many users", audience("\"users\":[" + "\"u\",".repeat(1_000) + "\"u\"]"), "/audience/users"),
                bad("in a month", wrap("\"title\":\"t\"", "\"sendAt\":\"2026-12-19T08:30:00Z\""), "/delivery/sendAt"),
                bad("ages ago", wrap("\"title\":\"t\"", "\"sendAt\":\"1999-12-31T00:00:00Z\""), "/delivery/sendAt"));
    }

    @Test
    void looksAtANotificationAndForgottenOnesInTheJournal() {
        assertThat(api.ask(get(PATH + "/nonsense", credential)).status().intValue())
                .isEqualTo(404);
        api.devices = (id, command) -> done(new Refused(ErrorCode.NOT_FOUND, "forgotten"));
        var unknown = api.ask(get(PATH + "/n" + "a".repeat(25) + "~d1", credential));
        assertThat(unknown.status().intValue()).isEqualTo(404);
    }

    private void send(String body) {
        assertThat(api.ask(key(post(PATH, credential, body), "k")).status().intValue())
                .isEqualTo(202);
    }

    private String id(HttpResponse answer) {
        return api.json(answer).get("notificationId").asText();
    }

    private AcceptPush lastPush() {
        return (AcceptPush) api.deviceCommands.get(api.deviceCommands.size() - 1);
    }

    private List<String> subjects() {
        return api.deviceCommands.stream()
                .map(command -> ((AcceptPush) command).body().subject())
                .toList();
    }

    private String clear(AcceptPush push) {
        return new String(
                api.sealing
                        .sealer("acme", push.body().subject())
                        .toCompletableFuture()
                        .join()
                        .open(push.notificationId(), "body", push.body()),
                StandardCharsets.UTF_8);
    }

    private static String wrap(String message, String delivery) {
        return "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{" + message + "},\"delivery\":{" + delivery + "}}";
    }

    private static String audience(String audience) {
        return "{\"audience\":{" + audience + "},\"message\":{\"title\":\"t\"}}";
    }

    private static Arguments bad(String name, String body, String pointer) {
        return Arguments.of(name, body, 400, "invalidRequest", pointer);
    }
}
