package io.lanying.channels.actor;

import io.lanying.protocol.device.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The requests of a channel that are not under way: those that may go, by priority and then by arrival, and those that wait
 * for their next attempt. Mutable, for one thread; its size is bounded by who fills it. All operations take logarithmic time.
 */
final class Backlog {

    private record Entry(Work work, long place, Optional<Instant> due) {
        Instant expiresAt() {
            return work.request().expiresAt();
        }
    }

    private static final Comparator<Entry> BY_PLACE = Comparator.comparingLong(Entry::place);
    private static final Comparator<Entry> BY_EXPIRY =
            Comparator.comparing(Entry::expiresAt).thenComparingLong(Entry::place);
    private static final Comparator<Entry> BY_DUE = Comparator.comparing(
                    (Entry entry) -> entry.due().orElse(Instant.MIN))
            .thenComparingLong(Entry::place);

    private final Map<Claim, Entry> all = new HashMap<>();
    private final Map<Priority, NavigableSet<Entry>> ready = new EnumMap<>(Priority.class);
    private final TreeSet<Entry> delayed = new TreeSet<>(BY_DUE);
    private final TreeSet<Entry> expiring = new TreeSet<>(BY_EXPIRY);
    private long last;
    private long first;

    /** Behind all of its priority. */
    void add(Work work) {
        put(new Entry(work, ++last, Optional.empty()));
    }

    /** Before all of its priority. */
    void addFirst(Work work) {
        put(new Entry(work, --first, Optional.empty()));
    }

    /** Not before this moment. */
    void delay(Work work, Instant due) {
        put(new Entry(work, ++last, Optional.of(due)));
    }

    /** The next to go. */
    Optional<Work> poll() {
        for (Priority priority : new Priority[] {Priority.HIGH, Priority.NORMAL, Priority.LOW}) {
            NavigableSet<Entry> lane = lane(priority);
            if (!lane.isEmpty()) {
                return Optional.of(remove(lane.first()).work());
            }
        }
        return Optional.empty();
    }

    /** Whether something could go now. */
    boolean hasReady() {
        return ready.values().stream().anyMatch(lane -> !lane.isEmpty());
    }

    /** Takes one out, wherever it waits. */
    Optional<Work> remove(Claim claim) {
        return Optional.ofNullable(all.get(claim)).map(entry -> remove(entry).work());
    }

    /** Lets those go whose wait is over. */
    void ripen(Instant now) {
        while (!delayed.isEmpty() && !dueOf(delayed.first()).isAfter(now)) {
            add(remove(delayed.first()).work());
        }
    }

    /** Takes those out whose time is over. */
    List<Work> expire(Instant now) {
        List<Work> expired = new ArrayList<>();
        while (!expiring.isEmpty() && !expiring.first().expiresAt().isAfter(now)) {
            expired.add(remove(expiring.first()).work());
        }
        return expired;
    }

    /** Takes all out, in the order of their arrival. */
    List<Work> drain() {
        List<Entry> entries = new ArrayList<>(all.values());
        entries.sort(BY_PLACE);
        entries.forEach(this::remove);
        return entries.stream().map(Entry::work).toList();
    }

    /** When {@link #ripen} or {@link #expire} has something to do. */
    Optional<Instant> nextChange() {
        Optional<Instant> due =
                delayed.isEmpty() ? Optional.empty() : delayed.first().due();
        Optional<Instant> expiry = expiring.isEmpty()
                ? Optional.empty()
                : Optional.of(expiring.first().expiresAt());
        return due.isPresent() && (expiry.isEmpty() || due.get().isBefore(expiry.get())) ? due : expiry;
    }

    int size() {
        return all.size();
    }

    private void put(Entry entry) {
        if (all.putIfAbsent(entry.work().claim(), entry) != null) {
            throw new IllegalStateException("it waits already");
        }
        expiring.add(entry);
        (entry.due().isPresent() ? delayed : lane(entry.work().request().priority())).add(entry);
    }

    private Entry remove(Entry entry) {
        all.remove(entry.work().claim());
        expiring.remove(entry);
        (entry.due().isPresent() ? delayed : lane(entry.work().request().priority())).remove(entry);
        return entry;
    }

    private NavigableSet<Entry> lane(Priority priority) {
        return ready.computeIfAbsent(priority, unused -> new TreeSet<>(BY_PLACE));
    }

    private static Instant dueOf(Entry entry) {
        return entry.due().orElse(Instant.MIN);
    }
}
