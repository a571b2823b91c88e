package io.lanying.actors.device;

import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.DeviceSnapshot.BadgeAdded;
import io.lanying.protocol.device.DeviceSnapshot.BadgeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * The number on the app's icon, as far as pushes change it: what was set, and what was added since. Unread messages come on top.
 *
 * <p>Immutable. The oldest additions are folded into the base beyond {@link #MAX_ADDITIONS}: they can then no more be taken
 * back one by one.
 *
 * @param base what was set, or was there when the additions began
 * @param added by item number
 */
record BadgeCount(int base, TreePMap<Long, Integer> added) {

    static final int MAX_ADDITIONS = 1_000;
    static final int MAX = 99_999;

    static final BadgeCount NONE = new BadgeCount(0, TreePMap.empty());

    /** After an item with this change was accepted. */
    BadgeCount plus(long itemSeq, Badge change) {
        if (!change.relative()) {
            return new BadgeCount(change.value(), TreePMap.empty());
        }
        var more = new BadgeCount(base, added.plus(itemSeq, change.value()));
        return more.added.size() > MAX_ADDITIONS ? more.seen(more.added.firstKey(), more.base + more.first()) : more;
    }

    /** After an item was called off. */
    BadgeCount without(long itemSeq) {
        return added.containsKey(itemSeq) ? new BadgeCount(base, added.minus(itemSeq)) : this;
    }

    /** After the app said that it had shown what came up to this item. */
    BadgeCount seen(long itemSeq) {
        return seen(itemSeq, 0);
    }

    /**
     * The number to show now.
     *
     * @param unread messages that the owner has not read
     */
    int value(long unread) {
        long sum = base + unread;
        for (int each : added.values()) {
            sum += each;
        }
        return (int) Math.min(sum, MAX);
    }

    /**
     * The number to show with a push that makes this change, which may since have been followed by others: what an app sets counts
     * everything, what is added comes on top of the messages.
     */
    int shown(Badge change, long unread) {
        return change.relative() || !added.isEmpty() ? value(unread) : Math.min(change.value(), MAX);
    }

    /** Absent while nothing was ever set or added. */
    Optional<BadgeState> toSnapshot() {
        return equals(NONE)
                ? Optional.empty()
                : Optional.of(new BadgeState(
                        base,
                        added.entrySet().stream()
                                .map(each -> new BadgeAdded(each.getKey(), each.getValue()))
                                .toList()));
    }

    static BadgeCount fromSnapshot(Optional<BadgeState> snapshot) {
        TreePMap<Long, Integer> added = TreePMap.empty();
        for (BadgeAdded each : snapshot.map(BadgeState::added).orElse(List.of())) {
            added = added.plus(each.itemSeq(), each.value());
        }
        return new BadgeCount(snapshot.map(BadgeState::base).orElse(0), added);
    }

    private BadgeCount seen(long itemSeq, int newBase) {
        var rest = added;
        for (Map.Entry<Long, Integer> each : added.headMap(itemSeq, true).entrySet()) {
            rest = rest.minus(each.getKey());
        }
        return new BadgeCount(newBase, rest);
    }

    private int first() {
        return added.firstEntry().getValue();
    }
}
