package io.lanying.http.push;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.NotificationFixtures;
import io.lanying.http.TestApi;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.notification.FateCount;
import io.lanying.protocol.notification.NotificationCommand.Accept;
import io.lanying.protocol.notification.NotificationCommand.Cancel;
import io.lanying.protocol.notification.NotificationPartReply.Counts;
import io.lanying.protocol.notification.NotificationReply.Accepted;
import io.lanying.protocol.notification.NotificationReply.Refused;
import io.lanying.protocol.notification.NotificationStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Notifications to more than one device, or for later. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AudienceRoutesTest {

    private static final String PATH = "/v1/notifications";

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
        api.notificationCommands.clear();
        api.notifications = (id, command) -> done(
                command instanceof Accept
                        ? new Accepted(false)
                        : NotificationFixtures.view(
                                command instanceof Cancel ? NotificationStatus.RECALLING : NotificationStatus.SENDING));
    }

    @Test
    void everyKindOfAudienceReachesItsEntitySealedForTheTenant() {
        assertThat(sent("\"devices\":[\"d2\",\"d1\",\"d2\"]")).isEqualTo(Audience.devices(List.of("d1", "d2")));
        assertThat(sent("\"users\":[\"u1\"]")).isEqualTo(Audience.users(List.of("u1")));
        assertThat(sent("\"aliases\":[\"厨房\"]")).isEqualTo(Audience.aliases(List.of("厨房")));
        assertThat(sent("\"tags\":{\"any\":[\"x\"],\"all\":[\"y\"],\"none\":[\"z\"]}"))
                .isEqualTo(Audience.tags(List.of("x"), List.of("y"), List.of("z")));
        assertThat(sent("\"everyone\":true")).isEqualTo(Audience.everyone());
        assertThat(api.deviceCommands).isEmpty();
        var accept = last();
        assertThat(accept.body().subject()).isEqualTo("tenant");
        assertThat(accept.ttlSeconds()).isEqualTo(259_200);
        assertThat(accept.bytes()).isEqualTo("{\"title\":\"t\",\"category\":\"standard\"}".length());
    }

    @Test
    void theIdIsDerivedFromTenantAndKeyAndOpensTheBody() {
        var answer = api.ask(key(post(PATH, credential, body("\"everyone\":true", "")), "same"));
        String id = api.json(answer).get("notificationId").asText();

        assertThat(answer.status().intValue()).isEqualTo(202);
        assertThat(id).matches("n[a-z2-7]{25}");
        assertThat(header(answer, "Location")).isEqualTo(PATH + "/" + id);
        var accept = last();
        var sealer = api.sealing.sealer("acme", "tenant").toCompletableFuture().join();
        assertThat(new String(sealer.open(id, "body", accept.body()), StandardCharsets.UTF_8))
                .isEqualTo("{\"title\":\"t\",\"category\":\"standard\"}");
        var again = api.ask(key(post(PATH, credential, body("\"users\":[\"u1\"]", "")), "same"));
        assertThat(api.json(again).get("notificationId").asText()).isEqualTo(id);
        assertThat(last().fingerprint()).isNotEqualTo(accept.fingerprint());
    }

    @Test
    void theSameAudienceInAnotherOrderIsTheSameContent() {
        sent("\"users\":[\"u1\",\"u2\"]");
        String one = last().fingerprint();
        sent("\"users\":[\"u2\",\"u1\",\"u1\"]");
        assertThat(last().fingerprint()).isEqualTo(one);
        sent("\"aliases\":[\"u1\",\"u2\"]");
        assertThat(last().fingerprint()).isNotEqualTo(one);
    }

    @Test
    void whatIsForLaterIsAnEntityAlsoForOneDevice() {
        String later = body("\"devices\":[\"d1\"]", "\"sendAt\":\"2026-12-01T00:00:00.0009Z\"");
        assertThat(api.ask(key(post(PATH, credential, later), "k")).status().intValue())
                .isEqualTo(202);
        assertThat(last().sendAt()).contains(Instant.parse("2026-12-01T00:00:00.000Z"));
        assertThat(last().audience()).isEqualTo(Audience.devices(List.of("d1")));
    }

    @Test
    void repeatsAndOtherContentAreSaid() {
        api.notifications = (id, command) -> done(new Accepted(true));
        var repeat = api.ask(key(post(PATH, credential, body("\"everyone\":true", "")), "k"));
        assertThat(header(repeat, "Idempotent-Replayed")).isEqualTo("true");
        api.notifications = (id, command) -> done(new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "other"));
        var reused = api.ask(key(post(PATH, credential, body("\"everyone\":true", "")), "k"));
        assertThat(reused.status().intValue()).isEqualTo(422);
        assertThat(api.code(reused)).isEqualTo("idempotencyKeyReused");
    }

    @Test
    void validatesWithoutSending() {
        var valid = api.ask(post(PATH + "?validateOnly=true", credential, body("\"users\":[\"nobody\"]", "")));
        assertThat(valid.status().intValue()).isEqualTo(200);
        assertThat(api.text(valid)).isEqualTo("{\"valid\":true}");
        assertThat(api.notificationCommands).isEmpty();
    }

    @Test
    void showsCountsAndStatusAndTakesBack() {
        String one = PATH + "/n" + "a".repeat(25);
        var shown = api.json(api.ask(get(one, credential)));
        assertThat(shown.get("status").asText()).isEqualTo("sending");
        assertThat(shown.get("counts").get("targeted").asInt()).isEqualTo(10);
        assertThat(shown.get("counts").get("notTargeted").asInt()).isEqualTo(1);
        assertThat(shown.get("counts").get("pending").asInt()).isEqualTo(8);
        var cancelled = api.json(api.ask(TestApi.delete(one, credential)));
        assertThat(cancelled.get("status").asText()).isEqualTo("recalling");

        api.notifications = (id, command) -> done(new Refused(ErrorCode.NOT_FOUND, "none"));
        assertThat(api.ask(get(one, credential)).status().intValue()).isEqualTo(404);
        assertThat(api.ask(TestApi.delete(one, credential)).status().intValue()).isEqualTo(404);
        assertThat(api.ask(get(one + "/devices/d1/why", credential)).status().intValue())
                .isEqualTo(404);
    }

    @Test
    void addsUpWhatItsCompanionsKnow() {
        String id = "n" + "a".repeat(25);
        api.notifications = (entity, command) -> done(NotificationFixtures.view(NotificationStatus.SENT));
        api.companions.put(
                new EntityId("acme", id + "~3"),
                new Counts(List.of(
                        new FateCount(Fate.ACKNOWLEDGED, Optional.of("socket"), 4),
                        new FateCount(Fate.ACCEPTED_BY_VENDOR, Optional.of("fcm"), 2),
                        new FateCount(Fate.REFUSED, Optional.empty(), 1))));
        var shown = api.json(api.ask(get(PATH + "/" + id, credential)));
        // 7 took it, 2 refused, 1 never answered; 7 of the 8 have said what became of it
        assertThat(shown.get("status").asText()).isEqualTo("pending");
        var counts = shown.get("counts");
        assertThat(counts.get("targeted").asInt()).isEqualTo(10);
        assertThat(counts.get("acknowledged").asInt()).isEqualTo(4);
        assertThat(counts.get("refused").asInt()).isEqualTo(3);
        assertThat(counts.get("pending").asInt()).isEqualTo(1);
        assertThat(shown.get("byChannel").get("fcm").get("acceptedByVendor").asInt())
                .isEqualTo(2);
        api.now = TestApi.NOW.plusSeconds(61);
        try {
            var later = api.json(api.ask(get(PATH + "/" + id, credential)));
            assertThat(later.get("status").asText()).isEqualTo("completed");
            assertThat(later.get("counts").get("unknown").asInt()).isEqualTo(1);
        } finally {
            api.now = TestApi.NOW;
            api.companions.clear();
        }
    }

    @Test
    void whoWasNotAddressedIsToldSo() {
        var profile = new Profile(
                "ios", Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        api.journal("acme", "d7", new DeviceEvent.DeviceRegistered(TestApi.NOW, Optional.of("u1"), 1, "s1", profile));
        String why = PATH + "/n" + "a".repeat(25) + "/devices/";
        assertThat(api.json(api.ask(get(why + "d7/why", credential)))
                        .get("fate")
                        .asText())
                .isEqualTo("notTargeted");
        assertThat(api.ask(get(why + "d8/why", credential)).status().intValue()).isEqualTo(404);
    }

    private Audience sent(String audience) {
        assertThat(api.ask(key(post(PATH, credential, body(audience, "")), "k"))
                        .status()
                        .intValue())
                .isEqualTo(202);
        return last().audience();
    }

    private Accept last() {
        return (Accept) api.notificationCommands.get(api.notificationCommands.size() - 1);
    }

    private static String body(String audience, String delivery) {
        return "{\"audience\":{" + audience + "},\"message\":{\"title\":\"t\"},\"delivery\":{" + delivery + "}}";
    }
}
