package io.lanying.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * I6 of notifications to many: what a notification counts is what its devices' journals say, by a small fold of our own.
 * Only the last reading of each counts, and only where the journals of all its devices were read.
 */
final class Counted {

    private record OfDevice(Target at, String notificationId) {}

    private Counted() {}

    static void check(History history, Sends sends, Violations violations) {
        Map<Target, NavigableMap<Long, HistoryEvent.JournalRead>> journals = new HashMap<>();
        history.all(HistoryEvent.JournalRead.class)
                .forEach(read -> journals.computeIfAbsent(read.at(), at -> new TreeMap<>())
                        .put(read.eventSeq(), read));
        Map<OfDevice, String> fates = new HashMap<>();
        journals.forEach((at, journal) -> {
            FateFold fold = new FateFold();
            journal.values().forEach(read -> fold.apply(read.type(), read.event()));
            fold.fates().forEach((id, fate) -> fates.put(new OfDevice(at, id), fate));
        });
        Map<String, HistoryEvent.CountsRead> last = new LinkedHashMap<>();
        history.all(HistoryEvent.CountsRead.class).forEach(read -> last.put(read.notificationId(), read));
        last.values().forEach(read -> {
            List<Target> devices = sends.commands().stream()
                    .filter(command -> command.notificationIds().contains(read.notificationId()))
                    .map(command -> command.key().to())
                    .toList();
            if (journals.keySet().containsAll(devices)) {
                judge(read, devices, fates, violations);
            }
        });
    }

    private static void judge(
            HistoryEvent.CountsRead read, List<Target> devices, Map<OfDevice, String> fates, Violations violations) {
        Map<String, Long> recount = new TreeMap<>();
        for (Target device : devices) {
            String fate = fates.get(new OfDevice(device, read.notificationId()));
            if (fate != null) {
                recount.merge(fate, 1L, Long::sum);
                recount.merge("targeted", 1L, Long::sum);
            }
        }
        Map<String, Long> told = new TreeMap<>(read.counts());
        told.values().removeIf(count -> count == 0);
        if (!told.equals(recount)) {
            violations.add(
                    Invariant.I6,
                    "%s counts %s, its devices' journals make %s".formatted(read.notificationId(), told, recount));
        }
    }

    /** What one device's journal says of each of its notifications. */
    private static final class FateFold {

        private final Map<String, String> fates = new HashMap<>();
        private final NavigableMap<Long, String> open = new TreeMap<>();
        private final Map<Long, String> vendorOnly = new HashMap<>();

        Map<String, String> fates() {
            return fates;
        }

        void apply(String type, JsonNode event) {
            switch (type) {
                case "deviceRebound" -> endAll("rebound");
                case "deviceDeleted" -> endAll("deviceGone");
                case "itemAccepted" -> accept(event);
                case "itemsEnded" ->
                    event.path("itemSeqs")
                            .forEach(number ->
                                    end(number.asLong(), event.path("fate").asText()));
                case "vendorAnswered" -> answered(event);
                default -> {}
            }
            acknowledge(event.path("ackedSeq").asLong(0));
        }

        private void accept(JsonNode event) {
            String id = event.path("id").asText();
            if (event.path("kind").asText("push").equals("recall")) {
                fates.put(id, "recalled");
                return;
            }
            fates.put(id, "pending");
            boolean byVendor = event.path("options").path("strategy").asText().equals("vendorOnly");
            (byVendor ? vendorOnly : open).put(event.path("itemSeq").asLong(), id);
        }

        private void answered(JsonNode event) {
            long number = event.path("itemSeq").asLong();
            acknowledge(event.path("ackedSeq").asLong(0));
            boolean isOpen = open.containsKey(number) || vendorOnly.containsKey(number);
            if (isOpen && event.path("end").asText().equals("accepted")) {
                fates.put(event.path("id").asText(), "acceptedByVendor");
            }
        }

        private void acknowledge(long upTo) {
            NavigableMap<Long, String> acked = open.headMap(upTo, true);
            acked.values().forEach(id -> becomes(id, "acknowledged"));
            acked.clear();
        }

        private void end(long number, String fate) {
            String id = open.containsKey(number) ? open.remove(number) : vendorOnly.remove(number);
            if (id != null) {
                becomes(id, fate);
            }
        }

        private void endAll(String fate) {
            open.values().forEach(id -> becomes(id, fate));
            vendorOnly.values().forEach(id -> becomes(id, fate));
            open.clear();
            vendorOnly.clear();
        }

        /** What a vendor took stays so when only its time on our side is over. */
        private void becomes(String id, String fate) {
            String now = fates.getOrDefault(id, "pending");
            boolean staysShown = now.equals("acceptedByVendor")
                    && List.of("expired", "rebound", "refused", "deviceGone").contains(fate);
            if (!now.equals("recalled") && !staysShown) {
                fates.put(id, fate);
            }
        }
    }
}
