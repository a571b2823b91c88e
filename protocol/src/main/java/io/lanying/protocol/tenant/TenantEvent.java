package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
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
     */
    record TenantCreated(Instant at, String name, SigningKey signingKey, String requestKey, String fingerprint)
            implements TenantEvent {}

    /** The tenant was deleted: its keys and its devices' session tokens are void. */
    record TenantDeleted(Instant at) implements TenantEvent {}

    /** An API key was made; its secret was shown once and is not here. */
    record ApiKeyCreated(Instant at, ApiKey apiKey, String requestKey, String fingerprint) implements TenantEvent {}

    /** An API key was revoked. */
    record ApiKeyRevoked(Instant at, String keyId) implements TenantEvent {}

    /** A command was refused for good; its repeats get the same answer. */
    record RequestRefused(Instant at, String requestKey, String fingerprint, ErrorCode code) implements TenantEvent {}

    /**
     * An API key as stored.
     *
     * @param secretHash SHA-256 of the 256-bit random secret, unpadded base64url (no slow hash: the secret cannot be guessed)
     * @param scopes what it may do; {@code *} is all of the tenant
     */
    record ApiKey(
            String keyId,
            String name,
            List<String> scopes,
            String secretHash,
            Instant createdAt,
            Optional<Instant> expiresAt)
            implements Persisted, io.lanying.protocol.Remoted {

        public ApiKey {
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
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
