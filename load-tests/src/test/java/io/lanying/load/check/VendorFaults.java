package io.lanying.load.check;

import static io.lanying.load.check.HealthyHistory.D3;
import static io.lanying.load.check.HealthyHistory.D4;
import static io.lanying.load.check.HealthyHistory.T3;
import static io.lanying.load.check.PlantedFaultsTest.before;
import static io.lanying.load.check.PlantedFaultsTest.drop;
import static io.lanying.load.check.PlantedFaultsTest.fate;
import static io.lanying.load.check.PlantedFaultsTest.planted;
import static io.lanying.load.check.PlantedFaultsTest.replace;

import io.lanying.load.check.PlantedFaultsTest.Planted;
import io.lanying.load.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Faults of what goes by vendors and to many, for {@link PlantedFaultsTest}. */
final class VendorFaults {

    private VendorFaults() {}

    static Stream<Planted> all() {
        return Stream.concat(vendors(), counts());
    }

    private static Stream<Planted> vendors() {
        return Stream.of(
                planted("nothing reached the vendor that is said to have taken it", drop(asked("n31")), Invariant.I1),
                planted("what the vendor took is still pending", fate(D3, "n32", "pending"), Invariant.I1),
                planted("what only the vendor had was acknowledged", fate(D4, "n36", "acknowledged"), Invariant.I1),
                planted("an item for a phone that is away goes nowhere", lost("n36"), Invariant.I1),
                planted("one device of an audience is left out", fate(D4, "n31", "notTargeted"), Invariant.I1),
                planted("a repeat has another vendor id", askedAgain("n32", "v99", "n32", 2_350), Invariant.I3),
                planted("a repeat has another item id", askedAgain("n32", "v32", "n99", 2_350), Invariant.I3),
                planted("what was taken is sent again", askedAgain("n31", "v31", "n31", 2_150), Invariant.I3),
                planted("the vendor and the socket know it by different ids", askedOnceAs("n34", "n34b"), Invariant.I3),
                planted("the vendor is asked for what was refused", askedFor(T3, "n39", "k9", 19_500), Invariant.I4),
                planted("what was sent to another device", askedFor(T3, "n21", "k1b", 16_500), Invariant.I4),
                planted("a token that nobody registered", askedFor("stray", "n34", "k4", 16_500), Invariant.I4),
                planted("an item under another notification's id", askedOnceAs("n36", "n35"), Invariant.I4),
                planted(
                        "the token's next owner is shown what was for the last",
                        askedFor(T3, "n33", "k3", 16_500),
                        Invariant.I4),
                planted("the token's next device is shown it", askedFor(T3, "n35", "k5", 19_500), Invariant.I4));
    }

    private static Stream<Planted> counts() {
        return Stream.of(
                planted(
                        "a device is counted twice",
                        counted(Map.of("targeted", 3L, "acceptedByVendor", 2L, "expired", 1L)),
                        Invariant.I6),
                planted(
                        "a device is not counted",
                        counted(Map.of("targeted", 1L, "acceptedByVendor", 1L)),
                        Invariant.I6),
                planted(
                        "a device is counted at another fate",
                        counted(Map.of("targeted", 2L, "pending", 1L, "expired", 1L)),
                        Invariant.I6));
    }

    private static Predicate<HistoryEvent> asked(String itemId) {
        return event -> event instanceof HistoryEvent.VendorAsked asked
                && asked.itemId().equals(itemId);
    }

    private static UnaryOperator<List<HistoryEvent>> askedAgain(
            String itemId, String vendorId, String asItem, long atMillis) {
        return events -> {
            List<HistoryEvent> result = new ArrayList<>(events);
            HistoryEvent.VendorAsked last = (HistoryEvent.VendorAsked) events.stream()
                    .filter(asked(itemId))
                    .reduce((one, other) -> other)
                    .orElseThrow();
            result.add(
                    result.indexOf(last) + 1, seenByVendor(last.token(), asItem, vendorId, last.content(), atMillis));
            return result;
        };
    }

    private static UnaryOperator<List<HistoryEvent>> askedOnceAs(String itemId, String other) {
        return events -> events.stream()
                .map(event -> event instanceof HistoryEvent.VendorAsked asked
                                && asked.itemId().equals(itemId)
                        ? seenByVendor(asked.token(), other, asked.vendorId(), asked.content(), asked.atMillis())
                        : event)
                .toList();
    }

    private static UnaryOperator<List<HistoryEvent>> askedFor(
            String token, String itemId, String content, long atMillis) {
        return before(
                HistoryEvent.CountsRead.class::isInstance,
                seenByVendor(token, itemId, "v-" + itemId, content, atMillis));
    }

    private static HistoryEvent seenByVendor(
            String token, String itemId, String vendorId, String content, long atMillis) {
        return new HistoryEvent.VendorAsked(
                "apns", token, itemId, vendorId, content, HistoryEvent.Shown.TAKEN, "200", 1, atMillis);
    }

    private static UnaryOperator<List<HistoryEvent>> lost(String itemId) {
        return events -> drop(asked(itemId)).apply(fate(D4, itemId, "pending").apply(events));
    }

    private static UnaryOperator<List<HistoryEvent>> counted(Map<String, Long> counts) {
        return replace(HistoryEvent.CountsRead.class::isInstance, new HistoryEvent.CountsRead("c", "n31", counts));
    }
}
