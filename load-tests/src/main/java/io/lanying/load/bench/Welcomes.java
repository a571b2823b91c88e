package io.lanying.load.bench;

/** When devices were welcomed, counted from a moment on. */
final class Welcomes {

    private static final int SLICES_IN_A_SECOND = 10;
    private static final int MOST_SECONDS = 600;

    private final long since;
    private final int devices;
    private final int[] slices = new int[MOST_SECONDS * SLICES_IN_A_SECOND];
    private int welcomed;
    private long at99;
    private long last;

    Welcomes(long since, int devices) {
        this.since = since;
        this.devices = devices;
        this.at99 = since;
        this.last = since;
    }

    /** So many have been by then. */
    void are(int now, long nanos) {
        if (now == welcomed) {
            return;
        }
        last = nanos;
        if (welcomed < share99()) {
            at99 = last;
        }
        int slice = (int) Math.min(slices.length - 1, (last - since) * SLICES_IN_A_SECOND / 1_000_000_000);
        slices[slice] += now - welcomed;
        welcomed = now;
    }

    private int share99() {
        return (devices * 99 + 99) / 100;
    }

    /** Until 99 of 100 were. */
    double seconds99() {
        return (at99 - since) / 1e9;
    }

    /** Until the last one was. */
    double seconds() {
        return (last - since) / 1e9;
    }

    int mostInASecond() {
        int most = 0;
        int sum = 0;
        for (int slice = 0; slice < slices.length; slice++) {
            sum += slices[slice] - (slice >= SLICES_IN_A_SECOND ? slices[slice - SLICES_IN_A_SECOND] : 0);
            most = Math.max(most, sum);
        }
        return most;
    }
}
