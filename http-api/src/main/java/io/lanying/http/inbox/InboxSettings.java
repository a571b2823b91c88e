package io.lanying.http.inbox;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code push.http.inbox} of the configuration; reference.conf says what each key means. Contradictions throw.
 *
 * @param longestWait what a poll may wait at most, so that the connection is not cut for being idle
 */
public record InboxSettings(
        double requestsPerSecond,
        double requestsBurst,
        long maxBytes,
        int maxReads,
        int maxRepeats,
        Duration longestWait) {

    /** How long before the connection would be cut the answer must go. */
    private static final Duration IDLE_MARGIN = Duration.ofSeconds(5);

    public InboxSettings {
        require(requestsPerSecond > 0 && requestsBurst >= 1, "requests-per-second and -burst must be positive");
        require(maxBytes > 0 && maxReads > 0 && maxRepeats > 0, "max-… must be positive");
    }

    /** @param all the system's whole configuration */
    public static InboxSettings from(Config all) {
        var config = all.getConfig("push.http.inbox");
        var idle = all.getDuration("push.http.idle-timeout");
        return new InboxSettings(
                config.getDouble("requests-per-second"),
                config.getDouble("requests-burst"),
                config.getBytes("max-bytes"),
                config.getInt("max-reads"),
                config.getInt("max-repeats"),
                idle.compareTo(IDLE_MARGIN) > 0 ? idle.minus(IDLE_MARGIN) : Duration.ZERO);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("push.http.inbox: " + what);
        }
    }
}
