package io.lanying.http.user;

import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.UserReply.UserView;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A user as the API shows it.
 *
 * @param devices ids of the devices that are told of the settings, in the order in which they came
 */
record UserJson(
        String userId,
        Optional<String> name,
        Settings settings,
        List<String> devices,
        Instant createdAt,
        Instant updatedAt) {

    static UserJson of(String userId, Optional<String> name, UserView view) {
        return new UserJson(
                userId, name, Settings.of(view.settings()), view.deviceIds(), view.createdAt(), view.updatedAt());
    }

    /** How a person wants to be reached. */
    record Settings(boolean muted, Optional<Quiet> quietHours) {

        static Settings of(UserSettings settings) {
            return new Settings(settings.muted(), settings.quietHours().map(Quiet::of));
        }
    }

    /** Times of day as hours and minutes. */
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
