package io.lanying.micro.apns;

import java.util.concurrent.atomic.LongAdder;

/** What was answered. Thread-safe. */
final class Tally {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder others = new LongAdder();
    private volatile boolean over;

    void answered(boolean isAccepted) {
        (isAccepted ? accepted : others).increment();
    }

    long accepted() {
        return accepted.sum();
    }

    /** Refused, failed, given up. */
    long others() {
        return others.sum();
    }

    /** Nothing more is to be sent. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }
}
