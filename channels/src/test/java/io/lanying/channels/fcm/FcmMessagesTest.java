package io.lanying.channels.fcm;

import static io.lanying.channels.fcm.FcmBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.channels.fcm.FcmBench.Draft;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.device.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire for a message, and what is refused before; the vectors of FCM seen at the wire. */
class FcmMessagesTest {

    private final WireTap wire = new WireTap();
    private final VendorAdapter adapter = wire.open();

    @AfterEach
    void close() {
        await(adapter.close());
        wire.close();
    }

    private VendorAnswer send(VendorMessage message) {
        return await(adapter.send(message));
    }

    private JsonNode sent(VendorMessage message) {
        assertThat(send(message).result()).isEqualTo(ResultClass.ACCEPTED);
        return wire.last();
    }

    /** Everything in the one is in the other, names of enums in any case. */
    private static void assertHolds(JsonNode actual, JsonNode expected) {
        expected.properties().forEach(field -> {
            JsonNode found = actual.path(field.getKey());
            if (field.getValue().isObject()) {
                assertHolds(found, field.getValue());
            } else {
                assertThat(found.asText())
                        .isEqualToIgnoringCase(field.getValue().asText());
            }
        });
    }

    @Test
    void vector1TheFullMessage() {
        VendorMessage message = new Draft()
                .texts("T", "B")
                .data("orderId", "7")
                .priority(Priority.HIGH)
                .expiresAt(Instant.now().plusSeconds(86_400).plusMillis(900))
                .collapse("order")
                .badge(3)
                .block("{\"android\":{\"notification\":{\"channel_id\":\"im\",\"tag\":\"o7\"}}}")
                .build();

        VendorAnswer answer = send(message);

        assertThat(answer.vendorMessageId()).contains("projects/p1/messages/0:1700000000%abc");
        assertHolds(wire.last(), FcmBench.json("""
                        {"token":"tok-1","notification":{"title":"T","body":"B"},"data":{"orderId":"7","lanyingId":"n1"},
                        "android":{"priority":"HIGH","ttl":"86400s","collapse_key":"order",
                        "notification":{"channel_id":"im","tag":"o7","notification_count":3}}}"""));
    }

    @Test
    void vector2AnUnknownToken() {
        wire.answers(404, """
                {"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND","details":[
                {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}""", Map.of());

        VendorAnswer answer = send(new Draft().build());

        assertThat(answer).isEqualTo(VendorAnswer.of(ResultClass.TOKEN_INVALID, "UNREGISTERED"));
    }

    @Test
    void vector3AFieldOfTheWrongType() {
        wire.answers(400, """
                {"error":{"code":400,"message":"Invalid value","status":"INVALID_ARGUMENT","details":[
                {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[
                {"field":"message.data[0].value","description":"Invalid value at 'message.data[0].value'"}]}]}}""", Map.of());

        assertThat(send(new Draft().build())).isEqualTo(VendorAnswer.of(ResultClass.REJECTED, "INVALID_ARGUMENT"));
    }

    @Test
    void vector4TooFast() {
        wire.answers(429, """
                {"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[
                {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"QUOTA_EXCEEDED"}]}}""", Map.of("Retry-After", "30"));

        assertThat(send(new Draft().build()))
                .isEqualTo(VendorAnswer.of(ResultClass.THROTTLED_APP, "QUOTA_EXCEEDED")
                        .retryAfter(Duration.ofSeconds(30)));
    }

