package io.lanying.load.check;

import static io.lanying.load.check.HealthyHistory.D1;
import static io.lanying.load.check.HealthyHistory.D2;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker is worth what it rejects: each fault planted in a healthy history must be found, under its own number. */
class PlantedFaultsTest {

    /** A fault and the promises it breaks. */
    record Planted(String name, List<Invariant> breaks, UnaryOperator<List<HistoryEvent>> fault) {
        @Override
        public String toString() {
            return breaks + " " + name;
        }
    }

    @Test
    void theHealthyHistoryHolds() {
        Verdict verdict = Checker.check(HealthyHistory.make());

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.commands()).isEqualTo(17);
        assertThat(verdict.delivered()).isEqualTo(10);
        assertThat(verdict.vendorRepeats()).isEqualTo(1);
    }

    @Test
    void aHistoryIsTheSameAfterItWasSavedAndLoaded(@TempDir Path directory) throws Exception {
        History history = HealthyHistory.make();

        history.save(directory.resolve("history.ndjson"));

        assertThat(History.load(directory.resolve("history.ndjson"))).isEqualTo(history);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void thePlantedFaultIsFound(Planted planted) {
        List<HistoryEvent> events = new ArrayList<>(HealthyHistory.make().events());
        List<HistoryEvent> faulty = planted.fault().apply(new ArrayList<>(events));

        assertThat(faulty).isNotEqualTo(events);
        assertThat(Checker.check(new History(faulty)).broken()).containsAll(planted.breaks());
    }

    @Test
    void thereIsAFaultForEachPromise() {
        assertThat(faults().flatMap(planted -> planted.breaks().stream())).contains(Invariant.values());
    }

    static Stream<Planted> faults() {
        return Stream.of(losses(), orders(), repeats(), inventions(), VendorFaults.all(), replays(), limits(), leaks())
                .flatMap(stream -> stream);
    }

    private static Stream<Planted> losses() {
        return Stream.of(
                planted("an accepted item never arrives and has no fate", drop(fateOf("n4")), Invariant.I1),
                planted("an accepted item is still pending", fate("n4", "pending"), Invariant.I1),
                planted("an accepted item is not known any longer", fate("n4", "missing"), Invariant.I1),
                planted("an item nobody saw counts as acknowledged", fate("n4", "acknowledged"), Invariant.I1),
                planted("an item that arrived counts as pending", fate("n3", "pending"), Invariant.I1),
                planted("the last items of the stream never come", drop(item(D1, 2, 6)), Invariant.I1));
    }

    private static Stream<Planted> orders() {
        return Stream.of(
                planted("a number is left out", drop(item(D1, 2, 3)), Invariant.I2),
                planted("two items change places", swap(item(D1, 1, 1), item(D1, 1, 2)), Invariant.I2),
                planted("a gone is not said", drop(HistoryEvent.Gone.class::isInstance), Invariant.I2),
                planted("after a kill the unacknowledged is skipped", drop(item(D1, 2, 2)), Invariant.I2),
                planted(
                        "the server thinks more was acknowledged than was",
                        replace(welcome(D1, 2), new HistoryEvent.Welcome(D1, 2, "s1", 2, 3)),
                        Invariant.I2),
                planted(
                        "the stream falls back after a kill",
                        replace(welcome(D1, 2), new HistoryEvent.Welcome(D1, 2, "s1", 1, 1)),
                        Invariant.I2),
                planted(
                        "a new stream without a new owner",
                        replace(welcome(D1, 2), new HistoryEvent.Welcome(D1, 2, "s9", 0, 3)),
                        Invariant.I2),
                planted(
                        "a number becomes another item",
                        replace(item(D1, 2, 2), seen(D1, 2, 2, "n3", "k3")),
                        Invariant.I2));
    }

    private static Stream<Planted> repeats() {
        return Stream.of(
                planted(
                        "a repeated command is accepted twice",
                        replace(ok("n2", true), new HistoryEvent.Ok(3, "n2", false)),
                        Invariant.I3),
                planted(
                        "a repeated command gets another id",
                        replace(ok("n2", true), new HistoryEvent.Ok(3, "n2b", true)),
                        Invariant.I3),
                planted("an item comes twice", duplicate(item(D1, 2, 3)), Invariant.I3),
                planted(
                        "one content gets two numbers",
                        replace(item(D1, 2, 5), seen(D1, 2, 5, "n3b", "k3")),
                        Invariant.I3),
                planted(
                        "an item comes after its ack",
                        before(item(D1, 2, 2), seen(D1, 2, 1, "n1", "k1")),
                        Invariant.I3),
                planted(
                        "two commands are one notification",
                        replace(ok("n5", false), new HistoryEvent.Ok(8, "n4", false)),
                        Invariant.I3));
    }

    private static Stream<Planted> inventions() {
        return Stream.of(
                planted("an item nobody sent", replace(item(D1, 2, 3), seen(D1, 2, 3, "n3", "invented")), Invariant.I4),
                planted(
                        "an item sent to another device",
                        replace(item(D2, 1, 1), seen(D2, 1, 1, "n5", "k5")),
                        Invariant.I4),
                planted(
                        "the next owner gets what was meant for the last",
                        replace(item(D2, 2, 1), seen(D2, 2, 1, "n22", "k2")),
                        Invariant.I4),
                planted("a refused command arrives", replace(item(D1, 2, 5), seen(D1, 2, 5, "n9", "k9")), Invariant.I4),
                planted(
                        "an item comes under another id",
                        replace(item(D1, 2, 3), seen(D1, 2, 3, "n77", "k3")),
                        Invariant.I4));
    }

    private static Stream<Planted> replays() {
        return Stream.of(
                planted(
                        "the state changes with the way it is asked",
                        replace(state("asOfSeq=2"), read("asOfSeq=2", 2, 0, 1)),
                        Invariant.I6),
                planted(
                        "a past state is not what its events make",
                        replace(state("asOfSeq=4"), read("asOfSeq=4", 4, 1, 2, 1, 2)),
                        Invariant.I6),
                planted(
                        "the living device is behind its journal",
                        replace(
                                HistoryEvent.LiveRead.class::isInstance,
                                new HistoryEvent.LiveRead(D2, 5, "s3", 0, 2, 1)),
                        Invariant.I6),
                planted("the journal lacks an event", drop(event(3)), Invariant.I6),
                planted(
                        "an event changes",
                        before(
                                state("asOfSeq=2"),
                                new HistoryEvent.JournalRead(
                                        D2, 3, "acknowledged", HealthyHistory.parse("{'ackedSeq':0}"))),
                        Invariant.I6));
    }

    private static Stream<Planted> limits() {
        return Stream.of(
                planted(
                        "too many threads",
                        replace(
                                HistoryEvent.Measured.class::isInstance,
                                new HistoryEvent.Measured("threads", 201, 200)),
                        Invariant.I7),
                planted(
                        "overload without Retry-After",
                        replace(
                                HistoryEvent.Refused.class::isInstance,
                                new HistoryEvent.Refused(5, 503, "unavailable", false)),
                        Invariant.I7),
                planted(
                        "overload as an internal error",
                        replace(
                                HistoryEvent.Refused.class::isInstance,
                                new HistoryEvent.Refused(5, 500, "internal", false)),
                        Invariant.I7),
                planted(
                        "the window is not kept",
                        drop(event -> event instanceof HistoryEvent.Acked acked && acked.epoch() == 2),
                        Invariant.I7));
    }

    private static Stream<Planted> leaks() {
        return Stream.of(
                planted(
                        "another tenant's text in a frame",
                        before(
                                HistoryEvent.Drained.class::isInstance,
                                new HistoryEvent.Received("a", "socket", "{'title':'" + HealthyHistory.SECRET + "'}")),
                        Invariant.I9),
                planted(
                        "a body in the log",
                        replace(
                                event -> event instanceof HistoryEvent.Scanned scanned
                                        && scanned.file().endsWith(".log"),
                                new HistoryEvent.Scanned("server.log", 4_000, List.of(HealthyHistory.SECRET))),
                        Invariant.I10),
                planted(
                        "a body in the database",
                        replace(
                                event -> event instanceof HistoryEvent.Scanned scanned
                                        && scanned.file().endsWith(".db"),
                                new HistoryEvent.Scanned("lanying.mv.db", 4_000, List.of(HealthyHistory.SECRET))),
                        Invariant.I10));
    }

    static Planted planted(String name, UnaryOperator<List<HistoryEvent>> fault, Invariant... breaks) {
        return new Planted(name, Arrays.asList(breaks), fault);
    }

    private static HistoryEvent seen(Target at, int epoch, long itemSeq, String id, String content) {
        return new HistoryEvent.Item(at, epoch, itemSeq, id, "push", Optional.of(id), Optional.empty(), content);
    }

    private static HistoryEvent read(String source, long eventSeq, long ackedSeq, long lastSeq, long... open) {
        return new HistoryEvent.StateRead(D2, source, eventSeq, HealthyHistory.state("s3", ackedSeq, lastSeq, open));
    }

    private static Predicate<HistoryEvent> item(Target at, int epoch, long itemSeq) {
        return event -> event instanceof HistoryEvent.Item item
                && item.at().equals(at)
                && item.epoch() == epoch
                && item.itemSeq() == itemSeq;
    }

    private static Predicate<HistoryEvent> welcome(Target at, int epoch) {
        return event ->
                event instanceof HistoryEvent.Welcome welcome && welcome.at().equals(at) && welcome.epoch() == epoch;
    }

    private static Predicate<HistoryEvent> ok(String notificationId, boolean replayed) {
        return event -> event instanceof HistoryEvent.Ok ok
                && ok.notificationId().equals(notificationId)
                && ok.replayed() == replayed;
    }

    private static Predicate<HistoryEvent> fateOf(String notificationId) {
        return event -> event instanceof HistoryEvent.FateRead read
                && read.notificationId().equals(notificationId);
    }

    static UnaryOperator<List<HistoryEvent>> fate(Target at, String notificationId, String fate) {
        return replace(
                fateOf(notificationId)
                        .and(event -> ((HistoryEvent.FateRead) event).at().equals(at)),
                new HistoryEvent.FateRead(at, notificationId, fate));
    }

    private static Predicate<HistoryEvent> state(String source) {
        return event ->
                event instanceof HistoryEvent.StateRead read && read.source().equals(source);
    }

    private static Predicate<HistoryEvent> event(long eventSeq) {
        return event -> event instanceof HistoryEvent.JournalRead read && read.eventSeq() == eventSeq;
    }

    static UnaryOperator<List<HistoryEvent>> drop(Predicate<HistoryEvent> which) {
        return events -> events.stream().filter(which.negate()).toList();
    }

    private static UnaryOperator<List<HistoryEvent>> fate(String notificationId, String fate) {
        return replace(fateOf(notificationId), new HistoryEvent.FateRead(D1, notificationId, fate));
    }

    static UnaryOperator<List<HistoryEvent>> replace(Predicate<HistoryEvent> which, HistoryEvent by) {
        return events ->
                events.stream().map(event -> which.test(event) ? by : event).toList();
    }

    private static UnaryOperator<List<HistoryEvent>> duplicate(Predicate<HistoryEvent> which) {
        return events -> events.stream()
                .flatMap(event -> which.test(event) ? Stream.of(event, event) : Stream.of(event))
                .toList();
    }

    static UnaryOperator<List<HistoryEvent>> before(Predicate<HistoryEvent> which, HistoryEvent added) {
        return events -> {
            List<HistoryEvent> result = new ArrayList<>(events);
            int place = 0;
            while (!which.test(result.get(place))) {
                place++;
            }
            result.add(place, added);
            return result;
        };
    }

    static UnaryOperator<List<HistoryEvent>> swap(Predicate<HistoryEvent> one, Predicate<HistoryEvent> other) {
        return events -> {
            List<HistoryEvent> result = new ArrayList<>(events);
            HistoryEvent first = events.stream().filter(one).findFirst().orElseThrow();
            HistoryEvent second = events.stream().filter(other).findFirst().orElseThrow();
            result.replaceAll(event -> event == first ? second : event == second ? first : event);
            return result;
        };
    }
}
