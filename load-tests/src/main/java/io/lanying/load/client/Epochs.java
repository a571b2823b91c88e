package io.lanying.load.client;

import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.Map;

/** Counts each device's sockets over all its apps. Thread-safe. */
public final class Epochs {

    private final Map<Target, Integer> last = new HashMap<>();

    public synchronized int next(Target target) {
        return last.merge(target, 1, Integer::sum);
    }
}
