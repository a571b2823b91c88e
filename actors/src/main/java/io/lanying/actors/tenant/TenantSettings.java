package io.lanying.actors.tenant;

import com.typesafe.config.Config;
import io.lanying.actors.RemindedEntity.Terms;
import java.time.Duration;

/** {@code push.tenant}; the keys are described in {@code reference.conf}. */
record TenantSettings(
        Duration reminderDelay,
        Duration reminderTimeout,
        Duration passivateAfter,
        int snapshotEvery,
        int snapshotsKept,
        Duration restartBackoffMin,
        Duration restartBackoffMax) {

    TenantSettings {
        if (reminderDelay.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("push.tenant.reminder-delay must be at least 1s");
        }
        if (restartBackoffMax.compareTo(restartBackoffMin) < 0) {
            throw new IllegalArgumentException("push.tenant.restart-backoff-max must not be below restart-backoff-min");
        }
    }

    /** How a tenant is kept. */
    Terms terms() {
        return new Terms(
                reminderTimeout, passivateAfter, restartBackoffMin, restartBackoffMax, snapshotEvery, snapshotsKept);
    }

    static TenantSettings from(Config root) {
        Config config = root.getConfig("push.tenant");
        return new TenantSettings(
                config.getDuration("reminder-delay"),
                config.getDuration("reminder-timeout"),
                config.getDuration("passivate-after"),
                config.getInt("snapshot-every"),
                config.getInt("snapshots-kept"),
                config.getDuration("restart-backoff-min"),
                config.getDuration("restart-backoff-max"));
    }
}
