package io.lanying.actors.device;

import io.lanying.protocol.user.QuietHours;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * When quiet hours are, in a zone whose clocks may change. Pure.
 *
 * <p>What the clock on the wall skips begins, or ends, when it skips it; of an hour that it shows twice the quiet begins with the
 * first and ends with the second. So it is quiet whenever the wall clock says so, and once a day.
 */
final class QuietTime {

    private QuietTime() {}

    /** The end of the quiet hours that this moment is within; empty if it is within none. */
    static Optional<Instant> endOf(QuietHours hours, Optional<String> ownZone, Instant at) {
        var zone = zoneOf(hours.zone().or(() -> ownZone));
        var today = at.atZone(zone).toLocalDate();
        for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
            var start = first(day, hours.from(), zone);
            boolean overnight = !hours.to().isAfter(hours.from());
            var end = last(overnight ? day.plusDays(1) : day, hours.to(), zone);
            if (!at.isBefore(start) && at.isBefore(end)) {
                return Optional.of(end);
            }
        }
        return Optional.empty();
    }

    /** A zone that this node's Java does not know, or no longer, counts as none. */
    private static ZoneId zoneOf(Optional<String> name) {
        try {
            return name.map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC;
        }
    }

    /** When a wall clock shows this first, or skips it. */
    private static Instant first(LocalDate day, LocalTime time, ZoneId zone) {
        return shown(LocalDateTime.of(day, time), zone, 0);
    }

    /** When a wall clock shows this last, or skips it. */
    private static Instant last(LocalDate day, LocalTime time, ZoneId zone) {
        return shown(LocalDateTime.of(day, time), zone, 1);
    }

    private static Instant shown(LocalDateTime local, ZoneId zone, int occurrence) {
        var rules = zone.getRules();
        var offsets = rules.getValidOffsets(local);
        return offsets.isEmpty()
                ? rules.getTransition(local).getInstant()
                : local.toInstant(offsets.get(Math.min(occurrence, offsets.size() - 1)));
    }
}
