package io.lanying.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.lanying.http.TestApi;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Forged, altered, stale and foreign session tokens (matrix A3). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceTokensTest {

    private static final byte[] KEY = Secrets.sha256("signing acme");
    private static final long NOW = TestApi.NOW.getEpochSecond();

    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi();
        api.tenantWithKey("acme", "*");
        api.tenantWithKey("rival", "*");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void takesAGoodToken() {
        var principal = verify(token(header("HS256"), claims(), KEY));

        assertThat(principal)
                .hasValue(new DevicePrincipal("acme", "d1", Optional.of("u1"), 3, Instant.ofEpochSecond(NOW + 600)));
    }

    @Test
    void takesATokenUntilItsLastSecondAndFromASlightlyFastClock() {
        assertThat(verify(token(header("HS256"), with("exp", NOW + 1), KEY))).isPresent();
        assertThat(verify(token(header("HS256"), with("exp", NOW), KEY))).isEmpty();
        assertThat(verify(token(header("HS256"), with("nbf", NOW + 60), KEY))).isPresent();
        assertThat(verify(token(header("HS256"), with("nbf", NOW + 61), KEY))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void refuses(String name, String token) {
        assertThat(verify(token)).isEmpty();
    }

    static Stream<Arguments> forged() {
        String good = token(header("HS256"), claims(), KEY);
        String[] parts = good.split("\\.", -1);
        return Stream.of(
                Arguments.of("empty", ""),
                Arguments.of("no token at all", "abc"),
                Arguments.of("very long", "a".repeat(100_000)),
                Arguments.of(
                        "alg none, no signature",
                        raw("{\"alg\":\"none\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}", claims(), "")),
                Arguments.of(
                        "alg None",
                        raw(
                                "{\"alg\":\"None\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}",
                                claims(),
                                parts[2])),
                Arguments.of("signature cut off", parts[0] + "." + parts[1] + "."),
                Arguments.of("signature of another key", token(header("HS256"), claims(), Secrets.sha256("guess"))),
                Arguments.of("signature of the empty text", token(header("HS256"), claims(), new byte[32])),
                Arguments.of("claims altered", parts[0] + "." + encode(json(with("device", "d2"))) + "." + parts[2]),
                Arguments.of(
                        "header altered",
                        encode("{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"x\":1}") + "."
                                + parts[1] + "." + parts[2]),
                Arguments.of("HS384", token(header("HS384"), claims(), longKey())),
                Arguments.of("HS512", token(header("HS512"), claims(), longKey())),
                Arguments.of(
                        "RS256 with the secret as key",
                        raw(
                                "{\"alg\":\"RS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}",
                                claims(),
                                parts[2])),
                Arguments.of("typ JWT", token(typed("JWT"), claims(), KEY)),
                Arguments.of(
                        "no typ",
                        token(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .keyID("s-acme")
                                        .build(),
                                claims(),
                                KEY)),
                Arguments.of(
                        "no kid",
                        token(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .type(DeviceTokens.TYPE)
                                        .build(),
                                claims(),
                                KEY)),
                Arguments.of("kid that is a path", token(named("../../../../dev/null"), claims(), KEY)),
                Arguments.of("kid that is SQL", token(named("' OR 1=1 --"), claims(), KEY)),
                Arguments.of(
                        "kid of another tenant", token(named("s-rival"), claims(), Secrets.sha256("signing rival"))),
                Arguments.of(
                        "other tenant's key, our tenant's kid",
                        token(named("s-acme"), claims(), Secrets.sha256("signing rival"))),
                Arguments.of(
                        "other tenant's token for our tenant",
                        token(named("s-rival"), with("tenant", "acme"), Secrets.sha256("signing rival"))),
                Arguments.of("our token for another tenant", token(named("s-acme"), with("tenant", "rival"), KEY)),
                Arguments.of("unknown tenant", token(named("s-nobody"), with("tenant", "nobody"), KEY)),
                Arguments.of("tenant that is no id", token(named("s-acme"), with("tenant", "acme:d1|x"), KEY)),
                Arguments.of("tenant that is no text", token(named("s-acme"), with("tenant", 1), KEY)),
                Arguments.of(
                        "critical header",
                        raw(
                                "{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"crit\":[\"exp\"],\"exp\":1}",
                                claims(),
                                parts[2])),
                Arguments.of(
                        "its own key in the header",
                        raw(
                                "{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}",
                                claims(),
                                parts[2])),
                Arguments.of("expired", token(header("HS256"), with("exp", NOW - 1), KEY)),
                Arguments.of("no end", token(header("HS256"), without("exp"), KEY)),
                Arguments.of("not yet", token(header("HS256"), with("nbf", NOW + 3_600), KEY)),
                Arguments.of("no beginning", token(header("HS256"), without("nbf"), KEY)),
                Arguments.of("issued in the future", token(header("HS256"), with("iat", NOW + 3_600), KEY)),
                Arguments.of("no time of issue", token(header("HS256"), without("iat"), KEY)),
                Arguments.of("wrong issuer", token(header("HS256"), with("iss", "evil"), KEY)),
                Arguments.of("no issuer", token(header("HS256"), without("iss"), KEY)),
                Arguments.of("wrong audience", token(header("HS256"), with("aud", "lanying-service"), KEY)),
                Arguments.of(
                        "audience among others",
                        token(header("HS256"), with("aud", List.of("lanying-device", "x")), KEY)),
                Arguments.of("no audience", token(header("HS256"), without("aud"), KEY)),
                Arguments.of("no device", token(header("HS256"), without("device"), KEY)),
                Arguments.of("device that is no id", token(header("HS256"), with("device", "a:b"), KEY)),
                Arguments.of("no binding", token(header("HS256"), without("binding"), KEY)),
                Arguments.of("binding that is no number", token(header("HS256"), with("binding", "3"), KEY)));
    }

    @Test
    void tokensOfADeletedTenantAreVoidWithinTheLease() {
        api.tenantWithKey("brief", "*");
        var claims = with("tenant", "brief");
        String token = token(named("s-brief"), claims, Secrets.sha256("signing brief"));
        assertThat(verify(token)).isPresent();
        api.tenants.remove("brief");
        api.nanos.addAndGet(5_000_000_000L);
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void saysUnavailableWhenTheTenantCannotBeAsked() {
        api.tenantWithKey("far", "*");
        String token = token(named("s-far"), with("tenant", "far"), Secrets.sha256("signing far"));
        api.tenantsDown = true;
        try {
            Assertions.assertThatThrownBy(() -> verify(token)).isInstanceOf(CompletionException.class);
        } finally {
            api.tenantsDown = false;
        }
    }

    private Optional<DevicePrincipal> verify(String token) {
        return api.deviceAuthenticator()
                .authenticate(token)
                .toCompletableFuture()
                .join();
    }

    private static Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", "lanying");
        claims.put("aud", "lanying-device");
        claims.put("iat", NOW);
        claims.put("nbf", NOW);
        claims.put("exp", NOW + 600);
        claims.put("tenant", "acme");
        claims.put("device", "d1");
        claims.put("user", "u1");
        claims.put("binding", 3);
        return claims;
    }

    private static Map<String, Object> with(String name, Object value) {
        var claims = claims();
        claims.put(name, value);
        return claims;
    }

    private static Map<String, Object> without(String name) {
        var claims = claims();
        claims.remove(name);
        return claims;
    }

    private static JWSHeader header(String algorithm) {
        return new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .type(DeviceTokens.TYPE)
                .keyID("s-acme")
                .build();
    }

    private static JWSHeader named(String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(DeviceTokens.TYPE)
                .keyID(keyId)
                .build();
    }

    private static JWSHeader typed(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType(type))
                .keyID("s-acme")
                .build();
    }

    private static byte[] longKey() {
        byte[] key = new byte[64];
        System.arraycopy(KEY, 0, key, 0, 32);
        return key;
    }

    private static String token(JWSHeader header, Map<String, Object> claims, byte[] key) {
        var builder = new JWTClaimsSet.Builder();
        claims.forEach((name, value) -> builder.claim(
                name,
                List.of("iat", "nbf", "exp").contains(name) ? Date.from(Instant.ofEpochSecond((Long) value)) : value));
        var jwt = new SignedJWT(header, builder.build());
        try {
            jwt.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static String raw(String header, Map<String, Object> claims, String signature) {
        return encode(header) + "." + encode(json(claims)) + "." + signature;
    }

    private static String json(Map<String, Object> claims) {
        return new String(io.lanying.http.json.Json.bytes(claims), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
