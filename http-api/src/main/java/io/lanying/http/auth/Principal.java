package io.lanying.http.auth;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is calling.
 *
 * @param tenant whose credential it is; absent for the operator, who belongs to none
 * @param subject the API key's id, or {@code operator}
 * @param scopes what it may do within its tenant; none for the operator
 */
public record Principal(Optional<String> tenant, String subject, Set<Scope> scopes) {

    public static final Principal OPERATOR = new Principal(Optional.empty(), "operator", Set.of());

    /** An API key's holder; scopes that this build does not know give nothing. */
    public static Principal apiKey(String tenant, String keyId, List<String> scopes) {
        var known = EnumSet.noneOf(Scope.class);
        scopes.forEach(name -> Scope.of(name).ifPresent(known::add));
        return new Principal(Optional.of(tenant), keyId, known);
    }

    public boolean isOperator() {
        return tenant.isEmpty();
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ALL);
    }
}
