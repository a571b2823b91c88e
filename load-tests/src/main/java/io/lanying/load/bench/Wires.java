package io.lanying.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The connections of one thread, and small things that it looks after between them. Closing it closes them. */
final class Wires implements AutoCloseable {

    /** Something small that is done at each turn. */
    interface Chore {
        void run() throws IOException;
    }

    private static final int TURN_MILLIS = 10;

    private final Selector selector;
    private final List<Chore> chores = new ArrayList<>();

    Wires() throws IOException {
        selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    void eachTurn(Chore chore) {
        chores.add(chore);
    }

    /** Serves what is ready; waits so long for something to be, 0: not at all. */
    void turn(long millis) throws IOException {
        for (Chore chore : chores) {
            chore.run();
        }
        if (millis == 0) {
            selector.selectNow(Wires::ready);
        } else {
            selector.select(Wires::ready, millis);
        }
    }

    void turnUntil(Duration limit, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && !done.getAsBoolean()) {
            turn(TURN_MILLIS);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            ((Line) key.attachment()).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (selector.isOpen()) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }
}
