package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When it is quiet, also in the nights in which clocks change. */
class QuietTimeTest {

    /** Berlin: 2026-03-29 at 01:00Z the clock goes from 02:00 to 03:00, 2026-10-25 at 01:00Z from 03:00 back to 02:00. */
    @ParameterizedTest(name = "{0}-{1} {2} at {3}: {4}")
    @CsvSource({
        // an ordinary night, across midnight
        "22:00,07:00,Europe/Berlin,2026-01-10T20:59:59.999Z,",
        "22:00,07:00,Europe/Berlin,2026-01-10T21:00:00Z,2026-01-11T06:00:00Z",
        "22:00,07:00,Europe/Berlin,2026-01-11T05:59:59.999Z,2026-01-11T06:00:00Z",
        "22:00,07:00,Europe/Berlin,2026-01-11T06:00:00Z,",
        // a part of one day
        "13:00,14:30,Asia/Shanghai,2026-01-10T04:59:59Z,",
        "13:00,14:30,Asia/Shanghai,2026-01-10T05:00:00Z,2026-01-10T06:30:00Z",
        // the night in spring is an hour shorter
        "22:00,07:00,Europe/Berlin,2026-03-28T21:00:00Z,2026-03-29T05:00:00Z",
        "22:00,07:00,Europe/Berlin,2026-03-29T04:59:59Z,2026-03-29T05:00:00Z",
        // the night in autumn an hour longer
        "22:00,07:00,Europe/Berlin,2026-10-24T20:00:00Z,2026-10-25T06:00:00Z",
        "22:00,07:00,Europe/Berlin,2026-10-25T05:59:59Z,2026-10-25T06:00:00Z",
        // it ends at a time that is skipped: when it is skipped
        "22:00,02:30,Europe/Berlin,2026-03-29T00:59:59Z,2026-03-29T01:00:00Z",
        "22:00,02:30,Europe/Berlin,2026-03-29T01:00:00Z,",
        // it begins at a time that is skipped: when it is skipped
        "02:30,05:00,Europe/Berlin,2026-03-29T00:59:59Z,",
        "02:30,05:00,Europe/Berlin,2026-03-29T01:00:00Z,2026-03-29T03:00:00Z",
        // all of it is skipped
        "02:10,02:50,Europe/Berlin,2026-03-29T01:00:00Z,",
        // it ends at a time that is shown twice: with the second
        "22:00,02:30,Europe/Berlin,2026-10-25T00:45:00Z,2026-10-25T01:30:00Z",
        "22:00,02:30,Europe/Berlin,2026-10-25T01:29:59Z,2026-10-25T01:30:00Z",
        "22:00,02:30,Europe/Berlin,2026-10-25T01:30:00Z,",
        // it begins at a time that is shown twice: with the first
        "02:30,05:00,Europe/Berlin,2026-10-25T00:29:59Z,",
        "02:30,05:00,Europe/Berlin,2026-10-25T00:30:00Z,2026-10-25T04:00:00Z",
        // clocks that change at midnight: Beirut skips 2026-03-29 00:00 to 01:00
        "23:00,00:30,Asia/Beirut,2026-03-28T21:59:59Z,2026-03-28T22:00:00Z",
        // the southern hemisphere, half an hour: Lord Howe, 2026-10-04 at 02:00
        "22:00,07:00,Australia/Lord_Howe,2026-10-03T12:00:00Z,2026-10-03T20:00:00Z",
    })
    void knowsTheEnd(String from, String to, String zone, Instant at, Instant end) {
        assertThat(QuietTime.endOf(hours(from, to, Optional.of(zone)), Optional.empty(), at))
                .isEqualTo(Optional.ofNullable(end));
    }

    @Test
    void theWishNamesAZoneElseTheDeviceElseItIsUtc() {
        var at = Instant.parse("2026-01-10T14:30:00Z"); // 22:30 in Shanghai, 15:30 in Berlin
        var berlin = Optional.of("Europe/Berlin");
        assertThat(QuietTime.endOf(hours("22:00", "07:00", Optional.of("Asia/Shanghai")), berlin, at))
                .isPresent();
        assertThat(QuietTime.endOf(hours("22:00", "07:00", berlin), Optional.of("Asia/Shanghai"), at))
                .isEmpty();
        assertThat(QuietTime.endOf(hours("15:00", "16:00", Optional.empty()), berlin, at))
                .isPresent();
        assertThat(QuietTime.endOf(hours("14:00", "15:00", Optional.empty()), Optional.empty(), at))
                .isPresent();
        assertThat(QuietTime.endOf(hours("14:00", "15:00", Optional.of("Mars/Base")), Optional.empty(), at))
                .as("a zone of another Java's")
                .isPresent();
    }

    /** Whenever no clock changes near by, it is quiet exactly when the wall clock is between the two times. */
    @Property
    void isQuietWhenTheWallClockSaysSo(
            @ForAll @IntRange(max = 1439) int from,
            @ForAll @IntRange(max = 1439) int to,
            @ForAll @IntRange(max = 366 * 1440) int minute) {
        if (from == to) {
            return;
        }
        var zone = ZoneId.of("Europe/Berlin");
        var at = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(minute));
        var rules = zone.getRules();
        boolean changes =
                !rules.getOffset(at.minus(Duration.ofHours(25))).equals(rules.getOffset(at.plus(Duration.ofHours(25))));
        if (changes) {
            return;
        }
        int wall = at.atZone(zone).toLocalTime().toSecondOfDay() / 60;
        boolean quiet = from < to ? wall >= from && wall < to : wall >= from || wall < to;
        var end = QuietTime.endOf(
                new QuietHours(minute(from), minute(to), Optional.of(zone.getId()), QuietMode.DROP),
                Optional.empty(),
                at);
        assertThat(end.isPresent()).isEqualTo(quiet);
        end.ifPresent(until -> {
            assertThat(until.atZone(zone).toLocalTime()).isEqualTo(minute(to));
            assertThat(Duration.between(at, until)).isPositive().isLessThanOrEqualTo(Duration.ofHours(24));
        });
    }

    /** In any night: quiet lasts without a gap until the end that was told, and no longer. */
    @Property
    void lastsUntilTheEndThatWasTold(
            @ForAll @IntRange(max = 1439) int from,
            @ForAll @IntRange(max = 1439) int to,
            @ForAll @IntRange(max = 366 * 1440) int minute) {
        if (from == to) {
            return;
        }
        var hours = new QuietHours(minute(from), minute(to), Optional.of("Europe/Berlin"), QuietMode.DROP);
        var at = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(minute));
        QuietTime.endOf(hours, Optional.empty(), at).ifPresent(until -> {
            var before = until.minusMillis(1);
            assertThat(QuietTime.endOf(hours, Optional.empty(), before)).contains(until);
            var half = at.plus(Duration.between(at, until).dividedBy(2));
            assertThat(QuietTime.endOf(hours, Optional.empty(), half)).contains(until);
        });
    }

    private static LocalTime minute(int ofDay) {
        return LocalTime.ofSecondOfDay(ofDay * 60L);
    }

    private static QuietHours hours(String from, String to, Optional<String> zone) {
        return new QuietHours(LocalTime.parse(from), LocalTime.parse(to), zone, QuietMode.DROP);
    }
}
