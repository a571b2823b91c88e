package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened to a tenant. {@code at} never runs backwards within a journal. */
public sealed interface TenantEvent extends Persisted {

    Instant at();

    /**
     * The tenant exists from here on, for the first time or again after a deletion.
     *
     * @param signingKey signs the tenant's device session tokens
     * @param homeRegion whose nodes serve it; absent in events older than regions, which means {@code default}
     */
    record TenantCreated(
            Instant at,
            String name,
            SigningKey signingKey,
            String requestKey,
            String fingerprint,
            Optional<String> homeRegion)
            implements TenantEvent {}

    /** The tenant was deleted: its keys and its devices' session tokens are void. */
    record TenantDeleted(Instant at) implements TenantEvent {}

    /** An API key was made; its secret was shown once and is not here. */
    record ApiKeyCreated(Instant at, ApiKey apiKey, String requestKey, String fingerprint) implements TenantEvent {}

    /** An API key was revoked. */
    record ApiKeyRevoked(Instant at, String keyId) implements TenantEvent {}

    /** The tenant's quotas are these from here on. */
    record QuotasChanged(Instant at, Quotas quotas) implements TenantEvent {}

    /** A role was made, or holds other scopes from here on. */
    record RolePut(Instant at, Role role) implements TenantEvent {}

    /** A role is no more: keys that name it have lost what it held. */
    record RoleDeleted(Instant at, String name) implements TenantEvent {}

    /**
     * A channel has this credential from here on.
     *
     * @param content fingerprint of the credential's content under the tenant's key: equality without the secret
     */
    record CredentialPut(Instant at, ChannelCredential credential, String content) implements TenantEvent {}

    /**
     * A channel has an earlier credential again, as a new version.
     *
     * @param restored the version whose content it is
     */
    record CredentialRestored(
            Instant at,
            ChannelCredential credential,
            String content,
            long restored,
            String requestKey,
            String fingerprint)
            implements TenantEvent {}

    /** A channel has no credential from here on; its earlier ones cannot be restored. */
    record CredentialDeleted(Instant at, ChannelId channel) implements TenantEvent {}

    /** Messages are asked about at this address from here on. */
    record MessageHookPut(Instant at, MessageHook hook) implements TenantEvent {}

    /** Nobody is asked about messages from here on. */
    record MessageHookDeleted(Instant at) implements TenantEvent {}

    /** A command was refused for good; its repeats get the same answer. */
    record RequestRefused(Instant at, String requestKey, String fingerprint, ErrorCode code) implements TenantEvent {}

    /**
     * An API key as stored.
     *
     * @param secretHash SHA-256 of the 256-bit random secret, unpadded base64url (no slow hash: the secret cannot be guessed)
     * @param scopes what it may do; {@code *} is all of the tenant
     * @param roles names of roles whose scopes it has besides, as long as these roles are there
     */
    record ApiKey(
            String keyId,
            String name,
            List<String> scopes,
            String secretHash,
            Instant createdAt,
            Optional<Instant> expiresAt,
            List<String> roles)
            implements Persisted, io.lanying.protocol.Remoted {

        public ApiKey {
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    /**
     * A key that signs session tokens.
     *
     * @param keyId the tokens' {@code kid}
     * @param secret 32 bytes, sealed for the tenant as field {@code signingKey} of {@code keyId}
     */
    record SigningKey(String keyId, Sealed secret) implements Persisted, io.lanying.protocol.Remoted {}
}
