package io.lanying.http.session;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many attaches of this node may be unanswered at once, so that a storm of reconnects does not wake more devices than
 * the journal can recover. Thread-safe; each granted entry is left exactly once.
 */
final class AttachGate {

    private final int most;
    private final AtomicInteger inside = new AtomicInteger();

    AttachGate(int most) {
        this.most = most;
    }

    boolean tryEnter() {
        int now = inside.get();
        while (now < most) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    int inside() {
        return inside.get();
    }
}
