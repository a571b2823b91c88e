package io.lanying.protocol.user;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.time.LocalTime;
import java.util.Optional;

/**
 * A part of every day in which a person wants quiet.
 *
 * @param from when it begins, by the clock on the wall
 * @param to when it ends; on the next day if that is not after {@code from}
 * @param zone an IANA time zone; absent: each device's own, else UTC
 */
public record QuietHours(LocalTime from, LocalTime to, Optional<String> zone, QuietMode mode)
        implements Persisted, Remoted {}
