package io.lanying.protocol.channel;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/**
 * A tenant's credential for one channel, as stored: never in clear outside the channel that uses it.
 *
 * @param version counts the credentials of this channel, from 1; another version replaces the running channel
 * @param secret the credential's JSON as it was put, sealed for the tenant with {@code channel/environment} as item and
 *     {@code credential} as field
 * @param summary what may be shown of it, such as key id, team and project; no secret
 * @param expiresAt when it ends by itself, such as a certificate
 */
public record ChannelCredential(
        ChannelId channel, long version, Sealed secret, String summary, Instant putAt, Optional<Instant> expiresAt)
        implements Persisted, Remoted {}
