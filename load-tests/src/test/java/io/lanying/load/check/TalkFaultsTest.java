package io.lanying.load.check;

import static io.lanying.load.check.HealthyTalk.ADA;
import static io.lanying.load.check.HealthyTalk.BOB;
import static io.lanying.load.check.HealthyTalk.BOB_AWAY;
import static io.lanying.load.check.HealthyTalk.CYD;
import static io.lanying.load.check.HealthyTalk.DAN;
import static io.lanying.load.check.HealthyTalk.DAN_TOKEN;
import static io.lanying.load.check.HealthyTalk.ELSEWHERE;
import static io.lanying.load.check.HealthyTalk.LONG;
import static io.lanying.load.check.HealthyTalk.TOKEN;
import static io.lanying.load.check.HealthyTalk.buzzed;
import static io.lanying.load.check.HealthyTalk.receipt;
import static io.lanying.load.check.HealthyTalk.said;
import static io.lanying.load.check.PlantedFaultsTest.before;
import static io.lanying.load.check.PlantedFaultsTest.drop;
import static io.lanying.load.check.PlantedFaultsTest.fate;
import static io.lanying.load.check.PlantedFaultsTest.planted;
import static io.lanying.load.check.PlantedFaultsTest.replace;
import static io.lanying.load.check.PlantedFaultsTest.swap;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.check.PlantedFaultsTest.Planted;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.Shown;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault planted in a healthy history of conversations must be found, under its own number. */
class TalkFaultsTest {

    @Test
    void theHealthyTalkHolds() {
        assertThat(Checker.check(HealthyTalk.make()).violations()).isEmpty();
    }

