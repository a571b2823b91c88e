package io.lanying.protocol.user;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A user after its first {@code eventSeq} events.
 *
 * @param at the last event's time
 * @param person absent while nothing was put
 * @param version of the settings; kept over deletions
 * @param handedOver the last version that all devices have
 * @param erasedAt when the person was last forgotten: vendor tokens up to then are void
 * @param devices in the order in which they came
 */
public record UserSnapshot(
        long eventSeq,
        Instant at,
        Optional<Person> person,
        long version,
        long handedOver,
        Optional<Instant> erasedAt,
        List<Member> devices)
        implements Persisted {

    public UserSnapshot {
        devices = devices == null ? List.of() : List.copyOf(devices);
    }

    /** What was put. */
    public record Person(Optional<UserName> name, UserSettings settings, Instant createdAt, Instant updatedAt)
            implements Persisted {}

    /**
     * A device of the user.
     *
     * @param binding the device's count of owners when it came
     */
    public record Member(String deviceId, int binding) implements Persisted {}
}
