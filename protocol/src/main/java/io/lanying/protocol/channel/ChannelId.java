package io.lanying.protocol.channel;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A vendor's channel in one of its environments, such as {@code apns/sandbox}: what has one credential in each tenant.
 *
 * @param channel the vendor's channel, such as {@code apns} or {@code fcm}
 * @param environment {@value #PRODUCTION}, or another one where the vendor has several, such as {@code sandbox}
 */
public record ChannelId(String channel, String environment) implements Persisted, Remoted {

    /** The environment of a token that names none. */
    public static final String PRODUCTION = "production";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,32}");

    public ChannelId {
        if (!isValid(channel) || !isValid(environment)) {
            throw new IllegalArgumentException("not a channel and environment");
        }
    }

    /** Whether a caller may use this text as a channel's or an environment's name. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** The channel of a device's vendor token. */
    public static ChannelId of(String channel, Optional<String> environment) {
        return new ChannelId(channel, environment.orElse(PRODUCTION));
    }

    /** {@code channel/environment}, as in addresses and metrics. */
    @Override
    public String toString() {
        return channel + "/" + environment;
    }
}
