package io.lanying.actors.notification;

import com.typesafe.config.Config;
import io.lanying.protocol.registry.AudienceRegistry;
import java.time.Duration;

/** {@code push.notification}; the keys are described in {@code reference.conf}. */
record NotificationSettings(
        int pageSize,
        int running,
        int outstanding,
        double share,
        Duration askTimeout,
        Duration retryPause,
        int maxUnanswered,
        Duration lookAgain,
        Duration reminderTimeout,
        Duration passivateAfter) {

    NotificationSettings {
        if (pageSize < 1 || pageSize > AudienceRegistry.MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "push.notification.page-size must be between 1 and " + AudienceRegistry.MAX_LIMIT);
        }
        if (running < 1 || outstanding < 1) {
            throw new IllegalArgumentException("push.notification.running and outstanding must be at least 1");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("push.notification.share must be above 0 and at most 1");
        }
        if (lookAgain.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("push.notification.look-again must be at least 1s");
        }
    }

    static NotificationSettings from(Config root) {
        Config config = root.getConfig("push.notification");
        return new NotificationSettings(
                config.getInt("page-size"),
                config.getInt("running"),
                config.getInt("outstanding"),
                config.getDouble("share"),
                config.getDuration("ask-timeout"),
                config.getDuration("retry-pause"),
                config.getInt("max-unanswered"),
                config.getDuration("look-again"),
                config.getDuration("reminder-timeout"),
                config.getDuration("passivate-after"));
    }
}
