package io.lanying.channels.actor;

import static io.lanying.channels.actor.Fixtures.NOON;
import static io.lanying.channels.actor.Fixtures.answer;
import static io.lanying.channels.actor.Fixtures.request;
import static io.lanying.channels.actor.Fixtures.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reaction to each class of answer, and what stands around it. */
class ChannelEngineTest {

    private static final Duration LONG = Duration.ofHours(2);

    @Test
    void whatTheVendorTakesIsAccepted() {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.answer(claim, ResultClass.ACCEPTED);
        assertThat(rig.outcome(claim))
                .isEqualTo(new VendorOutcome(
                        End.ACCEPTED,
                        Optional.of(ResultClass.ACCEPTED),
                        "accepted",
                        Optional.of("vendor-id"),
                        Optional.empty(),
                        Optional.empty(),
                        1));
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKEN_INVALID", "TARGET_SUPPRESSED", "TOO_LARGE", "REJECTED"})
    void aRefusalIsFinalAndKeepsTheVendorsWord(ResultClass result) {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.answer(claim, answer(result).invalidSince(NOON.minusSeconds(5)));
        assertThat(rig.outcome(claim))
                .isEqualTo(new VendorOutcome(
                        End.REFUSED,
                        Optional.of(result),
                        "code-" + result.wireName(),
                        Optional.empty(),
                        Optional.of(NOON.minusSeconds(5)),
                        Optional.empty(),
                        1));
    }

    @Test
    void aFaultIsRepeatedUntilItHeals() {
        EngineRig rig = new EngineRig("");
        rig.vendor((work, at) -> Optional.of(answer(work.attempts() < 4 ? ResultClass.RETRY : ResultClass.ACCEPTED)));
        Claim claim = rig.offer("a");
        rig.pass(LONG);
        assertThat(rig.outcome(claim).end()).isEqualTo(End.ACCEPTED);
        assertThat(rig.outcome(claim).attempts()).isEqualTo(5);
    }

    @Test
    void aFaultThatNeverHealsIsRepeatedUntilTheItemExpires() {
        EngineRig rig = new EngineRig("").vendor(ResultClass.RETRY);
        Claim claim = rig.offer("a");
        rig.pass(Duration.ofMinutes(59));
        assertThat(rig.hasEnded(claim)).isFalse();
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.outcome(claim).end()).isEqualTo(End.EXPIRED);
        assertThat(rig.outcome(claim).result()).contains(ResultClass.RETRY);
        assertThat(rig.started).hasSizeBetween(60, 300);
    }

    @Test
    void theVendorsWishForTimeIsHonoured() {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.answer(claim, answer(ResultClass.RETRY).retryAfter(Duration.ofMinutes(20)));
        rig.pass(Duration.ofMinutes(20).minusMillis(1));
        assertThat(rig.isUnderWay(claim)).isFalse();
        rig.pass(Duration.ofMillis(1));
        assertThat(rig.isUnderWay(claim)).isTrue();
    }

    @Test
    void aWishBeyondTheItemsTimeEndsItThen() {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.answer(claim, answer(ResultClass.RETRY).retryAfter(Duration.ofDays(100_000)));
        rig.pass(Duration.ofMinutes(60));
        assertThat(rig.outcome(claim).end()).isEqualTo(End.EXPIRED);
        assertThat(rig.started).hasSize(1);
    }

    @Test
    void anUnknownOutcomeIsRepeatedOnceOnly() {
        EngineRig rig = new EngineRig("").vendor(ResultClass.UNKNOWN_OUTCOME);
        Claim claim = rig.offer("a");
        rig.pass(LONG);
        assertThat(rig.outcome(claim).end()).isEqualTo(End.UNKNOWN);
        assertThat(rig.outcome(claim).result()).contains(ResultClass.UNKNOWN_OUTCOME);
        assertThat(rig.started).hasSize(2);
    }

    @Test
    void thatItMayHaveArrivedIsNotForgottenWhenItExpires() {
        EngineRig rig = new EngineRig("");
        rig.vendor((work, at) ->
                Optional.of(answer(work.attempts() == 0 ? ResultClass.UNKNOWN_OUTCOME : ResultClass.RETRY)));
        Claim claim = rig.offer("a");
        rig.pass(LONG);
        assertThat(rig.outcome(claim).end()).isEqualTo(End.EXPIRED);
        assertThat(rig.outcome(claim).result()).contains(ResultClass.UNKNOWN_OUTCOME);
    }

