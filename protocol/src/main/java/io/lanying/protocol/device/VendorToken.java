package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/**
 * A push vendor's address of a device.
 *
 * @param channel the vendor's channel, such as {@code apns}
 * @param environment such as {@code sandbox}; absent means production
 * @param topic the app the token belongs to, where the vendor asks for it
 * @param token the token, sealed for the recipient with the device id as item and {@code token} as field
 * @param fingerprint the token's HMAC under the tenant's key: equal tokens, equal text
 * @param since when this token was registered here, an hour at most before the latest time it was; a vendor's older "gone" does not
 *     unbind it
 */
public record VendorToken(
        String channel,
        Optional<String> environment,
        Optional<String> topic,
        Sealed token,
        String fingerprint,
        Instant since)
        implements Persisted, Remoted {

    /** The channel that reaches it. */
    @JsonIgnore
    public ChannelId channelId() {
        return ChannelId.of(channel, environment);
    }

    /** Whether both name the same vendor address. */
    public boolean sameAddress(VendorToken other) {
        return channel.equals(other.channel)
                && environment.equals(other.environment)
                && topic.equals(other.topic)
                && fingerprint.equals(other.fingerprint);
    }

    /** This token, known since an earlier time. */
    public VendorToken since(Instant time) {
        return new VendorToken(channel, environment, topic, token, fingerprint, time);
    }
}
