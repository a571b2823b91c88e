package io.lanying.protocol.device;

import io.lanying.protocol.Remoted;
import java.util.List;
import java.util.Optional;

/**
 * Why a device is among an audience. The device checks it again: what was true of its registry row may not be true of it any
 * more.
 *
 * @param userId the device must belong to this user
 * @param alias the device must have this alias
 * @param any the device must have at least one of these tags; empty: no condition
 * @param all the device must have all of these tags
 * @param none the device must have none of these tags
 */
public record Target(
        Optional<String> userId, Optional<String> alias, List<String> any, List<String> all, List<String> none)
        implements Remoted {

    /** Whoever the device belongs to. */
    public static final Target WHOEVER =
            new Target(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

    public Target {
        any = any == null ? List.of() : List.copyOf(any);
        all = all == null ? List.of() : List.copyOf(all);
        none = none == null ? List.of() : List.copyOf(none);
    }

    /** Whether a device that is registered like this is meant. */
    public boolean fits(Optional<String> owner, Profile profile) {
        return (userId.isEmpty() || userId.equals(owner))
                && (alias.isEmpty() || alias.equals(profile.alias()))
                && (any.isEmpty() || any.stream().anyMatch(profile.tags()::contains))
                && profile.tags().containsAll(all)
                && none.stream().noneMatch(profile.tags()::contains);
    }
}
