package io.lanying.http.auth;

import io.lanying.http.json.Checked;
import java.util.concurrent.CompletionStage;

/** Verifies device session tokens. A failed stage means the tenant's keys cannot be had just now: 503, repeat. */
@FunctionalInterface
public interface DeviceAuthenticator {

    /**
     * The device, or 401 if the token is not valid now (malformed, forged, expired, revoked key, tenant deleted), or 429 if too
     * many from that address were not.
     *
     * @param source whose failures are counted, see {@link Sources}
     */
    CompletionStage<Checked<DevicePrincipal>> authenticate(String token, String source);
}
