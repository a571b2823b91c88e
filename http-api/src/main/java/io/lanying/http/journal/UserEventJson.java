package io.lanying.http.journal;

import java.util.Optional;

/** A user's events as auditors see them: one record for each. */
final class UserEventJson {

    private UserEventJson() {}

    /** @param name as text, or {@code {"erased":true}} */
    record UserPut(Optional<Object> name, SettingsJson settings, long version) {}

    record UserDeleted(long version) {}

    record DeviceJoined(String deviceId, int binding) {}

    record DeviceLeft(String deviceId) {}

    record SettingsHandedOver(long version) {}
}
