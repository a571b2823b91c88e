package io.lanying.persistence.lease;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lanying.persistence.StartRefused;
import java.time.Duration;

/**
 * The times of {@value #PATH}; see reference.conf.
 *
 * @param timeout how long the database keeps a node's leases after it was last heard of
 * @param margin how much sooner the node itself stops believing in them
 * @param interval how often the node is heard of
 * @param patience how long one exchange with the database may take, and how long an acquisition waits for another's release
 * @param retry the pause before what failed, or was not free, is tried again
 */
record LeaseTimes(Duration timeout, Duration margin, Duration interval, Duration patience, Duration retry) {

    /** Also what {@code akka.cluster.sharding.use-lease} names. */
    static final String PATH = "push.persistence.shard-lease";

    /** Heartbeats that may fail in a row without the loss of the leases. */
    private static final int SPARE_BEATS = 2;

    LeaseTimes {
        Duration believed = timeout.minus(margin);
        if (believed.compareTo(interval.multipliedBy(SPARE_BEATS + 1)) < 0) {
            throw new StartRefused(
                    PATH + ": heartbeat-timeout less margin must be at least three times heartbeat-interval");
        }
    }

    static LeaseTimes from(Config root) {
        Config config = root.getConfig(PATH);
        return new LeaseTimes(
                positive(config, "heartbeat-timeout"),
                positive(config, "margin"),
                positive(config, "heartbeat-interval"),
                positive(config, "lease-operation-timeout"),
                positive(config, "retry-interval"));
    }

    /** How long the node believes in its leases, counted from before it sent what renewed them. */
    Duration believed() {
        return timeout.minus(margin);
    }

    private static Duration positive(Config config, String path) {
        Duration value;
        try {
            value = config.getDuration(path);
        } catch (ConfigException e) {
            throw new StartRefused(PATH + ": " + e.getMessage(), e);
        }
        if (value.isZero() || value.isNegative()) {
            throw new StartRefused(PATH + "." + path + " must be longer than nothing");
        }
        return value;
    }
}
