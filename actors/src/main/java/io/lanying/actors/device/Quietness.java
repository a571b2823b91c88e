package io.lanying.actors.device;

import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceSnapshot.OwnerSettings;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.Optional;

/**
 * What an owner's wish for quiet makes of a push at the moment of its acceptance. Pure; settings that change later change
 * nothing about it.
 *
 * @param refused why it ends at once
 * @param restraint how it is brought, if it does not end
 */
record Quietness(Optional<String> refused, Optional<Quiet> restraint) {

    static final String QUIET_HOURS = "quietHours";
    static final String MUTED = "muted";

    private static final Quietness NONE = new Quietness(Optional.empty(), Optional.empty());

    /** The fast lane knows no quiet; neither do devices of nobody. */
    static Quietness of(Registration registration, PushOptions options, Instant at) {
        var settings = registration.ownerSettings().map(OwnerSettings::settings).orElse(UserSettings.NONE);
        if (settings.equals(UserSettings.NONE) || options.category() == Category.TRANSACTIONAL) {
            return NONE;
        }
        var end = settings.quietHours()
                .flatMap(hours -> QuietTime.endOf(hours, registration.profile().timezone(), at));
        var mode = end.flatMap(until -> settings.quietHours()).map(hours -> hours.mode());
        if (mode.equals(Optional.of(QuietMode.DROP))) {
            return refused(QUIET_HOURS);
        }
        if (settings.muted()) {
            return muted(options.strategy());
        }
        return mode.isPresent() && options.strategy() != Strategy.SOCKET_ONLY
                ? restrained(mode.get() == QuietMode.DEFER ? Restraint.DEFERRED : Restraint.SILENT, end)
                : NONE;
    }

    /** How a message to the owner is restrained. It is part of a conversation: what would drop a push only mutes it. */
    static Optional<Quiet> ofMessage(Registration registration, Instant at) {
        var quietness = of(registration, PushOptions.DEFAULT, at);
        return quietness.refused().isPresent()
                ? Optional.of(new Quiet(Restraint.MUTED, Optional.empty()))
                : quietness.restraint();
    }

    /** The vendor was the only way for some. */
    private static Quietness muted(Strategy strategy) {
        return switch (strategy) {
            case VENDOR_ONLY -> refused(MUTED);
            case COMBINED -> restrained(Restraint.MUTED, Optional.empty());
            case SOCKET_ONLY -> NONE;
        };
    }

    private static Quietness refused(String reason) {
        return new Quietness(Optional.of(reason), Optional.empty());
    }

    private static Quietness restrained(Restraint restraint, Optional<Instant> until) {
        return new Quietness(Optional.empty(), Optional.of(new Quiet(restraint, until)));
    }
}
