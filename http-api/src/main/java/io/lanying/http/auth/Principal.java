package io.lanying.http.auth;

import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who is calling.
 *
 * @param tenant whose credential it is; absent for the operator, who belongs to none
 * @param subject the API key's id, or {@code operator}
 * @param scopes what it may do within its tenant; none for the operator
 * @param terms what its tenant's calls are subject to; absent for the operator
 */
public record Principal(Optional<String> tenant, String subject, Set<Scope> scopes, Optional<Terms> terms) {

    public static final Principal OPERATOR = new Principal(Optional.empty(), "operator", Set.of(), Optional.empty());

    /**
     * What a tenant's calls are subject to, wherever they arrive.
     *
     * @param region whose nodes serve it
     */
    public record Terms(String region, Optional<Quotas> quotas) {}

    /**
     * An API key's holder: it may what the key's own scopes say and what its roles, as they are now, hold. Scopes that this
     * build does not know, and roles that are no more, give nothing.
     */
    public static Principal apiKey(String tenant, ApiKey key, TenantView view) {
        var scopes = EnumSet.noneOf(Scope.class);
        key.scopes().forEach(name -> Scope.of(name).ifPresent(scopes::add));
        if (!key.roles().isEmpty()) {
            for (Role role : view.roles()) {
                if (key.roles().contains(role.name())) {
                    role.scopes().forEach(name -> Scope.of(name).ifPresent(scopes::add));
                }
            }
        }
        return new Principal(
                Optional.of(tenant), key.keyId(), scopes, Optional.of(new Terms(view.region(), view.quotas())));
    }

    public boolean isOperator() {
        return tenant.isEmpty();
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ALL);
    }
}
