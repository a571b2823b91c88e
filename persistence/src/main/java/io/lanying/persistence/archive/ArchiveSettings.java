package io.lanying.persistence.archive;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lanying.persistence.StartRefused;
import java.time.Duration;

/**
 * The settings under {@code push.persistence.archive}.
 *
 * @param olderThan which events are moved
 * @param segmentBytes of an object, at least; it is put once it has these or {@code segmentEvents}
 */
public record ArchiveSettings(Duration olderThan, int segmentBytes, int segmentEvents) {

    /** Within this time repeats of commands are recognised, and internal hand-overs repeated. */
    public static final Duration LEAST_AGE = Duration.ofDays(7);

    /** Beyond any history that a device could have. */
    private static final Duration MOST_AGE = Duration.ofDays(3_650);

    private static final int LEAST_BYTES = 64 * 1024;
    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final int MOST_EVENTS = 100_000;

    public ArchiveSettings {
        require(
                olderThan.compareTo(LEAST_AGE) >= 0 && olderThan.compareTo(MOST_AGE) <= 0,
                "older-than must be 7 to 3650 days, it is " + olderThan.toDays() + " days");
        require(
                segmentBytes >= LEAST_BYTES && segmentBytes <= MOST_BYTES,
                "segment-bytes must be 64 KiB to 64 MiB, it is " + segmentBytes);
        require(
                segmentEvents >= 1 && segmentEvents <= MOST_EVENTS,
                "segment-events must be 1 to 100000, it is " + segmentEvents);
    }

    public static ArchiveSettings from(Config config) {
        try {
            Config own = config.getConfig("push.persistence.archive");
            return new ArchiveSettings(
                    own.getDuration("older-than"),
                    Math.toIntExact(own.getBytes("segment-bytes")),
                    own.getInt("segment-events"));
        } catch (ConfigException | ArithmeticException e) {
            throw new StartRefused("push.persistence.archive: " + e.getMessage(), e);
        }
    }

    public ArchiveSettings withOlderThan(Duration age) {
        return new ArchiveSettings(age, segmentBytes, segmentEvents);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new StartRefused("push.persistence.archive: " + what);
        }
    }
}
