package io.lanying.channels.simulator.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Checks assertions as Google's token endpoint does and hands out access tokens that end. Thread-safe. */
final class FcmTokenDesk {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String GOOGLE = "https://oauth2.googleapis.com/token";
    private static final Set<String> SCOPES = Set.of(
            "https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform");
    private static final Duration LONGEST_ASSERTION = Duration.ofHours(1);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int MOST_TOKENS = 10_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final Clock clock;
    private final Map<String, SimulatedServiceAccount> known = new HashMap<>();
    private final Map<String, Issued> issued = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Issued> eldest) {
            return size() > MOST_TOKENS;
        }
    };
    private Duration lifetime = LONGEST_ASSERTION;
    private long count;

    FcmTokenDesk(Clock clock) {
        this.clock = clock;
    }

    /** An access token that was handed out. */
    private record Issued(String clientEmail, Instant expiresAt) {}

    synchronized void trust(SimulatedServiceAccount account) {
        known.put(account.clientEmail(), account);
    }

    synchronized void lifetime(Duration duration) {
        lifetime = duration;
    }

    synchronized void forgetAll() {
        issued.clear();
    }

    /** Whether this account may send for this project; all may while no account is known. */
    synchronized boolean isAllowed(String bearer, String project) {
        Issued token = issued.get(bearer);
        SimulatedServiceAccount account = token == null ? null : known.get(token.clientEmail());
        return account == null || account.projectId().equals(project);
    }

    synchronized boolean isGood(String bearer) {
        Issued token = issued.get(bearer);
        return token != null && clock.instant().isBefore(token.expiresAt());
    }

    /** Answers a request for a token. */
    synchronized FcmReaction answer(String form, String ownAddress) {
        Map<String, String> fields = fields(form);
        if (!GRANT.equals(fields.get("grant_type"))) {
            return refused("unsupported_grant_type", "Invalid grant_type");
        }
        String[] parts = fields.getOrDefault("assertion", "").split("\\.", -1);
        Optional<JsonNode> header = parts.length == 3 ? decoded(parts[0]) : Optional.empty();
        Optional<JsonNode> claims = parts.length == 3 ? decoded(parts[1]) : Optional.empty();
        if (header.isEmpty() || claims.isEmpty()) {
            return refused("invalid_grant", "Bad Request");
        }
        String email = claims.get().path("iss").asText();
        Optional<String> problem = problem(header.get(), claims.get(), ownAddress);
        if (problem.isPresent()) {
            return refused(problem.get().startsWith("scope") ? "invalid_scope" : "invalid_grant", problem.get());
        }
        if (!known.isEmpty()) {
            SimulatedServiceAccount account = known.get(email);
            if (account == null) {
                return refused("invalid_grant", "Invalid grant: account not found");
            }
            if (!isSigned(parts, account.publicKey())) {
                return refused("invalid_grant", "Invalid JWT Signature.");
            }
        }
        return granted(email);
    }

    private Optional<String> problem(JsonNode header, JsonNode claims, String ownAddress) {
        Instant now = clock.instant();
        Instant issuedAt = Instant.ofEpochSecond(claims.path("iat").asLong());
        Instant expiresAt = Instant.ofEpochSecond(claims.path("exp").asLong());
        String audience = claims.path("aud").asText();
        if (!header.path("alg").asText().equals("RS256")) {
            return Optional.of("Invalid JWT: only RS256");
        }
        if (claims.path("iss").asText().isBlank()) {
            return Optional.of("Invalid JWT: iss");
        }
        if (!audience.equals(GOOGLE) && !audience.equals(ownAddress)) {
            return Optional.of("Invalid JWT: aud");
        }
        if (issuedAt.isAfter(now.plus(CLOCK_SKEW))
                || expiresAt.isBefore(now)
                || Duration.between(issuedAt, expiresAt).compareTo(LONGEST_ASSERTION) > 0) {
            return Optional.of("Invalid JWT: Token must be a short-lived token (60 minutes)");
        }
        boolean isScoped =
                Stream.of(claims.path("scope").asText().split(" ", -1)).anyMatch(SCOPES::contains);
        return isScoped ? Optional.empty() : Optional.of("scope does not cover messaging");
    }

    private FcmReaction granted(String email) {
        String token = "simulated." + ++count + "." + Long.toHexString(System.nanoTime());
        issued.put(token, new Issued(email, clock.instant().plus(lifetime)));
        return FcmReaction.status(
                200,
                JSON.createObjectNode()
                        .put("access_token", token)
                        .put("expires_in", lifetime.toSeconds())
                        .put("token_type", "Bearer")
                        .toString());
    }

    private static FcmReaction refused(String error, String description) {
        return FcmReaction.status(400, FcmErrors.oauth(error, description));
    }

    private static boolean isSigned(String[] parts, PublicKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<JsonNode> decoded(String part) {
        try {
            return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(part)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> fields(String form) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                fields.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return fields;
    }
}