    @Test
    void anAdapterThatNeverAnswersIsGivenUpAndItsLateAnswerIgnored() {
        EngineRig rig = new EngineRig("max-in-flight = 1");
        Claim hanging = rig.offer("a");
        Claim next = rig.offer("b");
        long first = rig.attemptOf(hanging);
        assertThat(rig.isUnderWay(next)).isFalse();
        rig.pass(Duration.ofSeconds(30));
        assertThat(rig.isUnderWay(next)).isTrue();
        assertThat(rig.engine.answered(first, answer(ResultClass.ACCEPTED), rig.now))
                .isFalse();
        assertThat(rig.mostUnderWay).isEqualTo(1);
        rig.pass(LONG);
        assertThat(rig.outcome(hanging).code()).isEqualTo("attemptDeadline");
        assertThat(rig.outcome(hanging).attempts()).isEqualTo(2);
        assertThat(rig.outcome(next).end()).isEqualTo(End.UNKNOWN);
    }

    @Test
    void whatHadNotLeftWhenItWasGivenUpIsNoAttempt() {
        EngineRig rig = new EngineRig("");
        rig.left = false;
        Claim claim = rig.offer("a");
        rig.pass(Duration.ofSeconds(31));
        assertThat(rig.isUnderWay(claim)).isTrue();
        rig.answer(claim, ResultClass.ACCEPTED);
        assertThat(rig.outcome(claim).attempts()).isEqualTo(1);
    }

    @Test
    void unavailableKeysAreNoAttemptAndUnusableOnesAnEnd() {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.engine.unprepared(rig.attemptOf(claim), rig.now);
        rig.underWay.clear();
        rig.pass(Duration.ofSeconds(1));
        rig.engine.unusable(rig.attemptOf(claim), Codes.ERASED, rig.now);
        assertThat(rig.outcome(claim)).isEqualTo(VendorOutcome.unsent(End.REFUSED, "erased", 0));
    }

    @Test
    void aThrottledTokenWaitsAloneAndWithItAllForTheSameToken() {
        EngineRig rig = new EngineRig("");
        Claim throttled = rig.offer("a");
        rig.answer(throttled, answer(ResultClass.THROTTLED_DEVICE).retryAfter(Duration.ofMinutes(1)));
        Claim same = rig.offer("a");
        Claim other = rig.offer("b");
        assertThat(rig.isUnderWay(same)).isFalse();
        assertThat(rig.isUnderWay(other)).isTrue();
        rig.pass(Duration.ofMinutes(1));
        assertThat(rig.isUnderWay(throttled)).isTrue();
        assertThat(rig.isUnderWay(same)).isTrue();
    }

    @Test
    void aThrottledAppStopsTheChannelThenSlowsIt() {
        EngineRig rig = new EngineRig("max-in-flight = 1000");
        List<Claim> burst =
                IntStream.range(0, 100).mapToObj(i -> rig.offer("a" + i)).toList();
        rig.answer(burst.get(0), answer(ResultClass.THROTTLED_APP).retryAfter(Duration.ofSeconds(30)));
        burst.subList(1, 100).forEach(claim -> rig.answer(claim, ResultClass.ACCEPTED));
        rig.vendor(ResultClass.ACCEPTED);
        List<Claim> later =
                IntStream.range(0, 100).mapToObj(i -> rig.offer("b" + i)).toList();
        rig.pass(Duration.ofSeconds(29));
        assertThat(later).noneMatch(rig::hasEnded);
        rig.pass(Duration.ofMillis(1_500));
        assertThat(later.stream().filter(rig::hasEnded).count()).isBetween(10L, 60L);
        rig.pass(Duration.ofSeconds(10));
        assertThat(later).allMatch(rig::hasEnded);
        assertThat(rig.outcome(burst.get(0)).attempts()).isEqualTo(2);
    }

