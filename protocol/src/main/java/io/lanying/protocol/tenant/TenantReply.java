package io.lanying.protocol.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import java.time.Instant;
import java.util.List;

/** What a tenant answers, after the journal has it. */
public sealed interface TenantReply extends Remoted {

    /** @param repeated whether this answers a repeat of the command that created it */
    record TenantView(String name, Instant createdAt, List<ApiKey> apiKeys, SigningKey signingKey, boolean repeated)
            implements TenantReply {

        public TenantView {
            apiKeys = apiKeys == null ? List.of() : List.copyOf(apiKeys);
        }
    }

    record ApiKeyMade(ApiKey apiKey) implements TenantReply {}

    record Deleted() implements TenantReply {}

    /** Refused; nothing changed. {@code repeated}: the same refusal was given to this request before. */
    record Refused(ErrorCode code, String detail, boolean repeated) implements TenantReply {}
}
