package io.lanying.http.session;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to one socket, bounded in number and bytes. Filled by the session, emptied by the socket's stream.
 * Thread-safe.
 *
 * <p>{@code gone} frames count in bytes only: a device may say a thousand of them at once, outside its window of items.
 */
final class Outbox {

    /** What a queued frame costs besides its own bytes. */
    private static final int OVERHEAD = 64;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] frame, boolean counted) {}

    private final int maxFrames;
    private final long maxBytes;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(1);
    private int frames;
    private long bytes;
    private boolean closed;

    Outbox(int maxFrames, long maxBytes) {
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
    }

    /** False, and nothing is queued, if the frame does not fit. After {@link #close} frames are let go, as true. */
    synchronized boolean offer(byte[] frame, boolean counted) {
        if (closed) {
            return true;
        }
        int cost = frame.length + OVERHEAD;
        if (bytes + cost > maxBytes || (counted && frames >= maxFrames)) {
            return false;
        }
        entries.addLast(new Entry(frame, counted));
        bytes += cost;
        frames += counted ? 1 : 0;
        return true;
    }

    synchronized byte @Nullable [] poll() {
        Entry entry = entries.pollFirst();
        if (entry == null) {
            return null;
        }
        bytes -= entry.frame().length + OVERHEAD;
        frames -= entry.counted() ? 1 : 0;
        return entry.frame();
    }

    /** Whether what may be missed had better be. */
    synchronized boolean isHalfFull() {
        return frames >= maxFrames / 2 || bytes >= maxBytes / 2;
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Lets go of everything, now and later. */
    synchronized void close() {
        closed = true;
        entries.clear();
        frames = 0;
        bytes = 0;
    }
}
