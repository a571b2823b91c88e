package io.lanying.persistence.reminder;

import com.typesafe.config.Config;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.StartRefused;
import java.time.Duration;

/** {@code push.persistence.reminders}; see reference.conf. */
record ReminderSettings(
        int batchSize,
        int queueSize,
        Duration retryMin,
        Duration retryMax,
        Duration clockInterval,
        int clockPageSize,
        int clockPages,
        Duration clockHold,
        int clockHeldMax) {

    static ReminderSettings from(Config root) {
        Config config = root.getConfig("push.persistence.reminders");
        return new ReminderSettings(
                PersistenceSettings.between(config, "batch-size", 1, 1_000),
                PersistenceSettings.between(config, "queue-size", 10, 100_000),
                positive(config, "retry-min"),
                positive(config, "retry-max"),
                positive(config, "clock-interval"),
                PersistenceSettings.between(config, "clock-page-size", 1, 5_000),
                PersistenceSettings.between(config, "clock-pages", 1, 1_000),
                positive(config, "clock-hold"),
                PersistenceSettings.between(config, "clock-held-max", 10, 1_000_000));
    }

    private static Duration positive(Config config, String path) {
        Duration value = config.getDuration(path);
        if (value.isZero() || value.isNegative()) {
            throw new StartRefused("push.persistence.reminders." + path + " must be longer than nothing");
        }
        return value;
    }
}
