package io.lanying.http.inbox;

import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One entry of an inbox: an item without its body, or numbers that will never come.
 *
 * @param repeat whether it was acknowledged already
 */
record Entry(Optional<OpenItem> item, Optional<GoneRange> gone, boolean repeat) {

    static Entry of(OpenItem item, boolean repeat) {
        return new Entry(Optional.of(item), Optional.empty(), repeat);
    }

    static Entry of(GoneRange gone, boolean repeat) {
        return new Entry(Optional.empty(), Optional.of(gone), repeat);
    }

    /** All in the order of their numbers. */
    static List<Entry> inOrder(List<OpenItem> items, List<GoneRange> gone) {
        var all = new ArrayList<Entry>(items.size() + gone.size());
        items.forEach(item -> all.add(of(item, false)));
        gone.forEach(range -> all.add(of(range, false)));
        all.sort(Comparator.comparingLong(Entry::fromSeq));
        return all;
    }

    /** The first of them, at most so many and so many bytes of bodies; one item always fits. */
    static List<Entry> cut(List<Entry> entries, int limit, long maxBytes) {
        var first = new ArrayList<Entry>(Math.min(limit, entries.size()));
        long bytes = 0;
        for (Entry entry : entries) {
            long more = entry.item().map(OpenItem::bytes).orElse(0);
            if (first.size() >= limit || (bytes > 0 && bytes + more > maxBytes)) {
                break;
            }
            bytes += more;
            first.add(entry);
        }
        return first;
    }

    long fromSeq() {
        return item.map(OpenItem::itemSeq)
                .or(() -> gone.map(GoneRange::fromSeq))
                .orElseThrow();
    }

    long toSeq() {
        return item.map(OpenItem::itemSeq).or(() -> gone.map(GoneRange::toSeq)).orElseThrow();
    }
}