    @Test
    void vector5AnExpiredBearer() {
        wire.answers(401, "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}", Map.of());

        assertThat(send(new Draft().build())).isEqualTo(VendorAnswer.of(ResultClass.AUTH_EXPIRED, "UNAUTHENTICATED"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | INVALID_ARGUMENT | INVALID_ARGUMENT | ACCEPTED",
                "404 | NOT_FOUND | UNREGISTERED | ACCEPTED",
                "400 | INVALID_ARGUMENT | | REJECTED",
                "403 | PERMISSION_DENIED | | AUTH_CONFIG",
                "404 | NOT_FOUND | | AUTH_CONFIG",
                "503 | UNAVAILABLE | UNAVAILABLE | RETRY"
            })
    void aProbeIsGoodOnlyIfFcmItselfComplainsAboutTheToken(
            int status, String name, String errorCode, ResultClass expected) {
        String details = errorCode == null
                ? ""
                : "{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\",\"errorCode\":\"" + errorCode
                        + "\"}";
        wire.answers(status, "{\"error\":{\"status\":\"" + name + "\",\"details\":[" + details + "]}}", Map.of());

        assertThat(await(adapter.probe()).result()).isEqualTo(expected);
        assertThat(wire.sent.get(0).path("validate_only").asBoolean()).isTrue();
    }

    @Test
    void lifeIsAtMostFourWeeksAndNeverNegative() {
        assertThat(sent(new Draft()
                                .expiresAt(Instant.now().plus(Duration.ofDays(90)))
                                .build())
                        .at("/android/ttl")
                        .asText())
                .isEqualTo("2419200s");
        JsonNode late =
                sent(new Draft().expiresAt(Instant.now().minusSeconds(5)).build());
        assertThat(late.at("/android/ttl").asText()).isEqualTo("0s");
        assertThat(late.at("/webpush/headers/TTL").asText()).isEqualTo("0");
    }

    @Test
    void aMessageReachesIosThroughFcmInApplesWords() {
        Instant expiresAt = Instant.now().plusSeconds(600);
        JsonNode apns = sent(new Draft()
                        .collapse("k")
                        .badge(2)
                        .sound("ding")
                        .priority(Priority.HIGH)
                        .expiresAt(expiresAt)
                        .build())
                .path("apns");

        assertHolds(apns, FcmBench.json("""
                        {"headers":{"apns-priority":"10","apns-collapse-id":"k","apns-expiration":"%d"},
                        "payload":{"aps":{"badge":2,"sound":"ding"}}}""".formatted(expiresAt.getEpochSecond())));
    }

    @Test
    void silentMeansShownWithoutSoundAndWithoutWaking() {
        JsonNode message =
                sent(new Draft().silent().sound("ding").priority(Priority.HIGH).build());

        assertThat(message.at("/android/priority").asText()).isEqualTo("normal");
        assertThat(message.at("/android/notification/notification_priority").asText())
                .isEqualTo("PRIORITY_LOW");
        assertThat(message.at("/android/notification/default_sound").asBoolean(true))
                .isFalse();
        assertThat(message.at("/android/notification/sound").isMissingNode()).isTrue();
        assertThat(message.at("/apns/payload/aps/sound").isMissingNode()).isTrue();
        assertThat(message.at("/apns/payload/aps/interruption-level").asText()).isEqualTo("passive");
        assertThat(message.at("/notification/title").asText()).isEqualTo("T");
    }

    @Test
    void withoutTextsItIsADataMessage() {
        JsonNode message =
                sent(new Draft().texts(null, null).data("k", "v").badge(1).build());

        assertThat(message.has("notification")).isFalse();
        assertThat(message.path("android").has("notification")).isFalse();
        assertThat(message.at("/apns/payload/aps/content-available").asInt()).isEqualTo(1);
        assertThat(message.at("/apns/headers/apns-priority").asText()).isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource({
        "HIGH, standard, high",
        "NORMAL, standard, normal",
        "LOW, standard, normal",
        "NORMAL, transactional, high",
        "LOW, transactional, normal",
        "HIGH, marketing, normal"
    })
    void urgencyComesFromPriorityAndCategory(Priority priority, String category, String expected) {
        JsonNode message =
                sent(new Draft().priority(priority).category(category).build());

        assertThat(message.at("/android/priority").asText()).isEqualTo(expected);
        assertThat(message.at("/webpush/headers/Urgency").asText()).isEqualTo(expected);
    }

    @Test
    void whatTheCallerWritesForFcmWins() {
        JsonNode message = sent(new Draft()
                .click("OPEN")
                .image("https://example.com/i.png")
                .badge(1)
                .block("""
                        {"android":{"priority":"HIGH","ttl":"60s","restricted_package_name":"com.example","direct_boot_ok":true,
                        "notification":{"icon":"i","color":"#102030","sound":"s","visibility":"SECRET","notification_count":9,
                        "vibrate_timings":["0.5s","1s"],"light_settings":{"color":"#ff0000","light_on_duration":"1s",
                        "light_off_duration":"2s"},"body_loc_key":"b","body_loc_args":["x"]},
                        "fcm_options":{"analytics_label":"a"}},
                        "apns":{"headers":{"apns-priority":"1"},"payload":{"aps":{"badge":5,"thread-id":"t"},"own":{"k":1}},
                        "fcm_options":{"image":"https://example.com/a.png"}},
                        "webpush":{"headers":{"Topic":"t"},"notification":{"icon":"w"},"fcm_options":{"link":"https://example.com/"}},
                        "fcm_options":{"analytics_label":"all"}}""")
                .build());

        assertHolds(message, FcmBench.json("""
                        {"notification":{"image":"https://example.com/i.png"},"android":{"priority":"high","ttl":"60s",
                        "restricted_package_name":"com.example","direct_boot_ok":true,"notification":{"icon":"i",
                        "click_action":"OPEN","visibility":"secret","notification_count":9,"body_loc_key":"b"},
                        "fcm_options":{"analytics_label":"a"}},"apns":{"headers":{"apns-priority":"1"},
                        "payload":{"aps":{"badge":5,"thread-id":"t"},"own":{"k":1}},
                        "fcm_options":{"image":"https://example.com/a.png"}},"webpush":{"headers":{"Topic":"t"},
                        "notification":{"icon":"w"},"fcm_options":{"link":"https://example.com/"}},
                        "fcm_options":{"analytics_label":"all"}}"""));
    }

    @Test
    void theCallersTimeToLiveIsNeverLongerThanTheItems() {
        JsonNode message = sent(new Draft()
                .expiresAt(Instant.now().plusSeconds(100).plusMillis(900))
                .block("{\"android\":{\"ttl\":\"1000s\"}}")
                .build());

        assertThat(message.at("/android/ttl").asText()).isEqualTo("100s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"token\":\"x\"} | unknownFcmKey:",
                "{\"data\":{\"a\":\"b\"}} | unknownFcmKey:",
                "{\"android\":{\"data\":{}}} | unknownFcmKey:/android",
                "{\"android\":{\"ttl\":7}} | badFcmBlock:/android/ttl",
                "{\"android\":{\"ttl\":\"soon\"}} | badFcmBlock:/android/ttl",
                "{\"android\":{\"priority\":\"URGENT\"}} | badFcmBlock:/android/priority",
                "{\"android\":[]} | badFcmBlock:/android",
                "{\"android\":{\"notification\":{\"notification_count\":-1}}} "
                        + "| badFcmBlock:/android/notification/notification_count",
                "{\"android\":{\"notification\":{\"color\":\"red\"}}} | badFcmBlock",
                "{\"apns\":{\"payload\":{\"aps\":\"x\"}}} | badFcmBlock:/apns/payload",
                "{\"webpush\":{\"fcm_options\":{\"link\":\"javascript:1\"}}} | badFcmBlock:/webpush/fcm_options/link"
            })
    void aBlockThatFcmWouldNotTakeIsNotSent(String block, String code) {
        VendorAnswer answer = send(new Draft().block(block).build());

        assertThat(answer.result()).isEqualTo(ResultClass.REJECTED);
        assertThat(answer.code()).startsWith(code);
        assertThat(wire.sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from",
                "gcm",
                "gcm.notification.e",
                "google",
                "google.sent_time",
                "message_type",
                "collapse_key",
                "lanyingId"
            })
    void aReservedKeyOfDataIsNotSent(String key) {
        VendorAnswer answer = send(new Draft().data(key, "v").build());

        assertThat(answer).isEqualTo(FcmLocal.DATA_KEY.answer());
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void sizeIsCountedInBytesOfKeysAndValues() {
        // "lanyingId" and "n1" (11), "title" and "T" (6), "body" (4) and the key "k" (1) are counted, too.
        int room = FcmMessages.MAX_BYTES - 11 - 6 - 4 - 1;
        String body = "汉".repeat(100);
        VendorMessage fits =
                new Draft().texts("T", body).data("k", "x".repeat(room - 300)).build();
        VendorMessage over =
                new Draft().texts("T", body).data("k", "x".repeat(room - 299)).build();

        assertThat(send(over)).isEqualTo(FcmLocal.TOO_LARGE.answer());
        assertThat(wire.sent).isEmpty();
        assertThat(send(fits).result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void anEmptyTokenIsNotSent() {
        assertThat(send(new Draft().token(" ").build())).isEqualTo(FcmLocal.TOKEN.answer());
    }
}
