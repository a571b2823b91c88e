package io.lanying.load.bench;

import java.util.Arrays;

/**
 * What became of each message of a run, by number. Single-threaded.
 *
 * <p>A message is started when it was due, so that a server that stalls is charged for all that waited.
 */
final class Messages {

    private static final byte ACCEPTED = 1;
    private static final byte RECEIVED = 2;
    private static final byte REFUSED = 4;

    private long[] startedAt = new long[1 << 16];
    private byte[] fates = new byte[1 << 16];
    private int started;
    private int accepted;
    private int refused;
    private int received;
    private int repeated;
    private int invented;

    int start(long dueNanos) {
        if (started == startedAt.length) {
            startedAt = Arrays.copyOf(startedAt, started * 2);
            fates = Arrays.copyOf(fates, started * 2);
        }
        startedAt[started] = dueNanos;
        return started++;
    }

    long startedAt(int message) {
        return startedAt[message];
    }

    void accept(int message) {
        fates[message] |= ACCEPTED;
        accepted++;
    }

    void refuse(int message) {
        fates[message] |= REFUSED;
        refused++;
    }

    /** Whether this is its first arrival. */
    boolean receive(long message) {
        if (message < 0 || message >= started) {
            invented++;
            return false;
        }
        int index = (int) message;
        if ((fates[index] & RECEIVED) != 0) {
            repeated++;
            return false;
        }
        fates[index] |= RECEIVED;
        received++;
        return true;
    }

    boolean accepted(int message) {
        return (fates[message] & ACCEPTED) != 0;
    }

    int started() {
        return started;
    }

    int accepted() {
        return accepted;
    }

    int refused() {
        return refused;
    }

    int received() {
        return received;
    }

    int repeated() {
        return repeated;
    }

    int invented() {
        return invented;
    }

    /** Accepted, never received. */
    int lost() {
        return count(ACCEPTED, RECEIVED);
    }

    /** Neither accepted nor refused. */
    int unanswered() {
        int count = 0;
        for (int message = 0; message < started; message++) {
            if ((fates[message] & (ACCEPTED | REFUSED)) == 0) {
                count++;
            }
        }
        return count;
    }

    private int count(byte with, byte without) {
        int count = 0;
        for (int message = 0; message < started; message++) {
            if ((fates[message] & with) != 0 && (fates[message] & without) == 0) {
                count++;
            }
        }
        return count;
    }
}
