package io.lanying.load.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects a history. Thread-safe.
 *
 * <p>Bounded at {@value #MAX_EVENTS} events: a run that long would be checked by {@code Bench}'s counters instead.
 */
public final class Recorder {

    public static final int MAX_EVENTS = 2_000_000;

    private final List<HistoryEvent> events = new ArrayList<>();
    private long ops;

    /** Adds one event at the end. */
    public synchronized void add(HistoryEvent event) {
        if (events.size() >= MAX_EVENTS) {
            throw new IllegalStateException("the history is full");
        }
        events.add(event);
    }

    /** A number for a new attempt. */
    public synchronized long nextOp() {
        return ++ops;
    }

    /** How many attempts there were. */
    public synchronized long ops() {
        return ops;
    }

    /** What there is so far. */
    public synchronized History history() {
        return new History(events);
    }
}
