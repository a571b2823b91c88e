package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.device.Fate;
import java.util.Optional;

/**
 * What became of a notification on one device.
 *
 * @param channel the path that it took: {@code socket}, or a push vendor's channel; absent if none took it
 * @param deviceSeq the device's eventSeq at which this was so: of two, the one with the higher number is true
 */
public record DeviceFate(String deviceId, Fate fate, Optional<String> channel, long deviceSeq)
        implements Persisted, Remoted {

    /** The channel of what a session took. */
    public static final String SOCKET = "socket";
}
