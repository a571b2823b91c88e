package io.lanying.persistence.lease;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which leases this node may rely on at this moment, for any thread. Says no from the moment on at which they can no longer be
 * relied on, even if nothing on this node has run meanwhile.
 */
final class HeldLeases {

    private final LongSupplier nanos;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private volatile long until;

    /** @param nanos a clock that never goes back and has no date, such as {@link System#nanoTime} */
    HeldLeases(LongSupplier nanos) {
        this.nanos = nanos;
        this.until = nanos.getAsLong();
    }

    long now() {
        return nanos.getAsLong();
    }

    boolean holds(String name) {
        // The time first: it may be a later term's by the time the name is looked for, and the name not that term's.
        long end = until;
        return names.contains(name) && nanos.getAsLong() - end < 0;
    }

    /** How long the leases can be relied on; not above zero if they cannot. */
    long nanosLeft() {
        return until - nanos.getAsLong();
    }

    void prolong(long end) {
        until = end;
    }

    void add(String name) {
        names.add(name);
    }

    void remove(String name) {
        names.remove(name);
    }

    void end() {
        until = nanos.getAsLong();
        names.clear();
    }
}
