package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
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
 */
public record TenantSnapshot(long eventSeq, Instant at, Optional<Profile> profile, List<Remembered> remembered)
        implements Persisted {

    public TenantSnapshot {
        remembered = remembered == null ? List.of() : List.copyOf(remembered);
    }

    /**
     * The tenant while it exists.
     *
     * @param homeRegion absent for tenants older than regions
     * @param quotas absent if none were ever set
     * @param roles in the order of their making
     */
    public record Profile(
            String name,
            Instant createdAt,
            List<ApiKey> apiKeys,
            SigningKey signingKey,
            Optional<String> homeRegion,
            Optional<Quotas> quotas,
            List<Role> roles)
            implements Persisted {

        public Profile {
            apiKeys = apiKeys == null ? List.of() : List.copyOf(apiKeys);
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    /** A command that was answered. */
    public record Remembered(
            String requestKey, String fingerprint, Instant at, Optional<String> keyId, Optional<ErrorCode> refused)
            implements Persisted {}
}
