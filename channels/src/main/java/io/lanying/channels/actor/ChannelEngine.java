package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Category;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Decides for one channel what is sent when, and how each request ends: the reaction to each {@link ResultClass}, one place.
 *
 * <p>No I/O, no clock and no threads of its own: time comes in with every call, what is to be done goes out through {@link
 * Effects}. Mutable, for one thread. Each work that is offered leaves exactly once, through {@link Effects#end} or {@link
 * Effects#handBack}, provided that attempts are answered or the time is told.
 */
final class ChannelEngine {

    /** What the engine wants done; none of it calls back into the engine before it has returned. */
    interface Effects {

        /** Make an attempt, to be answered under this number. */
        void start(long attempt, Work work);

        /** An attempt's deadline has passed; says whether its request may have left. Its answer will be ignored. */
        boolean giveUp(long attempt);

        void end(Work work, VendorOutcome outcome);

        /** For the channel's successor. */
        void handBack(Work work);

        /** Ask the adapter's probe. */
        void probe();

        void attempted(ResultClass result, Duration took);

        void parked(String code);

        void resumed();

        /** What some of the channel's targets need is wrong at the vendor; the others go on. */
        void misconfigured(String code);
    }

    private enum Stage {
        OPEN,
        RETIRING,
        WITHDRAWN
    }

    private record InFlight(Work work, Instant since, Gates.Pass pass) {}

    private static final Parking.Reason MASS_INVALID = new Parking.Reason(Codes.MASS_INVALID, false);

    private final ChannelLimits limits;
    private final RandomGenerator random;
    private final Effects effects;
    private final Backlog backlog = new Backlog();
    private final Map<Long, InFlight> inFlight = new LinkedHashMap<>();
    private final TokenHolds holds = new TokenHolds();
    private final Gates gates;
    private final MassDeletionGuard guard;
    private Stage stage = Stage.OPEN;
    private final Map<Category, Instant> quotaUntil = new EnumMap<>(Category.class);
    private String withdrawn = Codes.NO_CREDENTIAL;
    private long attempts;

    ChannelEngine(ChannelLimits limits, RandomGenerator random, Effects effects, Instant now) {
        this.limits = limits;
        this.random = random;
        this.effects = effects;
        this.gates = new Gates(limits, now);
        this.guard = new MassDeletionGuard(limits.guard());
    }

    /** Takes a request in. */
    void offer(Work work, Instant now) {
        keep(work, now, backlog::add);
        pump(now);
    }

    /** Ends it, unless an attempt is under way. */
    void cancel(Claim claim, Instant now) {
        backlog.remove(claim).ifPresent(work -> effects.end(work, work.ended(End.CANCELLED, Codes.CANCELLED)));
        pump(now);
    }

    /** An attempt was answered; ignored if it was given up before, which is then said. */
    boolean answered(long attempt, VendorAnswer answer, Instant now) {
        InFlight flight = inFlight.remove(attempt);
        if (flight == null) {
            return false;
        }
        effects.attempted(answer.result(), Duration.between(flight.since(), now));
        settle(flight, answer, now);
        pump(now);
        return true;
    }

    /** An attempt could not be made for now, its keys being unavailable. Nothing has left. */
    void unprepared(long attempt, Instant now) {
        InFlight flight = inFlight.remove(attempt);
        if (flight != null) {
            gates.released(flight.pass());
            later(flight.work().failedOnce(), Duration.ZERO, now);
            pump(now);
        }
    }

    /** An attempt can never be made. Nothing has left. */
    void unusable(long attempt, String code, Instant now) {
        InFlight flight = inFlight.remove(attempt);
        if (flight != null) {
            gates.released(flight.pass());
            effects.end(flight.work(), flight.work().ended(End.REFUSED, Optional.empty(), code));
            pump(now);
        }
    }

    /** The adapter's probe was answered. */
    void probed(VendorAnswer answer, Instant now) {
        boolean cannotTell =
                answer.result() == ResultClass.UNKNOWN_OUTCOME && answer.code().equals(Codes.NO_WAY);
        if (gates.parking().probed(answer.result(), cannotTell, now)) {
            resume();
        }
        pump(now);
    }

    /** What is not under way, and what would be repeated, goes to the successor. */
    void retire(Instant now) {
        stage = Stage.RETIRING;
        backlog.drain().forEach(work -> keep(work, now, backlog::add));
    }

    /** The credential was taken away: what is not under way ends, and nothing is repeated. */
    void withdraw(String code, Instant now) {
        stage = Stage.WITHDRAWN;
        withdrawn = code;
        backlog.drain().forEach(work -> keep(work, now, backlog::add));
    }

    /** Whether it was retired or withdrawn and nothing is under way any more. */
    boolean isDone() {
        return stage != Stage.OPEN && inFlight.isEmpty();
    }

    /** Does what the time asks for. */
    void wake(Instant now) {
        giveUpLate(now);
        if (stage == Stage.OPEN && gates.parking().due(now) == Parking.Due.PROBE) {
            effects.probe();
        }
        pump(now);
    }

    /** When {@link #wake} has something to do, if nothing else happens. */
    Optional<Instant> nextWake(Instant now) {
        Optional<Instant> deadline = inFlight.values().stream().findFirst().map(flight -> flight.since()
                .plus(limits.attemptDeadline()));
        Optional<Instant> check =
                Optional.of(gates.parking().checkAt()).filter(at -> stage == Stage.OPEN && at.isBefore(Instant.MAX));
        boolean room = backlog.hasReady() && inFlight.size() < limits.maxInFlight();
        Optional<Instant> open = room ? gates.openAt(now) : Optional.empty();
        return Stream.of(deadline, check, open, backlog.nextChange())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    int waiting() {
        return backlog.size();
    }

    int underWay() {
        return inFlight.size();
    }

    private void pump(Instant now) {
        backlog.expire(now).forEach(work -> effects.end(work, work.expired()));
        backlog.ripen(now);
        while (backlog.hasReady() && inFlight.size() < limits.maxInFlight() && gates.allow(now)) {
            backlog.poll().ifPresent(work -> startUnlessHeld(work, now));
        }
    }

    private void startUnlessHeld(Work work, Instant now) {
        Instant held = holds.endOf(work.request().token().fingerprint(), now);
        if (held.isAfter(now)) {
            backlog.delay(work, held);
            return;
        }
        attempts++;
        inFlight.put(attempts, new InFlight(work, now, gates.started(now)));
        effects.start(attempts, work);
    }

    private void giveUpLate(Instant now) {
        Instant late = now.minus(limits.attemptDeadline());
        Iterator<Map.Entry<Long, InFlight>> oldest = inFlight.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Long, InFlight> entry = oldest.next();
            InFlight flight = entry.getValue();
            if (flight.since().isAfter(late)) {
                return;
            }
            oldest.remove();
            if (effects.giveUp(entry.getKey())) {
                effects.attempted(ResultClass.UNKNOWN_OUTCOME, Duration.between(flight.since(), now));
                settle(flight, VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, Codes.DEADLINE), now);
            } else {
                gates.released(flight.pass());
                later(flight.work().failedOnce(), Duration.ZERO, now);
            }
        }
    }

    private void settle(InFlight flight, VendorAnswer answer, Instant now) {
        ResultClass result = answer.result();
        boolean alarm = Gates.judgesToken(result) && guard.record(result == ResultClass.TOKEN_INVALID, now);
        boolean believed = result != ResultClass.TOKEN_INVALID || !guard.isSuspicious();
        if (gates.answered(flight.pass(), answer, believed, now)) {
            resume();
        }
        if (stage == Stage.OPEN && (alarm || (flight.pass().isTrial() && !believed))) {
            park(MASS_INVALID, now);
        }
        Work work = flight.work().answered(answer);
        if (believed) {
            react(work, answer, now);
        } else {
            keep(work, now, unused -> refuseParked(unused, MASS_INVALID));
        }
    }

    private void resume() {
        guard.resume();
        effects.resumed();
    }

    private void react(Work work, VendorAnswer answer, Instant now) {
        Duration asked = answer.retryAfter().orElse(Duration.ZERO);
        switch (answer.result()) {
            case ACCEPTED -> effects.end(work, work.ended(End.ACCEPTED, answer));
            case TOKEN_INVALID, TARGET_SUPPRESSED, TOO_LARGE, REJECTED ->
                effects.end(work, work.ended(End.REFUSED, answer));
            case THROTTLED_DEVICE -> holdToken(work.failedOnce(), asked, now);
            case THROTTLED_APP, RETRY -> later(work.failedOnce(), asked, now);
            case QUOTA_DAY -> stopForToday(work, now);
            case AUTH_EXPIRED -> {
                if (work.renewed()) {
                    refuseCredential(work, answer, now);
                } else {
                    keep(work.renewedOnce(), now, backlog::addFirst);
                }
            }
            case AUTH_CONFIG -> {
                if (answer.ofPart()) {
                    effects.misconfigured(Codes.printable(answer.code()));
                    effects.end(work, work.ended(End.REFUSED, answer));
                } else {
                    refuseCredential(work, answer, now);
                }
            }
            case UNKNOWN_OUTCOME -> {
                if (work.unanswered()) {
                    effects.end(work, work.ended(End.UNKNOWN, answer));
                } else {
                    later(work.leftUnanswered(), asked, now);
                }
            }
        }
    }

    private void later(Work work, Duration asked, Instant now) {
        Instant due = now.plus(limits.retry().delay(work.failures(), asked, random));
        keep(work, now, kept -> backlog.delay(kept, due));
    }

    private void holdToken(Work work, Duration asked, Instant now) {
        Instant due = now.plus(limits.retry().delay(work.failures(), asked, random));
        holds.hold(work.request().token().fingerprint(), due, now);
        keep(work, now, kept -> backlog.delay(kept, due));
    }

    /** Vendors count a day's allowance by class of message: what is of another category goes on. */
    private void stopForToday(Work work, Instant now) {
        LocalDate tomorrow = LocalDate.ofInstant(now, limits.quotaZone()).plusDays(1);
        quotaUntil.put(
                work.request().category(),
                tomorrow.atStartOfDay(limits.quotaZone()).toInstant());
        keep(work, now, backlog::add);
        backlog.drain().forEach(other -> keep(other, now, backlog::add));
    }

    private void refuseCredential(Work work, VendorAnswer answer, Instant now) {
        Parking.Reason reason = new Parking.Reason(Codes.printable(answer.code()), true);
        if (stage == Stage.OPEN) {
            park(reason, now);
        }
        keep(work, now, kept -> refuseParked(kept, reason));
    }

    private void park(Parking.Reason reason, Instant now) {
        if (gates.parking().park(reason, now)) {
            effects.parked(reason.code());
        }
        backlog.drain().forEach(work -> keep(work, now, backlog::add));
    }

    private void refuseParked(Work work, Parking.Reason reason) {
        effects.end(
                work, work.ended(End.NO_CHANNEL, Optional.of(ResultClass.AUTH_CONFIG), Codes.parked(reason.code())));
    }

    /** Keeps a request for another attempt, unless there can be none here. */
    private void keep(Work work, Instant now, Consumer<Work> place) {
        Optional<Parking.Reason> parked = gates.parking().refusal();
        if (work.claim().isCancelled()) {
            effects.end(work, work.ended(End.CANCELLED, Codes.CANCELLED));
        } else if (stage == Stage.RETIRING) {
            effects.handBack(work.handedOver());
        } else if (stage == Stage.WITHDRAWN) {
            effects.end(work, work.ended(End.NO_CHANNEL, Optional.empty(), withdrawn));
        } else if (parked.isPresent()) {
            refuseParked(work, parked.get());
        } else if (quotaUntil
                .getOrDefault(work.request().category(), Instant.MIN)
                .isAfter(now)) {
            effects.end(work, work.ended(End.REFUSED, Optional.of(ResultClass.QUOTA_DAY), Codes.QUOTA_DAY));
        } else {
            place.accept(work);
        }
    }
}
