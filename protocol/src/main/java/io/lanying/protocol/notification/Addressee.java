package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import java.util.Optional;

/**
 * A device of an audience.
 *
 * @param label the alias it was found by, or, for devices and users, its user, whose it must still be; absent for the other kinds
 */
public record Addressee(String deviceId, Optional<String> label) implements Persisted {}
