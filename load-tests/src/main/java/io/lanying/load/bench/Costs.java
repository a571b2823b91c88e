package io.lanying.load.bench;

import java.io.IOException;

/** What steps cost the server and its database: time, CPU, heap. */
final class Costs {

    /**
     * One step's.
     *
     * @param seconds of the clock
     * @param server CPU seconds
     * @param database CPU seconds, of all its processes
     * @param heapMib the most that any collection left meanwhile; 0 if there was none
     */
    record Cost<T>(T result, double seconds, double server, double database, long heapMib) {

        double serverMicros(long units) {
            return server * 1e6 / Math.max(1, units);
        }

        double databaseMicros(long units) {
            return database * 1e6 / Math.max(1, units);
        }
    }

    /** What is measured. */
    interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    private final CpuClock server;
    private final CpuClock database;
    private final Heap heap;

    Costs(ProcessHandle server, ProcessHandle database, Heap heap) {
        this.server = CpuClock.ofTree(server.pid());
        this.database = CpuClock.ofTree(database.pid());
        this.heap = heap;
    }

    <T> Cost<T> of(Step<T> step) throws IOException, InterruptedException {
        int collections = heap.collections();
        double serverBefore = server.seconds();
        double databaseBefore = database.seconds();
        long from = System.nanoTime();
        T result = step.take();
        double seconds = (System.nanoTime() - from) / 1e9;
        return new Cost<>(
                result,
                seconds,
                server.seconds() - serverBefore,
                database.seconds() - databaseBefore,
                heap.highestSince(collections));
    }
}
