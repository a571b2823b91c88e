package io.lanying.protocol.tenant;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.List;

/**
 * A named set of scopes within one tenant. Keys name roles and may what these hold at the moment of a call.
 *
 * @param name an id of the tenant's choice
 */
public record Role(String name, List<String> scopes) implements Persisted, Remoted {

    public Role {
        scopes = scopes == null ? List.of() : List.copyOf(scopes);
    }
}
