package io.lanying.protocol.user;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.Optional;

/**
 * How a person wants to be reached. Transactional pushes go by no such wish.
 *
 * @param muted no push vendor is used; the app's own connection still brings everything
 */
public record UserSettings(boolean muted, Optional<QuietHours> quietHours) implements Persisted, Remoted {

    /** Nothing is held back. */
    public static final UserSettings NONE = new UserSettings(false, Optional.empty());
}
