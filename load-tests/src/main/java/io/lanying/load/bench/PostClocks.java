package io.lanying.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;

/** CPU of one process and of this one in the measured time, and the progress of sends that nobody receives. */
final class PostClocks implements LoadLoop.Watcher {

    private static final int TELL_EVERY_SECONDS = 5;

    private final CpuClock server;
    private final CpuClock own = CpuClock.ofProcess(ProcessHandle.current().pid());
    private double serverSeconds;
    private double ownSeconds;
    private int second;
    private int acceptedBefore;

    /** @param process whose CPU it is */
    PostClocks(long process) {
        server = CpuClock.ofTree(process);
    }

    /** CPU seconds of the process, once the time is over. */
    double server() {
        return serverSeconds;
    }

    /** CPU seconds of the load generator. */
    double generator() {
        return ownSeconds;
    }

    @Override
    public void measuring() {
        add(-1);
    }

    @Override
    public void measured() {
        add(1);
    }

    @Override
    public void second(int accepted, int received) {
        if (++second % TELL_EVERY_SECONDS == 0) {
            System.out.printf("bench: %3d s, %d POST/s%n", second, (accepted - acceptedBefore) / TELL_EVERY_SECONDS);
            acceptedBefore = accepted;
        }
    }

    private void add(int sign) {
        try {
            serverSeconds += sign * server.seconds();
            ownSeconds += sign * own.seconds();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
