package io.lanying.protocol.user;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;

/**
 * What a person is called.
 *
 * @param sealed for the person, as field {@code name} of the user id
 * @param fingerprint of the name under the person's key: equal names, equal text
 */
public record UserName(Sealed sealed, String fingerprint) implements Persisted, Remoted {}
