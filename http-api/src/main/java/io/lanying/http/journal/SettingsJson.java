package io.lanying.http.journal;

import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.UserSettings;
import java.util.Optional;

/** A person's settings in events and states. */
record SettingsJson(boolean muted, Optional<Quiet> quietHours) {

    static SettingsJson of(UserSettings settings) {
        return new SettingsJson(settings.muted(), settings.quietHours().map(Quiet::of));
    }

    record Quiet(String from, String to, Optional<String> zone, String mode) {

        static Quiet of(QuietHours hours) {
            return new Quiet(
                    hours.from().toString(),
                    hours.to().toString(),
                    hours.zone(),
                    hours.mode().wireName());
        }
    }
}
