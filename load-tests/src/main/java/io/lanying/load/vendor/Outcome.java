package io.lanying.load.vendor;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.VendorAsked;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param quiet what neighbours saw before the fault
 * @param faulty what they saw during it
 * @param wrongDeletions tokens that were taken from devices which had just registered them
 */
public record Outcome(
        VendorFault fault,
        Kind vendor,
        long seed,
        Figures figures,
        Times quiet,
        Times faulty,
        long wrongDeletions,
        Verdict verdict,
        History history) {

    /** What neighbours saw in one phase, in milliseconds, by so many sends each. */
    public record Times(long ownP99, long otherP99, int probes) {}

    /**
     * What is counted from the vendor's record and from the devices' journals, from the beginning of the fault on.
     *
     * @param items that reached the vendor
     * @param requests that the vendor had for them
     * @param most requests for one item
     * @param repeats how often something was, or may have been, shown again
     * @param offers that devices journaled for this vendor
     * @param outcomes that they journaled
     * @param openOffers offers that the devices' latest states have no outcome of, whatever ended the others
     */
    public record Figures(
            long items, long requests, long most, long repeats, long offers, long outcomes, long openOffers) {

        /** Requests for each item. */
        public double mean() {
            return items == 0 ? 0 : (double) requests / items;
        }

        static Figures of(History history, Kind vendor, long sinceMillis) {
            Map<String, Long> requests = new HashMap<>();
            Map<String, Long> shown = new HashMap<>();
            history.all(VendorAsked.class)
                    .filter(asked -> asked.channel().equals(vendor.channel()) && asked.atMillis() >= sinceMillis)
                    .forEach(asked -> {
                        String item = asked.token() + " " + asked.itemId();
                        requests.merge(item, 1L, Long::sum);
                        if (asked.mayBeSeen()) {
                            shown.merge(item, 1L, Long::sum);
                        }
                    });
            Map<Target, Map<Long, HistoryEvent.JournalRead>> journal = new HashMap<>();
            history.all(HistoryEvent.JournalRead.class)
                    .filter(read -> read.event().path("channel").asText().equals(vendor.channel()))
                    .forEach(read -> journal.computeIfAbsent(read.at(), at -> new HashMap<>())
                            .put(read.eventSeq(), read));
            return new Figures(
                    requests.size(),
                    requests.values().stream().mapToLong(Long::longValue).sum(),
                    requests.values().stream().mapToLong(Long::longValue).max().orElse(0),
                    shown.values().stream().mapToLong(times -> times - 1).sum(),
                    count(journal, "vendorOffered"),
                    count(journal, "vendorAnswered"),
                    open(history));
        }

        private static long open(History history) {
            Map<Target, HistoryEvent.StateRead> latest = new HashMap<>();
            history.all(HistoryEvent.StateRead.class)
                    .forEach(read -> latest.merge(
                            read.at(), read, (one, other) -> one.eventSeq() > other.eventSeq() ? one : other));
            return latest.values().stream()
                    .flatMap(read -> read.state().at("/stream/vendors").findValues("offeredTo").stream())
                    .filter(offeredTo -> !offeredTo.isNull())
                    .count();
        }

        private static long count(Map<Target, Map<Long, HistoryEvent.JournalRead>> journal, String type) {
            return journal.values().stream()
                    .flatMap(ofDevice -> ofDevice.values().stream())
                    .filter(read -> read.type().equals(type))
                    .count();
        }
    }

    /** A line of the results, without the date and the commit. */
    String line() {
        return String.join(
                ",",
                fault.text(),
                vendor.channel(),
                Long.toString(seed),
                Long.toString(figures.items()),
                String.format(Locale.ROOT, "%.3f", figures.mean()),
                Long.toString(figures.most()),
                Long.toString(figures.repeats()),
                Long.toString(figures.offers()),
                Long.toString(figures.outcomes()),
                Long.toString(figures.openOffers()),
                Long.toString(wrongDeletions),
                Long.toString(quiet.ownP99()),
                Long.toString(faulty.ownP99()),
                Long.toString(quiet.otherP99()),
                Long.toString(faulty.otherP99()),
                Integer.toString(verdict.violations().size()));
    }
}
