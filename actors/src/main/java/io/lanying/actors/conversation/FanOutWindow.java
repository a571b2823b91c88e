package io.lanying.actors.conversation;

import java.time.Duration;
import java.time.Instant;

/**
 * How many users a conversation asks at the same time: one more for each that answers quickly, which doubles it in a round trip,
 * and half as many once some answer slowly, as TCP does. So a large group is told in few round trips while there is room, and
 * makes way for others when there is not. Mutable, of one incarnation of the entity.
 */
final class FanOutWindow {

    static final int FIRST = 48;
    static final int LEAST = 16;

    /** More than the journal takes in one transaction brings nothing but a longer queue. */
    static final int MOST = 512;

    /** An answer comes after the devices' journal writes: a few milliseconds, and more the more are asked. */
    static final Duration QUICK = Duration.ofMillis(50);

    static final Duration SLOW = Duration.ofMillis(250);

    private int size = FIRST;
    private Instant narrowed = Instant.MIN;

    int size() {
        return size;
    }

    /** A user has answered, or was given up. Those that were asked before it was narrowed say nothing of how wide it is now. */
    void answered(Instant asked, Instant now) {
        var took = Duration.between(asked, now);
        if (took.compareTo(QUICK) <= 0) {
            size = Math.min(MOST, size + 1);
        } else if (took.compareTo(SLOW) > 0 && asked.isAfter(narrowed)) {
            size = Math.max(LEAST, size / 2);
            narrowed = now;
        }
    }
}
