package io.lanying.actors.device;

import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.Offer;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.DeviceSnapshot.VendorWork;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The numbered stream of one binding: every number from 1 to {@code lastSeq} is acknowledged, open or gone.
 *
 * <p>Immutable; each change costs the logarithm of what is open. Open items are bounded by the device's limits, gone ranges
 * by {@link #MAX_GONE_RANGES}.
 *
 * @param exposedSeq the highest number that may have been handed to a session
 * @param openBytes the bytes of all items that have not ended
 * @param gone by their first number
 * @param vendorOnly items that go by vendor only and have not ended; sessions never get them, their numbers are gone to them
 * @param vendors what vendors were asked about items that have not ended
 * @param setAside items that have not ended and whose contents could not be read, by the number they had, which is gone
 */
record ItemStream(
        String streamId,
        long ackedSeq,
        long lastSeq,
        long exposedSeq,
        TreePMap<Long, OpenItem> open,
        long openBytes,
        TreePMap<Long, GoneRange> gone,
        TreePMap<Long, OpenItem> vendorOnly,
        TreePMap<Long, VendorWork> vendors,
        BadgeCount badge,
        TreePMap<Long, OpenItem> setAside) {

    /** Beyond this, neighbouring ranges of different fates are told to the app as one; {@code why} still knows each. */
    static final int MAX_GONE_RANGES = 2_000;

    static ItemStream start(String streamId) {
        return new ItemStream(
                streamId,
                0,
                0,
                0,
                TreePMap.empty(),
                0,
                TreePMap.empty(),
                TreePMap.empty(),
                TreePMap.empty(),
                BadgeCount.NONE,
                TreePMap.empty());
    }

    /** The stream with one more item; its number is {@code lastSeq + 1}. */
    ItemStream accept(OpenItem item, boolean attached) {
        if (item.itemSeq() != lastSeq + 1) {
            throw new IllegalStateException("item " + item.itemSeq() + " after " + lastSeq);
        }
        boolean byVendor = item.howBrought().strategy() == Strategy.VENDOR_ONLY;
        return new ItemStream(
                streamId,
                ackedSeq,
                item.itemSeq(),
                attached ? item.itemSeq() : exposedSeq,
                byVendor ? open : open.plus(item.itemSeq(), item),
                openBytes + item.bytes(),
                byVendor ? bounded(joined(gone, item.itemSeq(), Fate.PENDING)) : gone,
                byVendor ? vendorOnly.plus(item.itemSeq(), item) : vendorOnly,
                vendors,
                item.howBrought()
                        .badge()
                        .map(change -> badge.plus(item.itemSeq(), change))
                        .orElse(badge),
                setAside);
    }

    /** The stream in which an item waits outside it, and its number is gone; one that is not open changes nothing. */
    ItemStream setAside(long itemSeq) {
        OpenItem item = open.get(itemSeq);
        if (item == null) {
            return this;
        }
        return new ItemStream(
                streamId,
                ackedSeq,
                lastSeq,
                exposedSeq,
                open.minus(itemSeq),
                openBytes,
                bounded(joined(gone, itemSeq, Fate.SUPERSEDED)),
                vendorOnly,
                vendors,
                badge,
                setAside.plus(itemSeq, item));
    }

    /** The stream into which an item that was set aside comes again as its last; one that has ended since changes nothing. */
    ItemStream broughtBack(long itemSeq, OpenItem again, boolean attached) {
        OpenItem item = setAside.get(itemSeq);
        if (item == null) {
            return this;
        }
        VendorWork work = vendors.get(itemSeq);
        var without = new ItemStream(
                streamId,
                ackedSeq,
                lastSeq,
                exposedSeq,
                open,
                openBytes - item.bytes(),
                gone,
                vendorOnly,
                vendors.minus(itemSeq),
                badge,
                setAside.minus(itemSeq));
        var back = without.accept(again, attached);
        return work == null
                ? back
                : back.withVendors(back.vendors.plus(
                        again.itemSeq(),
                        new VendorWork(again.itemSeq(), work.offer(), work.refusedBy(), work.takenBy(), work.quiet())));
    }

    /** The stream in which an item is offered to a vendor. */
    ItemStream offered(long itemSeq, Offer offer) {
        var before = vendorWork(itemSeq);
        return withVendors(vendors.plus(
                itemSeq,
                new VendorWork(itemSeq, Optional.of(offer), before.refusedBy(), before.takenBy(), before.quiet())));
    }

    /** The stream in which the owner's wish for quiet restrains an item; one that has ended already changes nothing. */
    ItemStream restrained(long itemSeq, Quiet quiet) {
        if (item(itemSeq).isEmpty()) {
            return this;
        }
        var before = vendorWork(itemSeq);
        return withVendors(vendors.plus(
                itemSeq,
                new VendorWork(itemSeq, before.offer(), before.refusedBy(), before.takenBy(), Optional.of(quiet))));
    }

    /**
     * The stream in which an offer has ended; of an item that has ended meanwhile nothing is kept.
     *
     * @param refused tokens that are of no more use for this item
     */
    ItemStream answered(long itemSeq, List<String> refused, Optional<ChannelId> takenBy) {
        if (item(itemSeq).isEmpty()) {
            return this;
        }
        var before = vendorWork(itemSeq);
        var all = new ArrayList<>(before.refusedBy());
        refused.stream().filter(token -> !all.contains(token)).forEach(all::add);
        return withVendors(vendors.plus(
                itemSeq, new VendorWork(itemSeq, Optional.empty(), all, takenBy.or(before::takenBy), before.quiet())));
    }

    /** What vendors were asked about an item. */
    VendorWork vendorWork(long itemSeq) {
        return vendors.getOrDefault(itemSeq, new VendorWork(itemSeq, Optional.empty(), List.of(), Optional.empty()));
    }

    /** Whether a vendor has taken this item. */
    boolean isTaken(long itemSeq) {
        VendorWork work = vendors.get(itemSeq);
        return work != null && work.takenBy().isPresent();
    }

    /** An item that has not ended, whichever way it goes. */
    Optional<OpenItem> item(long itemSeq) {
        return Optional.ofNullable(open.get(itemSeq)).or(() -> Optional.ofNullable(outside(itemSeq)));
    }

    /** An item that has not ended and whose number is gone to the app. */
    private @Nullable OpenItem outside(long itemSeq) {
        OpenItem byVendor = vendorOnly.get(itemSeq);
        return byVendor == null ? setAside.get(itemSeq) : byVendor;
    }

    /** Whether the app knows an unended item's number as gone. */
    boolean isOutside(long itemSeq) {
        return outside(itemSeq) != null;
    }

    /** All items that have not ended. */
    Stream<OpenItem> unended() {
        return vendorOnly.isEmpty() && setAside.isEmpty()
                ? open.values().stream()
                : Stream.of(open, vendorOnly, setAside).flatMap(items -> items.values().stream());
    }

    /** How many items have not ended. */
    int size() {
        return open.size() + vendorOnly.size() + setAside.size();
    }

    /** The stream acknowledged up to a number; a lower one than before changes nothing. */
    ItemStream acknowledge(long upTo) {
        if (upTo <= ackedSeq) {
            return this;
        }
        var stillOpen = open;
        long bytes = openBytes;
        while (!stillOpen.isEmpty() && stillOpen.firstKey() <= upTo) {
            bytes -= stillOpen.firstEntry().getValue().bytes();
            stillOpen = stillOpen.minusFirstEntry();
        }
        var stillGone = gone;
        while (!stillGone.isEmpty() && stillGone.firstKey() <= upTo) {
            GoneRange range = stillGone.firstEntry().getValue();
            stillGone = stillGone.minusFirstEntry();
            if (range.toSeq() > upTo) {
                stillGone = stillGone.plus(upTo + 1, new GoneRange(upTo + 1, range.toSeq(), range.fate()));
            }
        }
        return new ItemStream(
                streamId,
                upTo,
                lastSeq,
                Math.max(exposedSeq, upTo),
                stillOpen,
                bytes,
                stillGone,
                vendorOnly,
                vendorsAbove(upTo),
                badge,
                setAside);
    }

    /** The stream in which an open item has ended; one that is not open changes nothing. */
    ItemStream end(long itemSeq, Fate fate) {
        OpenItem item = item(itemSeq).orElse(null);
        if (item == null) {
            return this;
        }
        return new ItemStream(
                streamId,
                ackedSeq,
                lastSeq,
                exposedSeq,
                open.minus(itemSeq),
                openBytes - item.bytes(),
                open.containsKey(itemSeq) ? bounded(joined(gone, itemSeq, fate)) : gone,
                vendorOnly.minus(itemSeq),
                vendors.minus(itemSeq),
                isCalledOff(fate) ? badge.without(itemSeq) : badge,
                setAside.minus(itemSeq));
    }

    private static boolean isCalledOff(Fate fate) {
        return fate == Fate.CANCELLED || fate == Fate.RECALLED || fate == Fate.SUPERSEDED;
    }

    /** The stream when the app has shown the number that came with this item. */
    ItemStream badgeSeen(long itemSeq) {
        return new ItemStream(
                streamId,
                ackedSeq,
                lastSeq,
                exposedSeq,
                open,
                openBytes,
                gone,
                vendorOnly,
                vendors,
                badge.seen(itemSeq),
                setAside);
    }

    /** The stream when a session has it: everything in it may be handed out from now on. */
    ItemStream exposed() {
        return new ItemStream(
                streamId, ackedSeq, lastSeq, lastSeq, open, openBytes, gone, vendorOnly, vendors, badge, setAside);
    }

    /** The open items that a newer one with this collapse key supersedes. */
    List<Long> withCollapseKey(String key) {
        return unended()
                .filter(item -> item.collapseKey().equals(Optional.of(key)))
                .map(OpenItem::itemSeq)
                .toList();
    }

    /** The open items that show this message. */
    List<OpenItem> showing(String conversationId, long messageSeq) {
        return unended()
                .filter(item -> item.content()
                        .filter(ref -> ref.messageSeq() == messageSeq
                                && ref.conversationId().equals(conversationId))
                        .isPresent())
                .toList();
    }

    /** The open items of this notification: itself and its redeliveries. */
    List<Long> withId(String id) {
        return unended()
                .filter(item -> item.id().equals(id) && item.kind() == ItemKind.PUSH)
                .map(OpenItem::itemSeq)
                .toList();
    }

    /** How an item that is not yet acknowledged has ended, if it has. */
    Optional<Fate> endOf(long itemSeq) {
        return Optional.ofNullable(gone.floorEntry(itemSeq))
                .map(Map.Entry::getValue)
                .filter(range -> itemSeq <= range.toSeq())
                .map(GoneRange::fate);
    }

    /** The open items whose time-to-live has ended. */
    List<Long> expired(Instant now) {
        return unended()
                .filter(item -> !item.expiresAt().isAfter(now))
                .map(OpenItem::itemSeq)
                .toList();
    }

    /** When the next open item expires. */
    Optional<Instant> nextExpiry() {
        return unended().map(OpenItem::expiresAt).min(Comparator.naturalOrder());
    }

    /** The open item that gives way first: the oldest of the lowest priority. */
    Optional<OpenItem> firstToGiveWay() {
        return unended().min(Comparator.comparing(OpenItem::priority).thenComparing(OpenItem::itemSeq));
    }

    DeviceSnapshot.Stream toSnapshot() {
        return new DeviceSnapshot.Stream(
                streamId,
                ackedSeq,
                lastSeq,
                exposedSeq,
                List.copyOf(open.values()),
                List.copyOf(gone.values()),
                List.copyOf(vendorOnly.values()),
                List.copyOf(vendors.values()),
                badge.toSnapshot(),
                List.copyOf(setAside.values()));
    }

    static ItemStream fromSnapshot(DeviceSnapshot.Stream snapshot) {
        TreePMap<Long, GoneRange> gone = TreePMap.empty();
        for (GoneRange range : snapshot.gone()) {
            gone = gone.plus(range.fromSeq(), range);
        }
        TreePMap<Long, VendorWork> vendors = TreePMap.empty();
        for (VendorWork work : snapshot.vendors()) {
            vendors = vendors.plus(work.itemSeq(), work);
        }
        long bytes = Stream.of(snapshot.open(), snapshot.vendorOnly(), snapshot.setAside())
                .flatMap(List::stream)
                .mapToLong(OpenItem::bytes)
                .sum();
        return new ItemStream(
                snapshot.streamId(),
                snapshot.ackedSeq(),
                snapshot.lastSeq(),
                snapshot.exposedSeq(),
                byNumber(snapshot.open()),
                bytes,
                gone,
                byNumber(snapshot.vendorOnly()),
                vendors,
                BadgeCount.fromSnapshot(snapshot.badge()),
                byNumber(snapshot.setAside()));
    }

    private static TreePMap<Long, OpenItem> byNumber(List<OpenItem> items) {
        TreePMap<Long, OpenItem> byNumber = TreePMap.empty();
        for (OpenItem item : items) {
            byNumber = byNumber.plus(item.itemSeq(), item);
        }
        return byNumber;
    }

    private TreePMap<Long, VendorWork> vendorsAbove(long upTo) {
        if (vendors.isEmpty() || vendors.firstKey() > upTo) {
            return vendors;
        }
        var rest = vendors;
        for (long itemSeq : vendors.headMap(upTo, true).keySet()) {
            rest = isOutside(itemSeq) ? rest : rest.minus(itemSeq);
        }
        return rest;
    }

    private ItemStream withVendors(TreePMap<Long, VendorWork> changed) {
        return new ItemStream(
                streamId, ackedSeq, lastSeq, exposedSeq, open, openBytes, gone, vendorOnly, changed, badge, setAside);
    }

    private static TreePMap<Long, GoneRange> joined(TreePMap<Long, GoneRange> ranges, long itemSeq, Fate fate) {
        long from = itemSeq;
        long to = itemSeq;
        var result = ranges;
        Map.Entry<Long, GoneRange> before = ranges.lowerEntry(itemSeq);
        if (before != null
                && before.getValue().toSeq() == itemSeq - 1
                && before.getValue().fate() == fate) {
            from = before.getValue().fromSeq();
        }
        GoneRange after = ranges.get(itemSeq + 1);
        if (after != null && after.fate() == fate) {
            to = after.toSeq();
            result = result.minus(itemSeq + 1);
        }
        return result.plus(from, new GoneRange(from, to, fate));
    }

    /** Joins neighbours whatever their fate once there are too many; open items between them keep the number bounded. */
    private static TreePMap<Long, GoneRange> bounded(TreePMap<Long, GoneRange> ranges) {
        if (ranges.size() <= MAX_GONE_RANGES) {
            return ranges;
        }
        return joinNeighbours(ranges.values());
    }

    private static TreePMap<Long, GoneRange> joinNeighbours(Collection<GoneRange> ranges) {
        TreePMap<Long, GoneRange> result = TreePMap.empty();
        for (GoneRange range : ranges) {
            Map.Entry<Long, GoneRange> last = result.isEmpty() ? null : result.lastEntry();
            if (last != null && last.getValue().toSeq() == range.fromSeq() - 1) {
                GoneRange one = last.getValue();
                result = result.plus(one.fromSeq(), new GoneRange(one.fromSeq(), range.toSeq(), one.fate()));
            } else {
                result = result.plus(range.fromSeq(), range);
            }
        }
        return result;
    }
}
