package io.lanying.channels.actor;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which tokens are left alone until when. Mutable, for one thread. Bounded: beyond {@value #MOST} tokens at once, further ones
 * are not remembered, and only the request that was throttled waits.
 */
final class TokenHolds {

    static final int MOST = 10_000;

    private final Map<String, Instant> until = new HashMap<>();

    void hold(String fingerprint, Instant end, Instant now) {
        if (until.size() >= MOST) {
            until.values().removeIf(past -> !past.isAfter(now));
        }
        if (until.size() < MOST) {
            until.put(fingerprint, end);
        }
    }

    /** When the token may be used; not after now if it may be now. */
    Instant endOf(String fingerprint, Instant now) {
        Instant end = until.get(fingerprint);
        if (end == null || end.isAfter(now)) {
            return end == null ? now : end;
        }
        until.remove(fingerprint);
        return now;
    }
}
