package io.lanying.channels.actor;

import static io.lanying.channels.actor.Fixtures.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever the vendor does, in virtual time: one outcome for each request, and limits kept. */
class EnginePropertiesTest {

    private static final int IN_FLIGHT = 8;
    private static final List<Priority> PRIORITIES = List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH);

    /** A vendor that does anything at all, more or less often, and sometimes nothing. */
    private static EngineRig.Vendor anything(Random draw, int badPercent) {
        ResultClass[] all = ResultClass.values();
        return (work, now) -> {
            if (draw.nextInt(100) >= badPercent) {
                return Optional.of(Fixtures.answer(ResultClass.ACCEPTED));
            }
            int kind = draw.nextInt(all.length + 1);
            if (kind == all.length) {
                return Optional.empty();
            }
            VendorAnswer answer = Fixtures.answer(all[kind]);
            return Optional.of(
                    draw.nextInt(4) == 0 ? answer.retryAfter(Duration.ofSeconds(draw.nextInt(600))) : answer);
        };
    }

    @Property(tries = 60)
    void eachRequestLeavesOnce(@ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int badPercent) {
        Random draw = new Random(seed);
        EngineRig rig = new EngineRig("max-in-flight = " + IN_FLIGHT, seed).vendor(anything(draw, badPercent));
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Instant end = rig.now.plusSeconds(1 + draw.nextInt(3_600));
            claims.add(rig.offer(request("acme", "d" + draw.nextInt(50), PRIORITIES.get(draw.nextInt(3)), end)));
            if (draw.nextInt(5) == 0) {
                Claim one = claims.get(draw.nextInt(claims.size()));
                one.cancel();
                rig.engine.cancel(one, rig.now);
            }
            rig.pass(Duration.ofMillis(draw.nextInt(2_000)));
        }
        boolean retires = draw.nextBoolean();
        if (retires) {
            rig.engine.retire(rig.now);
        }
        rig.pass(Duration.ofHours(2));
        List<Claim> left = new ArrayList<>(rig.outcomes.keySet());
        rig.handedBack.forEach(work -> left.add(work.claim()));
        assertThat(left).containsExactlyInAnyOrderElementsOf(claims);
        assertThat(rig.outcomes.values())
                .allSatisfy(outcomes -> assertThat(outcomes).hasSize(1));
        assertThat(rig.mostUnderWay).isLessThanOrEqualTo(IN_FLIGHT);
        assertThat(rig.engine.waiting()).isZero();
        assertThat(rig.engine.underWay()).isZero();
        int attempts = rig.outcomes.values().stream()
                        .mapToInt(all -> all.get(0).attempts())
                        .sum()
                + rig.handedBack.stream().mapToInt(Work::attempts).sum();
        assertThat(rig.started).hasSize(attempts);
        assertThat(retires || rig.handedBack.isEmpty()).isTrue();
    }

    @Property(tries = 60)
    void noAttemptStartsAfterTheItemsTime(@ForAll long seed) {
        Random draw = new Random(seed);
        EngineRig rig = new EngineRig("max-in-flight = 2", seed).vendor(anything(draw, 70));
        for (int i = 0; i < 100; i++) {
            rig.offer(request("acme", "d" + i, Priority.NORMAL, rig.now.plusSeconds(draw.nextInt(120))));
        }
        rig.pass(Duration.ofHours(1));
        for (int i = 0; i < rig.started.size(); i++) {
            assertThat(rig.startedAt.get(i))
                    .isBefore(rig.started.get(i).request().expiresAt());
        }
    }

    @Test
    void withThirtyPercentFaultsAttemptsStayFew() {
        long seed = 42;
        Random draw = new Random(seed);
        ResultClass[] faults = {
            ResultClass.RETRY, ResultClass.RETRY, ResultClass.THROTTLED_APP, ResultClass.UNKNOWN_OUTCOME
        };
        EngineRig rig = new EngineRig("max-requests = 5000", seed)
                .vendor((work, now) -> Optional.of(Fixtures.answer(
                        draw.nextInt(10) < 3 ? faults[draw.nextInt(faults.length)] : ResultClass.ACCEPTED)));
        int requests = 2_000;
        for (int i = 0; i < requests; i++) {
            rig.offer(request("acme", "d" + i, Priority.NORMAL, rig.now.plus(Duration.ofHours(12))));
        }
        rig.pass(Duration.ofHours(12));
        List<VendorOutcome> outcomes =
                rig.outcomes.values().stream().map(all -> all.get(0)).toList();
        assertThat(outcomes).as("seed %d", seed).hasSize(requests);
        assertThat(outcomes.stream()
                        .filter(outcome -> outcome.end() == End.ACCEPTED)
                        .count())
                .isGreaterThan((long) (0.98 * requests));
        assertThat(outcomes.stream().mapToInt(VendorOutcome::attempts).max().orElseThrow())
                .isLessThanOrEqualTo(10);
        assertThat(rig.started.size()).isLessThan((int) (1.5 * requests));
    }

    @Test
    void anOutageCostsTheVendorLittleAndIsOverSoonAfterIt() {
        EngineRig rig = new EngineRig("");
        Instant outageEnds = rig.now.plus(Duration.ofMinutes(10));
        rig.vendor((work, now) ->
                Optional.of(Fixtures.answer(now.isBefore(outageEnds) ? ResultClass.RETRY : ResultClass.ACCEPTED)));
        for (int i = 0; i < 1_000; i++) {
            rig.offer("d" + i);
        }
        rig.pass(Duration.ofMinutes(10));
        assertThat(rig.started.size()).isLessThan(256 + 50);
        assertThat(rig.outcomes).isEmpty();
        rig.pass(Duration.ofMinutes(2));
        assertThat(rig.outcomes).hasSize(1_000);
    }
}