    @Test
    void aUsedUpDayStopsItsCategoryUntilTheVendorsMidnight() {
        EngineRig rig = new EngineRig("max-in-flight = 1, quota-zone = \"Asia/Shanghai\"");
        Claim first = rig.offer("a");
        Claim waiting = rig.offer("b");
        Claim important = rig.offer(with(request("e"), Category.TRANSACTIONAL));
        rig.answer(first, ResultClass.QUOTA_DAY);
        for (Claim claim : List.of(first, waiting, rig.offer("c"))) {
            assertThat(rig.outcome(claim).end()).isEqualTo(End.REFUSED);
            assertThat(rig.outcome(claim).result()).contains(ResultClass.QUOTA_DAY);
            assertThat(rig.outcome(claim).code()).isEqualTo("quotaDay");
        }
        assertThat(rig.isUnderWay(important)).as("another allowance").isTrue();
        rig.answer(important, ResultClass.ACCEPTED);
        assertThat(rig.outcome(important).end()).isEqualTo(End.ACCEPTED);
        rig.pass(Duration.ofHours(4)); // noon in UTC is eight in the evening there
        Claim tomorrow = rig.offer(request("acme", "d", Priority.NORMAL, rig.now.plusSeconds(60)));
        assertThat(rig.isUnderWay(tomorrow)).isTrue();
    }

    @Test
    void aFaultThatConcernsOnlySomeTargetsParksNothing() {
        EngineRig rig = new EngineRig("max-in-flight = 1");
        Claim ios = rig.offer("a");
        Claim android = rig.offer("b");
        rig.answer(ios, answer(ResultClass.AUTH_CONFIG).ofSomeTargets());
        assertThat(rig.outcome(ios).end()).isEqualTo(End.REFUSED);
        assertThat(rig.outcome(ios).result()).contains(ResultClass.AUTH_CONFIG);
        assertThat(rig.misconfigurations).containsExactly("code-authConfig");
        assertThat(rig.parkings).isEmpty();
        assertThat(rig.isUnderWay(android)).isTrue();
    }

    @Test
    void aSuppressedTargetsWindowIsTheVendorsIfItNamesOne() {
        EngineRig rig = new EngineRig("");
        Claim named = rig.offer("a");
        Claim unnamed = rig.offer("b");
        rig.answer(named, answer(ResultClass.TARGET_SUPPRESSED).retryAfter(Duration.ofHours(9)));
        rig.answer(unnamed, ResultClass.TARGET_SUPPRESSED);
        assertThat(rig.outcome(named).retryAfter()).contains(Duration.ofHours(9));
        assertThat(rig.outcome(unnamed).retryAfter()).isEmpty();
    }

    @Test
    void aStaleAccessTokenIsTriedOnceMoreAtOnceThenTheChannelIsParked() {
        EngineRig rig = new EngineRig("");
        Claim claim = rig.offer("a");
        rig.answer(claim, ResultClass.AUTH_EXPIRED);
        assertThat(rig.isUnderWay(claim)).isTrue();
        rig.answer(claim, ResultClass.AUTH_EXPIRED);
        assertThat(rig.outcome(claim).end()).isEqualTo(End.NO_CHANNEL);
        assertThat(rig.outcome(claim).code()).isEqualTo("parked:code-authExpired");
        assertThat(rig.parkings).containsExactly("code-authExpired");
    }

    @Test
    void aWrongCredentialParksTheChannelUntilTheProbeSucceeds() {
        EngineRig rig = new EngineRig("max-in-flight = 1");
        Claim first = rig.offer("a");
        Claim waiting = rig.offer("b");
        rig.answer(first, VendorAnswer.of(ResultClass.AUTH_CONFIG, "Invalid\nProviderToken"));
        for (Claim claim : List.of(first, waiting, rig.offer("c"))) {
            assertThat(rig.outcome(claim).end()).isEqualTo(End.NO_CHANNEL);
            assertThat(rig.outcome(claim).code()).isEqualTo("parked:Invalid_ProviderToken");
        }
        rig.pass(Duration.ofMinutes(5));
        assertThat(rig.probes).isEqualTo(1);
        rig.engine.probed(answer(ResultClass.AUTH_CONFIG), rig.now);
        assertThat(rig.hasEnded(rig.offer("d"))).isTrue();
        rig.pass(Duration.ofMinutes(5));
        assertThat(rig.probes).isEqualTo(2);
        rig.engine.probed(answer(ResultClass.ACCEPTED), rig.now);
        assertThat(rig.isUnderWay(rig.offer("e"))).isTrue();
        assertThat(rig.resumptions).isEqualTo(1);
        assertThat(rig.parkings).hasSize(1);
    }

