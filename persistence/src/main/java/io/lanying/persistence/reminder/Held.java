package io.lanying.persistence.reminder;

import io.lanying.persistence.reminder.ReminderStore.Row;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;

/** Rows that were woken a short while ago, by entity and version; at most {@code max}. For one thread. */
final class Held {

    private final long holdNanos;
    private final int max;
    private final LinkedHashMap<Key, Long> wokenAt = new LinkedHashMap<>();

    Held(Duration hold, int max) {
        this.holdNanos = hold.toNanos();
        this.max = max;
    }

    boolean contains(Row row) {
        return wokenAt.containsKey(Key.of(row));
    }

    /** Remembers it, unless there is no room. */
    boolean add(Row row) {
        if (wokenAt.size() >= max) {
            return false;
        }
        wokenAt.put(Key.of(row), System.nanoTime());
        return true;
    }

    /** Forgets those that may be woken again. */
    void forgetOld() {
        long now = System.nanoTime();
        Iterator<Long> oldestFirst = wokenAt.values().iterator();
        while (oldestFirst.hasNext() && now - oldestFirst.next() >= holdNanos) {
            oldestFirst.remove();
        }
    }

    private record Key(String persistenceId, long version) {

        static Key of(Row row) {
            return new Key(row.persistenceId(), row.version());
        }
    }
}
