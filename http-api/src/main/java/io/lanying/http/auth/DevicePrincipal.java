package io.lanying.http.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Who a verified device session token speaks for.
 *
 * @param binding the device's binding when the token was issued; the device refuses a token of an earlier one
 * @param expiresAt when the token ends, and with it a socket opened with it
 */
public record DevicePrincipal(
        String tenant, String deviceId, Optional<String> userId, int binding, Instant expiresAt) {}
