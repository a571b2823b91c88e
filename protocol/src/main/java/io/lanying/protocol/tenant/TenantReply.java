package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a tenant answers, after the journal has it. */
public sealed interface TenantReply extends Remoted {

    /**
     * A tenant as it is.
     *
     * @param repeated whether this answers a repeat of the command that created it
     * @param homeRegion as it was created with; see {@link #region}
     * @param quotas absent if none were ever set: unlimited
     * @param messageHook whom to ask before a message is accepted; absent: nobody
     */
    record TenantView(
            String name,
            Instant createdAt,
            List<ApiKey> apiKeys,
            SigningKey signingKey,
            boolean repeated,
            Optional<String> homeRegion,
            Optional<Quotas> quotas,
            List<Role> roles,
            Optional<MessageHook> messageHook)
            implements TenantReply {

        /** The region of nodes and tenants that name none. */
        public static final String DEFAULT_REGION = "default";

        public TenantView {
            apiKeys = apiKeys == null ? List.of() : List.copyOf(apiKeys);
            roles = roles == null ? List.of() : List.copyOf(roles);
        }

        /** The region whose nodes serve it. */
        public String region() {
            return homeRegion.orElse(DEFAULT_REGION);
        }
    }

    record ApiKeyMade(ApiKey apiKey) implements TenantReply {}

    record QuotasAre(Quotas quotas) implements TenantReply {}

    /** @param created whether there was no role of this name before */
    record RoleIs(Role role, boolean created) implements TenantReply {}

    /** @param created whether the channel had no credential before */
    record CredentialStored(ChannelView channel, boolean created) implements TenantReply {}

    /**
     * @param version the number the restored content has now
     * @param repeated whether this answers a repeat of the command that restored it
     */
    record CredentialRestored(long version, boolean repeated) implements TenantReply {}

    record CredentialIs(ChannelCredential credential) implements TenantReply {}

    record ChannelsAre(List<ChannelView> channels) implements TenantReply {

        public ChannelsAre {
            channels = channels == null ? List.of() : List.copyOf(channels);
        }
    }

    /**
     * A channel's credentials without their secrets.
     *
     * @param versions newest first, which is the one in use; never empty
     */
    record ChannelView(ChannelId channel, List<CredentialInfo> versions) implements Remoted {

        public ChannelView {
            versions = versions == null ? List.of() : List.copyOf(versions);
        }
    }

    /**
     * What may be shown of one version.
     *
     * @param restored the version whose content it is, if it was restored
     */
    record CredentialInfo(
            long version, String summary, Instant putAt, Optional<Instant> expiresAt, Optional<Long> restored)
            implements Remoted {}

    /**
     * @param created whether there was no hook before
     * @param fresh whether its secret is the one that was offered in case it had none
     */
    record MessageHookIs(MessageHook hook, boolean created, boolean fresh) implements TenantReply {}

    record Deleted() implements TenantReply {}

    /** Refused; nothing changed. {@code repeated}: the same refusal was given to this request before. */
    record Refused(ErrorCode code, String detail, boolean repeated) implements TenantReply {}
}
