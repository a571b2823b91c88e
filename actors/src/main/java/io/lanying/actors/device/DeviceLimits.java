package io.lanying.actors.device;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What bounds a device; the settings are described in {@code reference.conf}.
 *
 * @param maxOpenItems items accepted and not ended (architecture §3: 1,000)
 * @param maxOpenBytes their bodies' bytes (architecture §3: 1 MiB)
 * @param maxRemembered commands remembered for 7 days
 * @param window items handed out and not acknowledged (api.md §3: 64)
 * @param windowBytes their bodies' bytes; one item always fits
 * @param ackFlush how long an acknowledgement may wait for an event to ride on
 * @param reminderTimeout how long a request for a reminder may take before the work is refused
 * @param sessionReturn how long a recovered device waits for the session that was attached
 * @param vendorLook how long an item that may need a vendor may wait for a look after its node died
 * @param passivateAfter how long a device without a session stays in memory after its last command
 */
record DeviceLimits(
        int maxOpenItems,
        long maxOpenBytes,
        int maxRemembered,
        int window,
        long windowBytes,
        Duration ackFlush,
        Duration reminderTimeout,
        Duration sessionReturn,
        Duration passivateAfter,
        Duration vendorLook) {

    static DeviceLimits from(Config config) {
        var limits = new DeviceLimits(
                config.getInt("max-open-items"),
                config.getBytes("max-open-bytes"),
                config.getInt("max-remembered"),
                config.getInt("window"),
                config.getBytes("window-bytes"),
                config.getDuration("ack-flush"),
                config.getDuration("reminder-timeout"),
                config.getDuration("session-return"),
                config.getDuration("passivate-after"),
                config.getDuration("vendor-look"));
        if (limits.window < 1 || limits.window > limits.maxOpenItems) {
            throw new IllegalArgumentException("push.device.window must be between 1 and max-open-items");
        }
        if (limits.maxRemembered < limits.maxOpenItems) {
            throw new IllegalArgumentException("push.device.max-remembered must be at least max-open-items");
        }
        if (limits.passivateAfter.compareTo(limits.sessionReturn) < 0) {
            throw new IllegalArgumentException("push.device.passivate-after must be at least session-return");
        }
        if (limits.vendorLook.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("push.device.vendor-look must be at least 1s");
        }
        return limits;
    }
}
