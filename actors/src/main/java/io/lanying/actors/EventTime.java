package io.lanying.actors;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time an event gets: never before the previous event's, whatever the node's clock does; milliseconds, as the API shows. */
public final class EventTime {

    private EventTime() {}

    /** The later of the previous event's time and the clock. */
    public static Instant next(Instant previous, Clock clock) {
        return next(previous, clock.instant());
    }

    /** The later of the previous event's time and now. */
    public static Instant next(Instant previous, Instant now) {
        Instant time = now.truncatedTo(ChronoUnit.MILLIS);
        return time.isAfter(previous) ? time : previous;
    }
}
