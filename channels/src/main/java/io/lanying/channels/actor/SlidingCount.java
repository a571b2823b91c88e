package io.lanying.channels.actor;

import java.time.Duration;
import java.time.Instant;

/** Counts what happened within the last window, in a fixed number of slices. Mutable, for one thread. */
final class SlidingCount {

    private final long[] slices;
    private final long sliceMillis;
    private long newest = Long.MIN_VALUE;
    private long sum;

    SlidingCount(Duration window, int slices) {
        this.slices = new long[slices];
        this.sliceMillis = Math.max(1, window.toMillis() / slices);
    }

    void add(Instant now) {
        slide(now);
        slices[(int) Math.floorMod(newest, (long) slices.length)]++;
        sum++;
    }

    long count(Instant now) {
        slide(now);
        return sum;
    }

    private void slide(Instant now) {
        long slice = Math.floorDiv(now.toEpochMilli(), sliceMillis);
        if (slice <= newest) {
            return; // also a clock that went back: what is counted stays until it has caught up
        }
        long steps = newest == Long.MIN_VALUE ? slices.length : Math.min(slice - newest, slices.length);
        for (long step = 0; step < steps; step++) {
            int index = (int) Math.floorMod(slice - step, (long) slices.length);
            sum -= slices[index];
            slices[index] = 0;
        }
        newest = slice;
    }
}
