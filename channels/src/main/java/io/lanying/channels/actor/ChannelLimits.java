package io.lanying.channels.actor;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.ZoneId;

/**
 * {@code push.channels.actor} of the configuration, with what {@code push.channels.actor-of.<channel>} says otherwise;
 * reference.conf says what each key means. Contradictions throw.
 */
record ChannelLimits(
        int maxRequests,
        int maxInFlight,
        Duration attemptDeadline,
        Duration probeInterval,
        ZoneId quotaZone,
        RetryPolicy retry,
        Breaker.Limits breaker,
        Pace.Limits pace,
        MassDeletionGuard.Limits guard) {

    ChannelLimits {
        require(maxRequests > 0 && maxInFlight > 0, "max-requests and max-in-flight must be positive");
        require(isPositive(attemptDeadline) && isPositive(probeInterval), "deadline and interval must be positive");
        require(
                retry.min().toMillis() > 0 && retry.min().compareTo(retry.max()) <= 0,
                "back-off.min must be at least 1 ms and not longer than back-off.max");
        require(
                breaker.failures() > 0
                        && isPositive(breaker.minDelay())
                        && breaker.minDelay().compareTo(breaker.maxDelay()) <= 0,
                "breaker.failures must be positive and min-delay not longer than max-delay");
        require(
                pace.minRate() > 0 && pace.minRate() <= pace.maxRate() && pace.recovery() > 0,
                "pace.min-rate and recovery must be positive and min-rate not above max-rate");
        require(
                isPositive(pace.pause()) && pace.pause().compareTo(pace.maxPause()) <= 0,
                "pace.pause must be positive and not longer than max-pause");
        require(
                guard.minResults() > 0 && guard.maxShare() > 0 && guard.maxShare() <= 1 && isPositive(guard.window()),
                "guard.min-results must be positive and max-share in (0, 1]");
    }

    static ChannelLimits from(Config root, String channel) {
        Config defaults = root.getConfig("push.channels.actor");
        String own = "push.channels.actor-of." + channel;
        Config config = root.hasPath(own) ? root.getConfig(own).withFallback(defaults) : defaults;
        Config pace = config.getConfig("pace");
        return new ChannelLimits(
                config.getInt("max-requests"),
                config.getInt("max-in-flight"),
                config.getDuration("attempt-deadline"),
                config.getDuration("probe-interval"),
                ZoneId.of(config.getString("quota-zone")),
                new RetryPolicy(config.getDuration("back-off.min"), config.getDuration("back-off.max")),
                new Breaker.Limits(
                        config.getInt("breaker.failures"),
                        config.getDuration("breaker.min-delay"),
                        config.getDuration("breaker.max-delay")),
                new Pace.Limits(
                        pace.getDouble("max-rate"),
                        pace.getDouble("min-rate"),
                        pace.getDouble("recovery"),
                        pace.getDuration("pause"),
                        pace.getDuration("max-pause")),
                new MassDeletionGuard.Limits(
                        config.getInt("guard.min-results"),
                        config.getDouble("guard.max-share"),
                        config.getDuration("guard.window")));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("push.channels.actor: " + otherwise);
        }
    }
}
