package io.lanying.channels.actor;

import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes with the actors' timers, when the test says so. */
final class VirtualTime extends Clock {

    private final ManualTime timers;
    private volatile Instant now = Fixtures.NOON;

    VirtualTime(ManualTime timers) {
        this.timers = timers;
    }

    /** At once for who looks at the clock; the timers then follow one by one. Takes a tenth of a real second. */
    void pass(Duration time) {
        now = now.plus(time);
        timers.timePasses(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
