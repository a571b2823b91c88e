package io.lanying.actors.conversation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/** Lets a few reads of the journal run at a time, and some wait; mutable, of one incarnation of the entity. */
final class Reads {

    static final int AT_ONCE = 8;
    static final int MAX_WAITING = 64;

    private final Set<Long> running = new HashSet<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long last;

    /**
     * Begins a read, now or when another has ended.
     *
     * @param read is told the ticket with which {@link #ended} is called
     * @return false if too many wait; then it is not begun
     */
    boolean begin(LongConsumer read) {
        if (waiting.size() >= MAX_WAITING) {
            return false;
        }
        long ticket = ++last;
        Runnable begin = () -> {
            running.add(ticket);
            read.accept(ticket);
        };
        if (running.size() < AT_ONCE) {
            begin.run();
        } else {
            waiting.add(begin);
        }
        return true;
    }

    /** A read has ended; said twice it counts once. */
    void ended(long ticket) {
        if (running.remove(ticket) && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    void reset() {
        running.clear();
        waiting.clear();
    }
}