    @Test
    void aTalkIsTheSameAfterItWasSavedAndLoaded(@TempDir Path directory) throws Exception {
        History history = HealthyTalk.make();

        history.save(directory.resolve("talk.ndjson"));

        assertThat(History.load(directory.resolve("talk.ndjson"))).isEqualTo(history);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void thePlantedFaultIsFound(Planted planted) {
        List<HistoryEvent> events = HealthyTalk.make().events();
        List<HistoryEvent> faulty = planted.fault().apply(new ArrayList<>(events));

        assertThat(faulty).isNotEqualTo(events);
        assertThat(Checker.check(new History(faulty)).broken()).containsAll(planted.breaks());
    }

    static Stream<Planted> faults() {
        return Stream.of(losses(), orders(), repeats(), inventions(), strangers(), vendors(), receipts())
                .flatMap(stream -> stream);
    }

    private static Stream<Planted> losses() {
        return Stream.of(
                planted("a message does not reach one device", drop(told(BOB, "message", 4)), Invariant.I1),
                planted("an unanswered message reaches some only", drop(told(BOB, "message", 3)), Invariant.I1),
                planted("an edit does not reach one device", drop(told(CYD, "edit", 1)), Invariant.I1),
                planted("a recall does not reach who has it", drop(told(BOB, "recall", 2)), Invariant.I1),
                planted("who came back is left out", drop(told(CYD, "message", 6)), Invariant.I1),
                planted("who joined is left out", drop(told(DAN, "message", 6)), Invariant.I1),
                planted("a message that was accepted is not kept", drop(kept(6)), Invariant.I1),
                planted("a recalled message is kept", replace(kept(2), kept(2, "bob", "two")), Invariant.I1),
                planted("no vendor had what one is said to have taken", drop(buzz(5)), Invariant.I1),
                planted("a phone that is away is not alerted", unalerted(7), Invariant.I1),
                planted("a phone that is away never hears", fate(BOB_AWAY, "team~5", "notTargeted"), Invariant.I1),
                planted("what nobody recalled ends as recalled", fate(BOB_AWAY, "team~5", "recalled"), Invariant.I1));
    }

    private static Stream<Planted> orders() {
        return Stream.of(
                planted("messages change places", swap(told(BOB, "message", 3), told(BOB, "message", 4)), Invariant.I2),
                planted("an edit comes before its message", drop(told(CYD, "message", 1)), Invariant.I2),
                planted(
                        "a message comes after its recall",
                        before(drained(), said(BOB, 3, 7, "message", 2, "bob", "two")),
                        Invariant.I2),
                planted("a number is left out", replace(kept(6), kept(7, "bob", "six")), Invariant.I2),
                planted("numbers begin late", drop(kept(1)), Invariant.I2));
    }

    private static Stream<Planted> repeats() {
        return Stream.of(
                planted(
                        "a message said again is another one",
                        replace(posted(1, false), new TalkEvent.Posted(2, "team~7", 7, false)),
                        Invariant.I3),
                planted(
                        "a message said again is new",
                        replace(posted(1, false), new TalkEvent.Posted(2, "team~1", 1, true)),
                        Invariant.I3),
                planted(
                        "two messages are one",
                        replace(posted(6, true), new TalkEvent.Posted(18, "team~5", 5, true)),
                        Invariant.I3),
                planted(
                        "an unanswered message is there twice",
                        before(drained(), kept(7, "cyd", "three")),
                        Invariant.I3),
                planted(
                        "a device hears it under two numbers",
                        before(drained(), said(BOB, 3, 9, "message", 7, "bob", "six")),
                        Invariant.I3),
                planted(
                        "it comes once more, and its first place is not gone",
                        drop(event -> event instanceof HistoryEvent.Gone gone
                                && gone.fate().equals("superseded")),
                        Invariant.I3));
    }

    private static Stream<Planted> inventions() {
        return Stream.of(
                planted("nobody posted it", tellBob("message", 8, "ada", "invented"), Invariant.I4),
                planted("it says something else", retell(BOB, 4, "ada", "five"), Invariant.I4),
                planted("it is somebody else's", retell(BOB, 4, "cyd", LONG), Invariant.I4),
                planted("a refused message comes", tellBob("message", 7, "eve", "not mine"), Invariant.I4),
                planted("an edit that nobody made", tellBob("edit", 5, "ada", "changed"), Invariant.I4),
                planted("a recall that nobody made", tellBob("recall", 5, "", ""), Invariant.I4),
                planted(
                        "it comes before it was posted",
                        before(HistoryEvent.Restarted.class::isInstance, said(BOB, 1, 9, "message", 5, "ada", "five")),
                        Invariant.I4),
                planted("the history says something else", replace(kept(5), kept(5, "ada", "six")), Invariant.I4),
                planted(
                        "the history lost what nobody recalled",
                        replace(kept(5), new TalkEvent.MessageRead("a", "team", 5, "team~5", "ada", "", 1, true)),
                        Invariant.I4));
    }

    private static Stream<Planted> strangers() {
        return Stream.of(
                planted("who left hears on", tell(CYD, "message", 5, "ada", "five"), Invariant.I4),
                planted("who left hears of an edit", tellWhileCydIsAway("edit", 4, "ada", "four again"), Invariant.I4),
                planted("who joined hears of before", tell(DAN, "message", 5, "ada", "five"), Invariant.I4),
                planted(
                        "another tenant hears it",
                        before(drained(), said(ELSEWHERE, 3, 2, "message", 5, "ada", "five")),
                        Invariant.I4));
    }

    private static Stream<Planted> vendors() {
        return Stream.of(
                planted("a vendor has two ids", also(buzzed(TOKEN, 4, "v99", "four", Shown.REFUSED)), Invariant.I3),
                planted(
                        "a vendor is asked again and again",
                        also(buzzed(TOKEN, 5, "v5", "five", Shown.TAKEN), buzzed(TOKEN, 5, "v5", "five", Shown.TAKEN)),
                        Invariant.I3),
                planted("an own message alerts", also(buzzed(TOKEN, 6, "v6", "six", Shown.TAKEN)), Invariant.I4),
                planted("a stranger is alerted", also(buzzed(DAN_TOKEN, 5, "v", "five", Shown.TAKEN)), Invariant.I4),
                planted("a token of nobody's", also(buzzed("stray", 5, "v", "five", Shown.TAKEN)), Invariant.I4),
                planted(
                        "a vendor shows what nobody said",
                        also(buzzed(TOKEN, 5, "v5", "x", Shown.TAKEN)),
                        Invariant.I4),
                planted("a vendor shows no message", also(buzzed(TOKEN, 9, "v9", "five", Shown.TAKEN)), Invariant.I4));
    }

    private static Stream<Planted> receipts() {
        Predicate<HistoryEvent> any = TalkEvent.Receipt.class::isInstance;
        return Stream.of(
                planted("more have it than heard of it", replace(any, receipt(ADA, 4, 4, 0)), Invariant.I4),
                planted("who said nothing has read it", replace(any, receipt(ADA, 3, 3, 1)), Invariant.I4),
                planted("fewer have it than have read it", replace(any, receipt(ADA, 3, 0, 1)), Invariant.I4),
                planted("who did not write it is told", replace(any, receipt(BOB, 3, 2, 0)), Invariant.I4));
    }

    private static Predicate<HistoryEvent> told(Target at, String kind, long messageSeq) {
        return event -> event instanceof TalkEvent.Said said
                && said.at().equals(at)
                && said.kind().equals(kind)
                && said.messageSeq() == messageSeq;
    }

    private static Predicate<HistoryEvent> kept(long messageSeq) {
        return event -> event instanceof TalkEvent.MessageRead read
                && read.tenant().equals("a")
                && read.messageSeq() == messageSeq;
    }

    private static HistoryEvent kept(long messageSeq, String sender, String content) {
        return new TalkEvent.MessageRead("a", "team", messageSeq, "team~" + messageSeq, sender, content, 1, false);
    }

    private static Predicate<HistoryEvent> posted(long messageSeq, boolean asNew) {
        return event -> event instanceof TalkEvent.Posted posted
                && posted.messageSeq() == messageSeq
                && posted.asNew() == asNew;
    }

    private static Predicate<HistoryEvent> buzz(long messageSeq) {
        return event ->
                event instanceof TalkEvent.Buzzed buzzed && buzzed.messageId().equals("team~" + messageSeq);
    }

    private static Predicate<HistoryEvent> drained() {
        return HistoryEvent.Drained.class::isInstance;
    }

    private static UnaryOperator<List<HistoryEvent>> unalerted(long messageSeq) {
        return events -> drop(buzz(messageSeq))
                .apply(fate(BOB_AWAY, "team~" + messageSeq, "pending").apply(events));
    }

    private static UnaryOperator<List<HistoryEvent>> tell(
            Target at, String kind, long messageSeq, String sender, String content) {
        return before(told(at, "message", 6), said(at, 3, 90, kind, messageSeq, sender, content));
    }

    private static UnaryOperator<List<HistoryEvent>> tellBob(
            String kind, long messageSeq, String sender, String content) {
        return before(drained(), said(BOB, 3, 90, kind, messageSeq, sender, content));
    }

    private static UnaryOperator<List<HistoryEvent>> tellWhileCydIsAway(
            String kind, long messageSeq, String sender, String content) {
        return before(told(BOB, "message", 6), said(CYD, 3, 90, kind, messageSeq, sender, content));
    }

    private static UnaryOperator<List<HistoryEvent>> retell(Target at, long messageSeq, String sender, String content) {
        return replace(told(at, "message", messageSeq), said(at, 2, 4, "message", messageSeq, sender, content));
    }

    private static UnaryOperator<List<HistoryEvent>> also(HistoryEvent... more) {
        return events -> {
            List<HistoryEvent> result = new ArrayList<>(events);
            result.addAll(List.of(more));
            return result;
        };
    }
}
