package io.lanying.channels.fcm;

import static io.lanying.channels.fcm.FcmBench.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.fcm.FcmAnswers.Condition;
import io.lanying.channels.fcm.FcmAnswers.Row;
import io.lanying.channels.fcm.FcmReply.Body;
import io.lanying.channels.fcm.FcmReply.Target;
import io.lanying.channels.simulator.fcm.FcmReaction;
import io.lanying.channels.simulator.fcm.FcmReaction.Ending;
import io.lanying.channels.simulator.fcm.FcmRule;
import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table, provoked over real HTTP; and what no answer at all may do. */
class FcmAnswersTest {

    private static final Map<String, FcmReaction> SEND = new LinkedHashMap<>();
    private static final Map<String, FcmReaction> TOKEN = new LinkedHashMap<>();

    static {
        FcmReaction tooBig = fcm(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "Android message is too big");
        SEND.put("2xx any any", FcmReaction.huge(1 << 20));
        SEND.put("3xx any any", FcmReaction.status(307, ""));
        SEND.put(
                "4xx any any " + Condition.CUT_OFF.words(),
                FcmReaction.unregistered().cutOff());
        SEND.put(
                "400 INVALID_ARGUMENT INVALID_ARGUMENT " + Condition.TOKEN_AT_FAULT.words(),
                FcmReaction.invalidToken());
        SEND.put("400 any any " + Condition.SIZE.words(), tooBig);
        SEND.put("400 INVALID_ARGUMENT INVALID_ARGUMENT", FcmReaction.invalidToken());
        SEND.put("400 any any", FcmReaction.status(400, "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"code\":400}}"));
        SEND.put("401 any THIRD_PARTY_AUTH_ERROR", FcmReaction.thirdPartyAuth());
        SEND.put("401 any APNS_AUTH_ERROR", fcm(401, "UNAUTHENTICATED", "APNS_AUTH_ERROR", "no"));
        SEND.put("401 any any " + Condition.RENEWED.words(), FcmReaction.unauthenticated());
        SEND.put("401 any any", FcmReaction.unauthenticated());
        SEND.put("403 PERMISSION_DENIED SENDER_ID_MISMATCH", FcmReaction.senderIdMismatch());
        SEND.put("403 any any", FcmReaction.permissionDenied());
        SEND.put("404 NOT_FOUND UNREGISTERED", FcmReaction.unregistered());
        SEND.put("404 any any", FcmReaction.notFound());
        SEND.put("408 any any", FcmReaction.status(408, ""));
        SEND.put("413 any any", FcmReaction.status(413, ""));
        SEND.put("429 any any " + Condition.DEVICE_QUOTA.words(), FcmReaction.deviceQuota());
        SEND.put("429 any any", FcmReaction.quota());
        SEND.put("4xx any any", FcmReaction.status(409, "{}"));
        SEND.put("500 INTERNAL INTERNAL", FcmReaction.internal());
        SEND.put("503 UNAVAILABLE UNAVAILABLE", FcmReaction.unavailable());
        SEND.put("5xx any any", FcmReaction.status(502, "<html>"));

        TOKEN.put("2xx any any", FcmReaction.huge(1 << 20));
        TOKEN.put("3xx any any", FcmReaction.status(302, ""));
        TOKEN.put(
                "4xx any any " + Condition.CUT_OFF.words(),
                FcmReaction.status(400, "{\"error\":\"invalid_grant\"}").cutOff());
        TOKEN.put("400 any invalid_grant", FcmReaction.status(400, "{\"error\":\"invalid_grant\"}"));
        TOKEN.put("408 any any", FcmReaction.status(408, ""));
        TOKEN.put("429 any any", FcmReaction.status(429, "").retryAfter("9"));
        TOKEN.put("4xx any any", FcmReaction.status(401, "{\"error\":\"invalid_client\"}"));
        TOKEN.put("5xx any any", FcmReaction.status(503, "later"));
    }

    private static FcmReaction fcm(int code, String status, String errorCode, String message) {
        return FcmReaction.status(code, """
                {"error":{"code":%d,"message":"%s","status":"%s","details":[
                {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"%s"}]}}""".formatted(code, message, status, errorCode));
    }

    private static String key(Row row) {
        return (row.http() + " " + row.status() + " " + row.errorCode() + " "
                        + row.condition().words())
                .trim();
    }

