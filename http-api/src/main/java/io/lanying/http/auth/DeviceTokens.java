package io.lanying.http.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Checked;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Issues and verifies device session tokens (RFC 8725): HS256 and nothing else, typ {@code lanying-device+jwt}, one signing
 * key per tenant. Header and claims only say where to look; what is found there decides. Thread-safe.
 */
public final class DeviceTokens implements DeviceAuthenticator {

    static final JOSEObjectType TYPE = new JOSEObjectType("lanying-device+jwt");
    static final String ISSUER = "lanying";
    static final String AUDIENCE = "lanying-device";

    /** How far another node's clock may be ahead. */
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final int MAX_LENGTH = 4_096;
    private static final int MAX_KEYS = 10_000;

    private final TenantCache tenants;
    private final CredentialGuard guard;
    private final Sealing sealing;
    private final Clock clock;
    private final Cache<SigningKey, byte[]> secrets =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();

    public DeviceTokens(TenantCache tenants, CredentialGuard guard, Sealing sealing, Clock clock) {
        this.tenants = tenants;
        this.guard = guard;
        this.sealing = sealing;
        this.clock = clock;
    }

    /** A token and when it ends. */
    public record Issued(String token, Instant expiresAt) {

        @Override
        public String toString() {
            return "Issued[until " + expiresAt + "]";
        }
    }

    /** A new token for a device as it is bound now; empty if the tenant is gone. */
    public CompletionStage<Optional<Issued>> issue(
            EntityId device, Optional<String> userId, int binding, Duration timeToLive) {
        return tenants.view(device.tenant())
                .thenCompose(view -> view.map(found -> secretOf(device.tenant(), found.signingKey())
                                .thenApply(secret -> secret.map(bytes ->
                                        sign(found.signingKey().keyId(), bytes, device, userId, binding, timeToLive))))
                        .orElseGet(DeviceTokens::none));
    }

    @Override
    public CompletionStage<Checked<DevicePrincipal>> authenticate(String token, String source) {
        var parsed = parse(token);
        var known = parsed.flatMap(claimed -> keyNamed(claimed, tenants.known(claimed.claimedTenant())));
        // An unknown key id may only mean that the tenant was made anew a moment ago.
        var refusal = parsed.filter(claimed -> known.isEmpty())
                .flatMap(claimed -> guard.refusalToAsk(source, claimed.claimedTenant()));
        return refusal.isPresent()
                ? CompletableFuture.completedFuture(Checked.refused(refusal.get()))
                : parsed.map(claimed -> verified(claimed, known))
                        .orElseGet(DeviceTokens::none)
                        .thenApply(holder ->
                                holder.map(Checked::ok).orElseGet(() -> Checked.refused(guard.failed(source))));
    }

    private CompletionStage<Optional<DevicePrincipal>> verified(Parsed token, Optional<SigningKey> known) {
        String tenant = token.claimedTenant();
        var key = known.isPresent()
                ? CompletableFuture.completedFuture(known)
                : tenants.newer(tenant).thenApply(view -> keyNamed(token, view));
        return key.thenCompose(found -> found.map(
                        named -> secretOf(tenant, named).thenApply(secret -> secret.flatMap(token::verified)))
                .orElseGet(DeviceTokens::none));
    }

    private static Optional<SigningKey> keyNamed(Parsed token, Optional<TenantView> tenant) {
        return tenant.map(TenantView::signingKey).filter(key -> key.keyId().equals(token.keyId()));
    }

    private CompletionStage<Optional<byte[]>> secretOf(String tenant, SigningKey key) {
        byte[] cached = secrets.getIfPresent(key);
        if (cached != null) {
            return CompletableFuture.completedFuture(Optional.of(cached));
        }
        return Unavailable.when("the tenant's keys cannot be read", () -> sealing.existing(tenant, Subject.TENANT))
                .thenApply(sealer -> sealer.map(open -> {
                    byte[] secret = open.open(key.keyId(), "signingKey", key.secret());
                    secrets.put(key, secret);
                    return secret;
                }));
    }

    private Issued sign(
            String keyId, byte[] secret, EntityId device, Optional<String> userId, int binding, Duration timeToLive) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var expiresAt = now.plus(timeToLive);
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(expiresAt))
                .claim("tenant", device.tenant())
                .claim("device", device.id())
                .claim("user", userId.orElse(null))
                .claim("binding", binding)
                .build();
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(TYPE)
                .keyID(keyId)
                .build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("the tenant's signing key is not fit for HS256", e);
        }
        return new Issued(token.serialize(), expiresAt);
    }

    private Optional<Parsed> parse(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            var jwt = SignedJWT.parse(token);
            var header = jwt.getHeader();
            var claims = jwt.getJWTClaimsSet();
            boolean ours = JWSAlgorithm.HS256.equals(header.getAlgorithm())
                    && TYPE.equals(header.getType())
                    && header.getKeyID() != null
                    && header.getCriticalParams() == null
                    && claims != null;
            if (!ours) {
                return Optional.empty();
            }
            String tenant = claims.getStringClaim("tenant");
            return tenant != null && EntityId.isValid(tenant)
                    ? Optional.of(new Parsed(jwt, claims, tenant, header.getKeyID(), clock.instant()))
                    : Optional.empty();
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static <T> CompletionStage<Optional<T>> none() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** A token that could be ours; nothing in it is believed before {@link #verified}. */
    private record Parsed(SignedJWT jwt, JWTClaimsSet claims, String claimedTenant, String keyId, Instant now) {

        Optional<DevicePrincipal> verified(byte[] secret) {
            try {
                return jwt.verify(new MACVerifier(secret)) && isCurrent() ? principal() : Optional.empty();
            } catch (JOSEException | ParseException e) {
                return Optional.empty();
            }
        }

        private boolean isCurrent() {
            var latest = now.plus(SKEW);
            return ISSUER.equals(claims.getIssuer())
                    && List.of(AUDIENCE).equals(claims.getAudience())
                    && claims.getExpirationTime() != null
                    && claims.getExpirationTime().toInstant().isAfter(now)
                    && claims.getNotBeforeTime() != null
                    && !claims.getNotBeforeTime().toInstant().isAfter(latest)
                    && claims.getIssueTime() != null
                    && !claims.getIssueTime().toInstant().isAfter(latest);
        }

        private Optional<DevicePrincipal> principal() throws ParseException {
            String device = claims.getStringClaim("device");
            Integer binding = claims.getIntegerClaim("binding");
            if (device == null || !EntityId.isValid(device) || binding == null) {
                return Optional.empty();
            }
            return Optional.of(new DevicePrincipal(
                    claimedTenant,
                    device,
                    Optional.ofNullable(claims.getStringClaim("user")),
                    binding,
                    claims.getExpirationTime().toInstant()));
        }
    }
}
