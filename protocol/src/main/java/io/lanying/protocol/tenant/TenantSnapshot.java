package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A tenant after its first {@code eventSeq} events.
 *
 * @param profile absent before creation and after deletion
 * @param remembered what repeats of commands are recognised by, oldest first, for 7 days
 * @param channels every channel that ever had a credential, in the order of their first one
 */
public record TenantSnapshot(
        long eventSeq, Instant at, Optional<Profile> profile, List<Remembered> remembered, List<Channel> channels)
        implements Persisted {

    public TenantSnapshot {
        channels = channels == null ? List.of() : List.copyOf(channels);
        remembered = remembered == null ? List.of() : List.copyOf(remembered);
    }

    /**
     * The tenant while it exists.
     *
     * @param homeRegion absent for tenants older than regions
     * @param quotas absent if none were ever set
     * @param roles in the order of their making
     * @param messageHook absent if there is none
     */
    public record Profile(
            String name,
            Instant createdAt,
            List<ApiKey> apiKeys,
            SigningKey signingKey,
            Optional<String> homeRegion,
            Optional<Quotas> quotas,
            List<Role> roles,
            Optional<MessageHook> messageHook)
            implements Persisted {

        public Profile {
            apiKeys = apiKeys == null ? List.of() : List.copyOf(apiKeys);
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    /**
     * A command that was answered.
     *
     * @param keyId the API key it made
     * @param version the version of a credential it made
     */
    public record Remembered(
            String requestKey,
            String fingerprint,
            Instant at,
            Optional<String> keyId,
            Optional<ErrorCode> refused,
            Optional<Long> version)
            implements Persisted {}

    /**
     * A channel's credentials.
     *
     * @param lastVersion the newest version's number; counts on when there is no credential any more, so that no number ever
     *     means two contents
     * @param kept the last versions, newest last; empty if there is none now
     */
    public record Channel(ChannelId id, long lastVersion, List<Kept> kept) implements Persisted {

        public Channel {
            kept = kept == null ? List.of() : List.copyOf(kept);
        }
    }

    /** One version; see {@link TenantEvent.CredentialPut} and {@link TenantEvent.CredentialRestored}. */
    public record Kept(ChannelCredential credential, String content, Optional<Long> restored) implements Persisted {}
}
