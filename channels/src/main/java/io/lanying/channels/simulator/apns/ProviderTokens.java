package io.lanying.channels.simulator.apns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * What Apple checks of the provider tokens on one connection: form, age, one team, not replaced too often; and the signature,
 * if the simulator was told the keys.
 */
final class ProviderTokens {

    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final Duration MIN_PAUSE = Duration.ofMinutes(20);

    /** RFC 7518 wants 64 bytes; Apple takes ASN.1 as well, which Pushy sends (github.com/kylebrowning/APNSwift/issues/36). */
    private static final int RAW_SIGNATURE = 64;

    private static final String BEARER = "bearer ";
    private static final String INVALID = "InvalidProviderToken";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;
    private final Map<String, PublicKey> keys;
    private final Deque<Instant> replaced = new ArrayDeque<>();
    private String current = "";
    private String team = "";

    /**
     * For one connection.
     *
     * @param keys by {@code team/keyId}; with none, signatures are not looked at
     */
    ProviderTokens(Clock clock, Map<String, PublicKey> keys) {
        this.clock = clock;
        this.keys = keys;
    }

    /** The refusal, if it is one. */
    Optional<ApnsReaction> refusal(String authorization) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return refused(403, INVALID);
        }
        String token = authorization.substring(BEARER.length());
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return refused(403, INVALID);
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return check(token, parts, header, claims);
        } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
            return refused(403, INVALID);
        }
    }

    private Optional<ApnsReaction> check(String token, String[] parts, JsonNode header, JsonNode claims)
            throws GeneralSecurityException {
        String keyId = header.path("kid").asText();
        String issuer = claims.path("iss").asText();
        boolean wellFormed = header.path("alg").asText().equals("ES256")
                && keyId.length() == 10
                && issuer.length() == 10
                && claims.path("iat").isIntegralNumber();
        boolean otherTeam = !team.isEmpty() && !team.equals(issuer);
        if (!wellFormed || otherTeam || !isSigned(parts, issuer + "/" + keyId)) {
            return refused(403, INVALID);
        }
        team = issuer;
        Instant now = clock.instant();
        if (Instant.ofEpochSecond(claims.path("iat").asLong()).plus(MAX_AGE).isBefore(now)) {
            return refused(403, "ExpiredProviderToken");
        }
        if (!token.equals(current)) {
            current = token;
            replaced.addLast(now);
            replaced.removeIf(at -> at.plus(MIN_PAUSE).isBefore(now));
        }
        return replaced.size() > 2 ? refused(429, "TooManyProviderTokenUpdates") : Optional.empty();
    }

    private boolean isSigned(String[] parts, String teamAndKey) throws GeneralSecurityException {
        if (keys.isEmpty()) {
            return true;
        }
        PublicKey key = keys.get(teamAndKey);
        if (key == null) {
            return false;
        }
        byte[] signed = Base64.getUrlDecoder().decode(parts[2]);
        Signature signature = Signature.getInstance(
                signed.length == RAW_SIGNATURE ? "SHA256withECDSAinP1363Format" : "SHA256withECDSA");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(signed);
    }

    private static Optional<ApnsReaction> refused(int status, String reason) {
        return Optional.of(ApnsReaction.reject(status, reason));
    }
}