    @Test
    void whereTheProbeCannotTellOneRequestTries() {
        EngineRig rig = new EngineRig("");
        rig.answer(rig.offer("a"), ResultClass.AUTH_CONFIG);
        rig.pass(Duration.ofMinutes(5));
        rig.engine.probed(VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, "noWay"), rig.now);
        Claim trial = rig.offer("b");
        Claim behind = rig.offer("c");
        assertThat(rig.isUnderWay(trial)).isTrue();
        assertThat(rig.isUnderWay(behind)).isFalse();
        rig.answer(trial, ResultClass.AUTH_CONFIG);
        assertThat(rig.outcome(behind).code()).isEqualTo("parked:code-authConfig");
        rig.pass(Duration.ofMinutes(5));
        rig.engine.probed(VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, "noWay"), rig.now);
        rig.answer(rig.offer("d"), ResultClass.ACCEPTED);
        assertThat(rig.resumptions).isEqualTo(1);
        rig.offer("e");
        rig.offer("f");
        assertThat(rig.underWay).hasSize(2);
    }

    @Test
    void aVendorThatIsOutOfOrderIsTriedByOneRequestAtATime() {
        EngineRig rig = new EngineRig("breaker.failures = 5, breaker.min-delay = 10s");
        List<Claim> first =
                IntStream.range(0, 5).mapToObj(i -> rig.offer("a" + i)).toList();
        first.forEach(claim -> rig.answer(claim, ResultClass.RETRY));
        Claim waiting = rig.offer("b");
        rig.pass(Duration.ofSeconds(9));
        assertThat(rig.underWay).isEmpty();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.underWay).hasSize(1);
        rig.answer(rig.underWay.values().iterator().next().claim(), ResultClass.RETRY);
        rig.pass(Duration.ofSeconds(19));
        assertThat(rig.underWay).isEmpty();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.underWay).hasSize(1);
        rig.answer(rig.underWay.values().iterator().next().claim(), ResultClass.ACCEPTED);
        assertThat(rig.underWay.size() + rig.outcomes.size()).isEqualTo(6);
        assertThat(rig.isUnderWay(waiting) || rig.hasEnded(waiting)).isTrue();
    }

    @Test
    void theUrgentGoesFirstThenWhoCameFirst() {
        EngineRig rig = new EngineRig("max-in-flight = 1");
        Instant end = NOON.plusSeconds(600);
        Claim first = rig.offer("a");
        Claim low = rig.offer(request("acme", "b", Priority.LOW, end));
        Claim normal = rig.offer(request("acme", "c", Priority.NORMAL, end));
        Claim behind = rig.offer(request("acme", "d", Priority.NORMAL, end));
        Claim high = rig.offer(request("acme", "e", Priority.HIGH, end));
        rig.vendor(ResultClass.ACCEPTED);
        rig.answer(first, ResultClass.ACCEPTED);
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.outcomes.keySet()).containsExactly(first, high, normal, behind, low);
    }

    @Test
    void cancelledBeforeAnAttemptItIsNeverSent() {
        EngineRig rig = new EngineRig("max-in-flight = 1");
        Claim first = rig.offer("a");
        Claim waiting = rig.offer("b");
        cancel(rig, waiting);
        assertThat(rig.outcome(waiting).end()).isEqualTo(End.CANCELLED);
        rig.answer(first, ResultClass.RETRY);
        cancel(rig, first);
        assertThat(rig.outcome(first).end()).isEqualTo(End.CANCELLED);
        rig.pass(LONG);
        assertThat(rig.started).hasSize(1);
    }

    @Test
    void cancelledDuringAnAttemptThatAttemptIsTheLast() {
        EngineRig rig = new EngineRig("");
        Claim taken = rig.offer("a");
        Claim faulty = rig.offer("b");
        cancel(rig, taken);
        cancel(rig, faulty);
        rig.answer(taken, ResultClass.ACCEPTED);
        rig.answer(faulty, ResultClass.RETRY);
        assertThat(rig.outcome(taken).end()).isEqualTo(End.ACCEPTED);
        assertThat(rig.outcome(faulty).end()).isEqualTo(End.CANCELLED);
        assertThat(rig.outcome(faulty).attempts()).isEqualTo(1);
    }

    @Test
    void retiredItFinishesWhatIsUnderWayAndHandsBackTheRest() {
        EngineRig rig = new EngineRig("max-in-flight = 3");
        Claim taken = rig.offer("a");
        Claim faulty = rig.offer("b");
        Claim refused = rig.offer("c");
        Claim waiting = rig.offer("d");
        rig.engine.retire(rig.now);
        assertThat(rig.handedBack).extracting(Work::claim).containsExactly(waiting);
        rig.answer(taken, ResultClass.ACCEPTED);
        rig.answer(faulty, ResultClass.RETRY);
        assertThat(rig.engine.isDone()).isFalse();
        rig.answer(refused, ResultClass.AUTH_CONFIG);
        assertThat(rig.engine.isDone()).isTrue();
        assertThat(rig.outcomes.keySet()).containsExactly(taken);
        assertThat(rig.handedBack).extracting(Work::claim).containsExactly(waiting, faulty, refused);
        assertThat(rig.handedBack).extracting(Work::attempts).containsExactly(0, 1, 1);
        assertThat(rig.parkings).isEmpty();
    }

    @Test
    void withdrawnItEndsTheRest() {
        EngineRig rig = new EngineRig("max-in-flight = 2");
        Claim taken = rig.offer("a");
        Claim faulty = rig.offer("b");
        Claim waiting = rig.offer("c");
        rig.engine.withdraw(Codes.NO_CREDENTIAL, rig.now);
        rig.answer(taken, ResultClass.ACCEPTED);
        rig.answer(faulty, ResultClass.RETRY);
        assertThat(rig.outcome(taken).end()).isEqualTo(End.ACCEPTED);
        assertThat(rig.outcome(faulty).code()).isEqualTo("noCredential");
        assertThat(rig.outcome(waiting)).isEqualTo(VendorOutcome.unsent(End.NO_CHANNEL, "noCredential", 0));
        assertThat(rig.engine.isDone()).isTrue();
    }

    @Test
    void manyInvalidTokensAtOnceAreNotBelieved() {
        EngineRig rig = new EngineRig("").vendor(ResultClass.TOKEN_INVALID);
        for (int i = 0; i < 200; i++) {
            rig.offer("a" + i);
        }
        rig.pass(Duration.ofSeconds(1));
        long unbound = rig.outcomes.values().stream()
                .flatMap(List::stream)
                .filter(outcome -> outcome.result().equals(Optional.of(ResultClass.TOKEN_INVALID)))
                .count();
        assertThat(unbound).isEqualTo(49);
        assertThat(rig.outcomes).hasSize(200);
        assertThat(rig.outcomes.values().stream()
                        .flatMap(List::stream)
                        .filter(outcome -> outcome.end() == End.NO_CHANNEL)
                        .map(VendorOutcome::code))
                .hasSize(151)
                .containsOnly("parked:massInvalid");
        assertThat(rig.parkings).containsExactly("massInvalid");
    }

    @Test
    void afterMassInvalidityNoTokenIsUnboundUntilTheChannelHasProvedItself() {
        EngineRig rig = new EngineRig("").vendor(ResultClass.TOKEN_INVALID);
        for (int i = 0; i < 60; i++) {
            rig.offer("a" + i);
        }
        rig.pass(Duration.ofMinutes(6));
        assertThat(rig.probes).isZero();
        Claim trial = rig.offer("b");
        rig.pass(Duration.ofMinutes(6));
        assertThat(rig.outcome(trial).code()).isEqualTo("parked:massInvalid");
        rig.vendor(ResultClass.ACCEPTED);
        rig.offer("c");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.resumptions).isEqualTo(1);
        rig.vendor(ResultClass.TOKEN_INVALID);
        Claim stillDoubted = rig.offer("d");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.outcome(stillDoubted).end()).isEqualTo(End.NO_CHANNEL);
        rig.vendor(ResultClass.ACCEPTED);
        for (int i = 0; i < 60; i++) {
            rig.offer("e" + i);
        }
        rig.pass(Duration.ofSeconds(1));
        rig.vendor(ResultClass.TOKEN_INVALID);
        Claim believed = rig.offer("f");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.outcome(believed).end()).isEqualTo(End.REFUSED);
    }

    private static void cancel(EngineRig rig, Claim claim) {
        claim.cancel();
        rig.engine.cancel(claim, rig.now);
    }
}
