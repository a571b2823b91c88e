package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** An engine in virtual time with a vendor that answers when the test says so, or by itself after a latency. */
final class EngineRig implements ChannelEngine.Effects {

    /** What a vendor does with an attempt; empty: never answers. */
    interface Vendor {
        Optional<VendorAnswer> answer(Work work, Instant now);
    }

    static final Duration LATENCY = Duration.ofMillis(50);

    private record Coming(long attempt, VendorAnswer answer) {}

    final ChannelEngine engine;
    final Claims claims = Fixtures.claims();
    final Map<Long, Work> underWay = new LinkedHashMap<>();
    final List<Work> started = new ArrayList<>();
    final List<Instant> startedAt = new ArrayList<>();
    final Map<Claim, List<VendorOutcome>> outcomes = new LinkedHashMap<>();
    final List<Work> handedBack = new ArrayList<>();
    final List<String> parkings = new ArrayList<>();
    final List<String> misconfigurations = new ArrayList<>();
    private final TreeMap<Instant, List<Coming>> coming = new TreeMap<>();
    int probes;
    int resumptions;
    boolean left = true;
    int mostUnderWay;
    Instant now = Fixtures.NOON;
    private Vendor vendor = (work, at) -> Optional.empty();
    private long lastRef;

    EngineRig(String limits) {
        this(limits, 7);
    }

    EngineRig(String limits, long seed) {
        engine = new ChannelEngine(Fixtures.limits(limits), new Random(seed), this, now);
    }

    EngineRig vendor(Vendor behaviour) {
        vendor = behaviour;
        return this;
    }

    EngineRig vendor(ResultClass always) {
        return vendor((work, at) -> Optional.of(Fixtures.answer(always)));
    }

    Claim offer(VendorRequest request) {
        Send send = new Send(++lastRef, request, null);
        claims.admit(send);
        Claim claim = claims.of(send.ref(), null).orElseThrow();
        engine.offer(Work.of(claim), now);
        return claim;
    }

    Claim offer(String device) {
        return offer(Fixtures.request(device));
    }

    /** Answers the one attempt of this claim that is under way. */
    void answer(Claim claim, VendorAnswer answer) {
        long attempt = attemptOf(claim);
        underWay.remove(attempt);
        engine.answered(attempt, answer, now);
    }

    void answer(Claim claim, ResultClass result) {
        answer(claim, Fixtures.answer(result));
    }

    long attemptOf(Claim claim) {
        return underWay.entrySet().stream()
                .filter(entry -> entry.getValue().claim() == claim)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    boolean isUnderWay(Claim claim) {
        return underWay.values().stream().anyMatch(work -> work.claim() == claim);
    }

    VendorOutcome outcome(Claim claim) {
        List<VendorOutcome> all = outcomes.getOrDefault(claim, List.of());
        if (all.size() != 1) {
            throw new AssertionError("outcomes: " + all);
        }
        return all.get(0);
    }

    boolean hasEnded(Claim claim) {
        return outcomes.containsKey(claim);
    }

    /** Lets the time pass, with all that happens in it in its order. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        for (Instant next = nextEvent(); !next.isAfter(end); next = nextEvent()) {
            now = next.isAfter(now) ? next : now;
            Map.Entry<Instant, List<Coming>> due = coming.firstEntry();
            if (due != null && !due.getKey().isAfter(now)) {
                coming.remove(due.getKey());
                for (Coming answer : due.getValue()) {
                    underWay.remove(answer.attempt());
                    engine.answered(answer.attempt(), answer.answer(), now);
                }
            } else {
                engine.wake(now);
            }
        }
        now = end;
    }

    private Instant nextEvent() {
        Instant answer = coming.isEmpty() ? Instant.MAX : coming.firstKey();
        Instant wake = engine.nextWake(now).orElse(Instant.MAX);
        return answer.isBefore(wake) ? answer : wake;
    }

    @Override
    public void start(long attempt, Work work) {
        underWay.put(attempt, work);
        mostUnderWay = Math.max(mostUnderWay, underWay.size());
        started.add(work);
        startedAt.add(now);
        vendor.answer(work, now).ifPresent(answer -> coming.computeIfAbsent(now.plus(LATENCY), at -> new ArrayList<>())
                .add(new Coming(attempt, answer)));
    }

    @Override
    public boolean giveUp(long attempt) {
        underWay.remove(attempt);
        return left;
    }

    @Override
    public void end(Work work, VendorOutcome outcome) {
        outcomes.computeIfAbsent(work.claim(), claim -> new ArrayList<>()).add(outcome);
    }

    @Override
    public void handBack(Work work) {
        handedBack.add(work);
    }

    @Override
    public void probe() {
        probes++;
    }

    @Override
    public void attempted(ResultClass result, Duration took) {
        // counted by the actor
    }

    @Override
    public void misconfigured(String code) {
        misconfigurations.add(code);
    }

    @Override
    public void parked(String code) {
        parkings.add(code);
    }

    @Override
    public void resumed() {
        resumptions++;
    }
}
