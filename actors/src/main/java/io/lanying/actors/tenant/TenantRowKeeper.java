package io.lanying.actors.tenant;

import io.lanying.protocol.registry.TenantRow;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Keeps one tenant's registry row up with its state: one write at a time, and what waits for a row runs after it is written.
 *
 * <p>Mutable and confined to the entity's actor. Bounded: at most {@value #MAX_WAITING} steps wait; a step that does not fit,
 * or whose write fails, is dropped, which its caller sees as no answer. The row is then still owed: a repeated command, or
 * the reminder, writes it.
 */
final class TenantRowKeeper {

    static final int MAX_WAITING = 1_000;

    private record Waiting(long version, Runnable step) {}

    private final Consumer<TenantRow> write;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long written;
    private long owed;
    private boolean writing;

    /** @param write starts a write, whose end comes back to {@link #written} or {@link #failed} */
    TenantRowKeeper(Consumer<TenantRow> write) {
        this.write = write;
    }

    /** Runs the step once this row or a newer one is written. */
    void whenWritten(TenantRow row, Runnable step) {
        owed = Math.max(owed, row.version());
        if (written >= row.version()) {
            step.run();
            return;
        }
        if (waiting.size() < MAX_WAITING) {
            waiting.add(new Waiting(row.version(), step));
        }
        if (!writing) {
            writing = true;
            write.accept(row);
        }
    }

    /** A row was written. */
    void written(long version, TenantRow now) {
        writing = false;
        written = Math.max(written, version);
        while (!waiting.isEmpty() && waiting.peek().version() <= written) {
            waiting.remove().step().run();
        }
        if (owed > written) {
            writing = true;
            write.accept(now);
        }
    }

    /** A row's write failed, or nobody knows how it ended. */
    void failed() {
        writing = false;
        waiting.clear();
    }

    /** Whether the row is as new as any that was asked for. */
    boolean isUpToDate() {
        return owed <= written;
    }

    /** The entity has recovered: nothing is known of the row. */
    void reset() {
        failed();
        written = 0;
        owed = 0;
    }
}
