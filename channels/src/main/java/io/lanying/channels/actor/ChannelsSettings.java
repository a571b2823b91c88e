package io.lanying.channels.actor;

import com.typesafe.config.Config;
import java.time.Duration;

/** {@code push.channels.manager} of the configuration; reference.conf says what each key means. Contradictions throw. */
record ChannelsSettings(
        int maxChannels,
        int maxRequests,
        Duration idleTimeout,
        Duration credentialRefresh,
        Duration credentialTimeout,
        Duration credentialRetry,
        Duration busyRetryAfter,
        RetryPolicy restart) {

    ChannelsSettings {
        require(maxChannels > 0 && maxRequests > 0, "max-channels and max-requests must be positive");
        require(
                isPositive(idleTimeout)
                        && isPositive(credentialRefresh)
                        && isPositive(credentialTimeout)
                        && isPositive(credentialRetry)
                        && isPositive(busyRetryAfter),
                "durations must be positive");
        require(
                restart.min().toMillis() > 0 && restart.min().compareTo(restart.max()) <= 0,
                "restart.min must be at least 1 ms and not longer than restart.max");
    }

    static ChannelsSettings from(Config root) {
        Config config = root.getConfig("push.channels.manager");
        return new ChannelsSettings(
                config.getInt("max-channels"),
                config.getInt("max-requests"),
                config.getDuration("idle-timeout"),
                config.getDuration("credential-refresh"),
                config.getDuration("credential-timeout"),
                config.getDuration("credential-retry"),
                config.getDuration("busy-retry-after"),
                new RetryPolicy(config.getDuration("restart.min"), config.getDuration("restart.max")));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("push.channels.manager: " + otherwise);
        }
    }
}
