package io.lanying.http.auth;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Verifies device session tokens. A failed stage means the tenant's keys cannot be had just now: 503, repeat. */
@FunctionalInterface
public interface DeviceAuthenticator {

    /** Empty if the token is not valid now: malformed, forged, expired, revoked key, tenant deleted. */
    CompletionStage<Optional<DevicePrincipal>> authenticate(String token);
}
