package io.lanying.http.call;

import io.lanying.http.auth.Principal;
import io.lanying.http.auth.Scope;

/** Who may make a call; everybody else sees 404. */
@FunctionalInterface
public interface Access {

    boolean allows(Principal principal);

    /** Only the operator. */
    Access OPERATOR = Principal::isOperator;

    /** API keys with this scope. */
    static Access scope(Scope scope) {
        return principal -> principal.has(scope);
    }

    /** The operator, and API keys of this tenant that may manage its keys. */
    static Access keysOf(String tenant) {
        return principal -> principal.isOperator()
                || (principal.has(Scope.KEYS_ADMIN)
                        && principal.tenant().filter(tenant::equals).isPresent());
    }
}
