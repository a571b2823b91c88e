package io.lanying.http.session;

import io.lanying.http.error.Problem;
import java.util.Optional;

/** Says which tenants' devices this node takes. Asked once for each upgrade, after its token was verified. */
@FunctionalInterface
public interface SocketGate {

    /**
     * Why a device of this tenant is not taken; empty if it is.
     *
     * @param open how many sockets the tenant has on this node
     */
    Optional<Problem> refusal(String tenant, int open);
}