    static Stream<Row> sendRows() {
        return FcmAnswers.SEND.stream();
    }

    static Stream<Row> tokenRows() {
        return FcmAnswers.TOKEN.stream();
    }

    private static FcmAnswers.Seen seen(Target target, FcmReaction reaction, Condition condition) {
        boolean isCutOff = reaction.ending() == Ending.CUT_OFF;
        boolean isHuge = reaction.body().length() > FcmReply.MAX_BODY;
        Body form = isCutOff ? Body.CUT_OFF : isHuge ? Body.TOO_LONG : Body.WHOLE;
        FcmReply reply = new FcmReply(
                target, reaction.status(), Optional.empty(), form, form == Body.WHOLE ? reaction.body() : "", "b");
        return FcmAnswers.seen(reply, condition == Condition.TOKEN_AT_FAULT, condition == Condition.RENEWED);
    }

    @Test
    void everyRowHasItsProvocation() {
        assertThat(SEND.keySet())
                .containsExactlyElementsOf(sendRows().map(FcmAnswersTest::key).toList());
        assertThat(TOKEN.keySet())
                .containsExactlyElementsOf(tokenRows().map(FcmAnswersTest::key).toList());
    }

    @ParameterizedTest
    @MethodSource("sendRows")
    void anAnswerToASendIsJudgedByItsRow(Row row) {
        FcmReaction reaction = SEND.get(key(row));
        try (FcmBench bench = new FcmBench()) {
            long before = 0;
            if (row.condition() == Condition.TOKEN_AT_FAULT) {
                bench.send(message("a-good-token"));
                before = 1;
            }
            bench.simulator.rule(FcmRule.always(reaction));
            if (row.condition() == Condition.RENEWED) {
                bench.send(message("tok-1"));
                before = 1;
            }

            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(row.result());
            assertThat(FcmAnswers.rowOf(seen(Target.SEND, reaction, row.condition())))
                    .isEqualTo(row);
            assertThat(answer.retryAfter()).isEqualTo(row.defaultWait());
            assertThat(bench.simulator.sends()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("tokenRows")
    void anAnswerOfTheTokenEndpointIsJudgedByItsRowAndNothingIsSent(Row row) {
        FcmReaction reaction = TOKEN.get(key(row));
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.tokenRule(FcmRule.always(reaction));

            VendorAnswer answer = bench.send(message("tok-1"));

            assertThat(answer.result()).isEqualTo(row.result());
            assertThat(answer.code()).startsWith("token:");
            assertThat(FcmAnswers.rowOf(seen(Target.TOKEN, reaction, row.condition())))
                    .isEqualTo(row);
            assertThat(bench.simulator.sends()).isZero();
            assertThat(bench.simulator.tokenRequests()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNoAnswerIsToldApart() {
        Map<String, Object> quick = Map.of("read-timeout", "300ms", "connect-timeout", "300ms", "deadline", "5s");
        Map<FcmLocal, FcmReaction> cases = Map.of(
                FcmLocal.NO_ANSWER, FcmReaction.hang(),
                FcmLocal.DROPPED, FcmReaction.drop(),
                FcmLocal.BAD_ANSWER, FcmReaction.garbage());
        cases.forEach((expected, reaction) -> {
            try (FcmBench bench = new FcmBench(quick)) {
                bench.simulator.rule(FcmRule.always(reaction));

                assertThat(bench.send(message("tok-1"))).isEqualTo(expected.answer());
                assertThat(bench.simulator.sends()).isEqualTo(1);
            }
        });
    }

    @Test
    void aTokenEndpointWithoutAnAnswerMeansNothingLeft() {
        Map<String, Object> quick = Map.of("read-timeout", "300ms", "connect-timeout", "300ms", "deadline", "5s");
        Map<FcmReaction, FcmLocal> cases = Map.of(
                FcmReaction.hang(), FcmLocal.TOKEN_UNREACHABLE,
                FcmReaction.drop(), FcmLocal.TOKEN_UNREACHABLE,
                FcmReaction.garbage(), FcmLocal.TOKEN_UNREADABLE,
                FcmReaction.status(200, "{}"), FcmLocal.TOKEN_UNREADABLE);
        cases.forEach((reaction, expected) -> {
            try (FcmBench bench = new FcmBench(quick)) {
                bench.simulator.tokenRule(FcmRule.always(reaction));

                assertThat(bench.send(message("tok-1"))).isEqualTo(expected.answer());
                assertThat(bench.simulator.sends()).isZero();
            }
        });
    }

    @Test
    void aSuccessWithoutANameMayHaveBeenTaken() {
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.rule(FcmRule.always(FcmReaction.status(200, "{}")));

            assertThat(bench.send(message("tok-1"))).isEqualTo(FcmLocal.BAD_ANSWER.answer());
        }
    }

    @Test
    void theVendorsWishIsReadInBothForms() {
        try (FcmBench bench = new FcmBench()) {
            String date = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now().plusSeconds(90));
            bench.simulator
                    .rule(FcmRule.next(1, FcmReaction.quota().retryAfter("30")))
                    .rule(FcmRule.next(1, FcmReaction.quota().retryAfter(date)))
                    .rule(FcmRule.next(1, FcmReaction.quota().retryAfter("soon")));

            assertThat(bench.send(message("tok-1")).retryAfter()).contains(Duration.ofSeconds(30));
            assertThat(bench.send(message("tok-1")).retryAfter().orElseThrow())
                    .isBetween(Duration.ofSeconds(80), Duration.ofSeconds(90));
            assertThat(bench.send(message("tok-1")).retryAfter()).contains(FcmAnswers.QUOTA_WAIT);
        }
    }

    @Test
    void anUnspecifiedErrorGoesByItsStatus() {
        List<FcmReaction> reactions = List.of(
                fcm(404, "NOT_FOUND", "UNSPECIFIED_ERROR", "?"), fcm(500, "INTERNAL", "UNSPECIFIED_ERROR", "?"));
        List<ResultClass> results = reactions.stream()
                .map(reaction -> FcmAnswers.rowOf(seen(Target.SEND, reaction, Condition.ALWAYS))
                        .result())
                .toList();

        assertThat(results).containsExactly(ResultClass.AUTH_CONFIG, ResultClass.RETRY);
    }

    @Test
    void aRefusalThatBlamesTheTokenWantsProofOfTheSameMake() {
        try (FcmBench bench = new FcmBench()) {
            bench.send(new FcmBench.Draft().texts("other", null).token("tok-1").build());
            bench.simulator.rule(FcmRule.token("tok-2", FcmReaction.invalidToken()));

            assertThat(bench.send(message("tok-2")).result()).isEqualTo(ResultClass.REJECTED);
            bench.send(message("tok-1"));
            assertThat(bench.send(message("tok-2")).result()).isEqualTo(ResultClass.TOKEN_INVALID);
        }
    }

    /** Whatever comes, it is judged, and a token is only unbound on the vendor's plain word. */
    @Property
    void noBodyBreaksTheJudgement(
            @ForAll @IntRange(min = 100, max = 599) int status,
            @ForAll @StringLength(max = 300) String body,
            @ForAll @StringLength(max = 20) String retryAfter) {
        for (Target target : Target.values()) {
            FcmReply reply = new FcmReply(target, status, Optional.of(retryAfter), Body.WHOLE, body, "b");
            VendorAnswer answer = FcmAnswers.judge(FcmAnswers.seen(reply, true, false), Instant.EPOCH);

            assertThat(answer.result()).isNotIn(ResultClass.TOKEN_INVALID, ResultClass.ACCEPTED);
            assertThat(answer.code()).hasSizeLessThanOrEqualTo(64);
        }
    }

    @Test
    void aBodyNestedWithoutEndIsNoFailure() {
        String deep = "[".repeat(60_000);
        FcmReply reply = new FcmReply(Target.SEND, 404, Optional.empty(), Body.WHOLE, deep, "b");

        assertThat(FcmAnswers.judge(FcmAnswers.seen(reply, true, false), Instant.EPOCH)
                        .result())
                .isEqualTo(ResultClass.AUTH_CONFIG);
        try (FcmBench bench = new FcmBench()) {
            bench.simulator.rule(FcmRule.always(FcmReaction.status(200, "{\"a\":" + deep)));
            assertThat(bench.send(message("tok-1"))).isEqualTo(FcmLocal.BAD_ANSWER.answer());
        }
    }
}
