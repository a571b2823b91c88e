package io.lanying.channels.apns;

import static io.lanying.channels.apns.Messages.draft;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.device.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Apple is asked for each message; the worked examples are compared with no simulator in between. */
class ApnsRequestsTest {

    private final ApnsRequests requests = new ApnsRequests(Credentials.TOPIC, Adapters.CLOCK);

    @Test
    void theFirstWorkedExampleIsBuiltAsWritten() {
        ApnsNotification request = request(draft().badge(3)
                .sound("default")
                .data(Map.of("orderId", "7"))
                .block("{\"threadId\":\"order-7\"}")
                .priority(Priority.HIGH)
                .expiresAt(Instant.ofEpochSecond(1_795_179_600)));

        assertThat(withoutId(request))
                .isEqualTo(
                        Messages.object(
                                "{\"aps\":{\"alert\":{\"title\":\"T\",\"body\":\"B\"},\"badge\":3,\"sound\":\"default\",\"thread-id\":\"order-7\"},\"orderId\":\"7\"}"));
        assertThat(request.getTopic()).isEqualTo("com.example.app");
        assertThat(request.getPushType().getHeaderValue()).isEqualTo("alert");
        assertThat(request.getPriority().getCode()).isEqualTo(10);
        assertThat(request.getExpiration().getEpochSecond()).isEqualTo(1_795_179_600);
        assertThat(request.getToken()).isEqualTo(Messages.TOKEN);
        assertThat(request.getApnsId().toString()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void theSecondWorkedExampleALiveActivityIsBuiltAsWritten() {
        ApnsNotification request = request(
                draft().untitled()
                        .block(
                                "{\"liveActivity\":{\"event\":\"update\",\"timestamp\":1700000000,\"contentState\":{\"step\":2},\"staleDate\":1700000600}}"));

        assertThat(withoutId(request))
                .isEqualTo(
                        Messages.object(
                                "{\"aps\":{\"event\":\"update\",\"timestamp\":1700000000,\"content-state\":{\"step\":2},\"stale-date\":1700000600}}"));
        assertThat(request.getTopic()).isEqualTo("com.example.app.push-type.liveactivity");
        assertThat(request.getPushType().getHeaderValue()).isEqualTo("liveactivity");
    }

    @Test
    void theThirdWorkedExampleATokenThatIsNoneIsNotSent() {
        assertThat(refusal(draft().token("zz"))).isEqualTo(VendorAnswer.of(ResultClass.TOKEN_INVALID, "badToken"));
        assertThat(refusal(draft().token("ab/../../1/apps")).result()).isEqualTo(ResultClass.TOKEN_INVALID);
        assertThat(refusal(draft().token("")).result()).isEqualTo(ResultClass.TOKEN_INVALID);
    }

    @Test
    void theFourthWorkedExampleAPayloadOneByteOverTheLimitIsNotSent() {
        int frame = payload(request(draft().body(""))).getBytes(StandardCharsets.UTF_8).length;

        ApnsNotification fits = request(draft().body("x".repeat(4096 - frame)));

        assertThat(payload(fits).getBytes(StandardCharsets.UTF_8)).hasSize(4096);
        assertThat(refusal(draft().body("x".repeat(4097 - frame))))
                .isEqualTo(VendorAnswer.of(ResultClass.TOO_LARGE, "messageTooLarge"));
        // Three bytes a character: the limit counts bytes.
        assertThat(refusal(draft().body("蓝".repeat((4096 - frame) / 3 + 1))).result())
                .isEqualTo(ResultClass.TOO_LARGE);
    }

    @Test
    void voipMayBeLarger() {
        String block = "{\"pushType\":\"voip\"}";
        int frame = payload(request(draft().body("").block(block))).getBytes(StandardCharsets.UTF_8).length;

        assertThat(payload(request(draft().block(block).body("x".repeat(5120 - frame)))))
                .hasSize(5120);
        assertThat(refusal(draft().block(block).body("x".repeat(5121 - frame))).code())
                .isEqualTo("messageTooLarge");
    }

    @ParameterizedTest
    @CsvSource({
        "alert, com.example.app",
        "background, com.example.app",
        "voip, com.example.app.voip",
        "complication, com.example.app.complication",
        "fileprovider, com.example.app.pushkit.fileprovider",
        "location, com.example.app.location-query",
        "pushtotalk, com.example.app.voip-ptt",
    })
    void theTopicFollowsThePushType(String type, String topic) {
        ApnsNotification request = request(draft().block("{\"pushType\":\"" + type + "\"}"));

        assertThat(request.getPushType().getHeaderValue()).isEqualTo(type);
        assertThat(request.getTopic()).isEqualTo(topic);
        assertThat(request(draft().topic(topic).block("{\"pushType\":\"" + type + "\"}"))
                        .getTopic())
                .as("a token that was registered with the whole topic")
                .isEqualTo(topic);
    }

    @Test
    void aTokensOwnTopicWins() {
        assertThat(request(draft().topic("com.example.other")).getTopic()).isEqualTo("com.example.other");
        assertThat(refusal(draft().topic("com.example\r\nx: y")).result()).isEqualTo(ResultClass.TOKEN_INVALID);
    }

    @Test
    void whatTheBlockAsksForIsWhereAppleLooksForIt() {
        ApnsNotification request = request(draft().sound("from-the-message").block("""
                        {"sound":{"critical":1,"name":"alarm","volume":0.5},"contentAvailable":true,"mutableContent":true,
                         "category":"INVITE","threadId":"t","subtitle":"S","interruptionLevel":"time-sensitive",
                         "relevanceScore":0.25,"targetContentId":"w","collapseId":"c"}"""));

        assertThat(withoutId(request)).isEqualTo(Messages.object("""
                                {"aps":{"alert":{"title":"T","subtitle":"S","body":"B"},"sound":{"critical":1,"name":"alarm","volume":0.5},
                                 "content-available":1,"mutable-content":1,"category":"INVITE","thread-id":"t",
                                 "interruption-level":"time-sensitive","relevance-score":0.25,"target-content-id":"w"}}"""));
        assertThat(request.getCollapseId()).isEqualTo("c");
    }

    @Test
    void dataStandsBesideApsWithTheItemsIdAndTheRest() {
        ObjectNode payload = Messages.object(payload(request(draft().itemId("n7")
                .data(Map.of("a", "1", "b", "{\"x\":2}"))
                .imageUrl("https://example.com/i.png")
                .clickAction("app://order/7"))));

        assertThat(payload).isEqualTo(Messages.object("""
                                {"aps":{"alert":{"title":"T","body":"B"},"mutable-content":1},"a":"1","b":"{\\"x\\":2}","lanyingId":"n7",
                                 "lanyingImageUrl":"https://example.com/i.png","lanyingClickAction":"app://order/7"}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aps", "lanyingId", "lanyingImageUrl", "lanyingClickAction"})
    void dataCannotTakeANameThatIsTaken(String name) {
        assertThat(refusal(draft().data(Map.of(name, "x"))))
                .isEqualTo(VendorAnswer.of(ResultClass.REJECTED, "forbiddenDataKey"));
    }

    @Test
    void aSilentMessageIsShownWithoutSoundAndDoesNotLightTheScreen() {
        ApnsNotification request =
                request(draft().silent().sound("default").badge(2).block("{\"interruptionLevel\":\"critical\"}"));

        assertThat(withoutId(request))
                .isEqualTo(
                        Messages.object(
                                "{\"aps\":{\"alert\":{\"title\":\"T\",\"body\":\"B\"},\"badge\":2,\"interruption-level\":\"passive\"}}"));
        assertThat(request.getPriority().getCode()).isEqualTo(5);
    }

    @Test
    void aMessageWithNothingToShowIsABackgroundPush() {
        ApnsNotification request =
                request(draft().untitled().priority(Priority.HIGH).data(Map.of("k", "v")));

        assertThat(withoutId(request)).isEqualTo(Messages.object("{\"aps\":{\"content-available\":1},\"k\":\"v\"}"));
        assertThat(request.getPushType().getHeaderValue()).isEqualTo("background");
        assertThat(request.getPriority().getCode()).isEqualTo(5);
    }

    @Test
    void aBackgroundPushShowsNothing() {
        ApnsNotification request = request(draft().sound("default")
                .badge(1)
                .priority(Priority.HIGH)
                .block("{\"pushType\":\"background\",\"subtitle\":\"S\"}"));

        assertThat(withoutId(request)).isEqualTo(Messages.object("{\"aps\":{\"content-available\":1}}"));
        assertThat(request.getPriority().getCode()).isEqualTo(5);
    }

    @Test
    void wakingTheAppOnlyIsNeverUrgentWhateverThePushTypeSays() {
        ApnsNotification request = request(
                draft().untitled().priority(Priority.HIGH).block("{\"pushType\":\"voip\",\"contentAvailable\":true}"));

        assertThat(request.getPriority().getCode()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"LOW, 5", "NORMAL, 10", "HIGH, 10"})
    void theMessagesPriorityDecidesTheRest(Priority priority, int expected) {
        assertThat(request(draft().priority(priority)).getPriority().getCode()).isEqualTo(expected);
    }

    @Test
    void appleKeepsItUntilItExpiresAndNeverLongerThanThirtyDays() {
        Instant now = Adapters.CLOCK.instant();

        assertThat(request(draft().expiresAt(now.plusMillis(90_999)))
                        .getExpiration()
                        .getEpochSecond())
                .isEqualTo(now.getEpochSecond() + 90);
        assertThat(request(draft().expiresAt(now.plus(Duration.ofDays(400)))).getExpiration())
                .isEqualTo(now.plus(Duration.ofDays(30)));
        assertThat(refusal(draft().expiresAt(now))).isEqualTo(VendorAnswer.of(ResultClass.REJECTED, "expired"));
    }

    @Test
    void aRepeatCarriesTheSameIdAndAnotherDeviceAnother() {
        assertThat(request(draft().body("a")).getApnsId())
                .isEqualTo(request(draft().body("b")).getApnsId());
        assertThat(request(draft()).getApnsId())
                .isNotEqualTo(request(draft().token(Messages.token(1))).getApnsId())
                .isNotEqualTo(request(draft().itemId("n2")).getApnsId());
    }

    @Test
    void aCollapseKeyThatDoesNotFitAHeaderIsHashed() {
        assertThat(request(draft().collapseKey("score")).getCollapseId()).isEqualTo("score");
        assertThat(request(draft().collapseKey("k".repeat(64))).getCollapseId()).isEqualTo("k".repeat(64));
        assertThat(request(draft()).getCollapseId()).isNull();
        for (String awkward : new String[] {"k".repeat(65), "比分", "a b", "a\r\nb"}) {
            String id = request(draft().collapseKey(awkward)).getCollapseId();
            assertThat(id).matches("[0-9a-f]{64}");
            assertThat(request(draft().collapseKey(awkward)).getCollapseId()).isEqualTo(id);
        }
        assertThat(request(draft().collapseKey("比分")).getCollapseId())
                .isNotEqualTo(request(draft().collapseKey("比赛")).getCollapseId());
        assertThat(request(draft().collapseKey("general").block("{\"collapseId\":\"mine\"}"))
                        .getCollapseId())
                .isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"sound\":7} | sound",
                "{\"sound\":[]} | sound",
                "{\"sound\":{\"critical\":\"yes\",\"name\":\"a\"}} | sound",
                "{\"sound\":{\"critical\":1,\"name\":\"a\",\"volume\":7}} | sound",
                "{\"sound\":{\"critical\":1}} | sound",
                "{\"sound\":{\"name\":\"a\",\"other\":1}} | sound",
                "{\"contentAvailable\":1} | contentAvailable",
                "{\"contentAvailable\":\"true\"} | contentAvailable",
                "{\"mutableContent\":{}} | mutableContent",
                "{\"category\":[1]} | category",
                "{\"category\":\"\"} | category",
                "{\"threadId\":12} | threadId",
                "{\"subtitle\":{}} | subtitle",
                "{\"collapseId\":false} | collapseId",
                "{\"pushType\":\"mdm\"} | pushType",
                "{\"pushType\":\"nonsense\"} | pushType",
                "{\"pushType\":5} | pushType",
                "{\"interruptionLevel\":\"loud\"} | interruptionLevel",
                "{\"relevanceScore\":2} | relevanceScore",
                "{\"relevanceScore\":\"1\"} | relevanceScore",
                "{\"relevanceScore\":1e999} | relevanceScore",
                "{\"targetContentId\":0} | targetContentId",
                "{\"aps\":{}} | -",
                "{\"constructor\":{}} | -",
                "{\"liveActivity\":{}} | liveActivity",
                "{\"liveActivity\":7} | liveActivity",
                "{\"liveActivity\":{\"event\":\"stop\",\"timestamp\":1,\"contentState\":{}}} | liveActivity",
                "{\"liveActivity\":{\"event\":\"end\",\"timestamp\":\"1\",\"contentState\":{}}} | liveActivity",
                "{\"liveActivity\":{\"event\":\"end\",\"timestamp\":1e30,\"contentState\":{}}} | liveActivity",
                "{\"liveActivity\":{\"event\":\"end\",\"timestamp\":123456789012345678901234567890,\"contentState\":{}}} | liveActivity",
                "{\"liveActivity\":{\"event\":\"end\",\"timestamp\":1,\"contentState\":[]}} | liveActivity",
                "{\"liveActivity\":{\"event\":\"end\",\"timestamp\":1,\"contentState\":{},\"aps\":1}} | liveActivity",
                "{\"pushType\":\"liveactivity\"} | liveActivity",
                "{\"pushType\":\"alert\",\"liveActivity\":{\"event\":\"end\",\"timestamp\":1,\"contentState\":{}}} | liveActivity",
            })
    void aBlockThatMakesNoSenseIsRefusedAndNeverThrown(String block, String field) {
        assertThat(refusal(draft().block(block)))
                .isEqualTo(VendorAnswer.of(
                        ResultClass.REJECTED, field.equals("-") ? "unknownApnsKey" : "badApnsBlock:" + field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"category", "threadId", "subtitle", "collapseId", "targetContentId", "sound"})
    void aTextInTheBlockIsBounded(String field) {
        assertThat(refusal(draft().block("{\"" + field + "\":\"" + "x".repeat(1025) + "\"}"))
                        .result())
                .isEqualTo(ResultClass.REJECTED);
    }

    @Test
    void nullInTheBlockIsAsIfItWereNotThere() {
        assertThat(payload(request(draft().block("{\"sound\":null,\"pushType\":null,\"liveActivity\":null}"))))
                .isEqualTo(payload(request(draft())));
    }

    @Test
    void halfACharacterIsNoException() {
        assertThat(requests.prepare(draft().body("\ud83d").message()).request()).isPresent();
    }

    private ApnsNotification request(Messages.Draft draft) {
        ApnsRequests.Prepared prepared = requests.prepare(draft.message());
        return prepared.request().orElseThrow(() -> new AssertionError(prepared.refusal()));
    }

    private VendorAnswer refusal(Messages.Draft draft) {
        ApnsRequests.Prepared prepared = requests.prepare(draft.message());
        assertThat(prepared.request()).isEmpty();
        return prepared.refusal();
    }

    private static String payload(ApnsNotification request) {
        return request.getPayload();
    }

    private static ObjectNode withoutId(ApnsNotification request) {
        ObjectNode payload = Messages.object(request.getPayload());
        assertThat(payload.remove("lanyingId").asText()).isEqualTo("n1");
        return payload;
    }
}
