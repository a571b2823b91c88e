package io.lanying.http.hook;

import com.typesafe.config.Config;
import java.time.Duration;

/** {@code push.http.message-hook}; the keys are described in {@code reference.conf}. */
public record HookSettings(int maxUnanswered, int breakerFailures, Duration breakerPause, Duration breakerMaxPause) {

    public HookSettings {
        require(maxUnanswered >= 1 && maxUnanswered <= 10_000, "max-unanswered must be 1 to 10000");
        require(breakerFailures >= 1, "breaker.failures must be positive");
        require(
                breakerPause.compareTo(Duration.ofMillis(10)) >= 0 && breakerMaxPause.compareTo(breakerPause) >= 0,
                "breaker.pause must be at least 10ms, and breaker.max-pause not below it");
    }

    /** @throws IllegalArgumentException with one clear sentence if they contradict themselves */
    public static HookSettings from(Config root) {
        var config = root.getConfig("push.http.message-hook");
        return new HookSettings(
                config.getInt("max-unanswered"),
                config.getInt("breaker.failures"),
                config.getDuration("breaker.pause"),
                config.getDuration("breaker.max-pause"));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("push.http.message-hook: " + what);
        }
    }
}
