package io.lanying.channels.fcm;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which makes of messages FCM has taken, the latest {@value #MOST}: the proof that a make is right, which a refusal
 * that blames the token needs before the token is believed to be at fault. Thread-safe.
 */
final class FcmProof {

    private static final int MOST = 128;

    private final Map<String, Boolean> taken = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    synchronized void taken(String make) {
        taken.put(make, true);
    }

    synchronized boolean isTaken(String make) {
        return taken.containsKey(make);
    }
}
