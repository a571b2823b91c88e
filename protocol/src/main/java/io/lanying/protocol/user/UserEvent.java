package io.lanying.protocol.user;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.Optional;

/** What happened to a user. {@code at} never runs backwards within a journal. */
public sealed interface UserEvent extends Persisted {

    Instant at();

    /**
     * This is what is known of the person from here on.
     *
     * @param version of the settings: higher than before if they changed
     */
    record UserPut(Instant at, Optional<UserName> name, UserSettings settings, long version) implements UserEvent {}

    /**
     * The person was forgotten: settings are {@link UserSettings#NONE}, vendor tokens up to now are given up by the devices.
     *
     * @param version of the settings, which counts on
     */
    record UserDeleted(Instant at, long version) implements UserEvent {}

    /** A device has this user. */
    record DeviceJoined(Instant at, String deviceId, int binding) implements UserEvent {}

    /** A device has this user no more, or was the oldest of too many. */
    record DeviceLeft(Instant at, String deviceId) implements UserEvent {}

    /** All devices have the settings of this version. */
    record SettingsHandedOver(Instant at, long version) implements UserEvent {}
}
