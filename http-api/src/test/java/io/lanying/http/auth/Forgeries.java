package io.lanying.http.auth;

import static java.util.Map.entry;

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

/** Session tokens that are forged, altered, stale or foreign, for a server with tenants {@code acme} and {@code rival}. */
public final class Forgeries {

    static final byte[] KEY = Secrets.sha256("signing acme");
    static final long NOW = TestApi.NOW.getEpochSecond();

    private Forgeries() {}

    /** All of them by name; none may be taken for tenant {@code acme}'s device {@code d1}. */
    public static Map<String, String> all() {
        String good = token(header("HS256"), claims(), KEY);
        String[] parts = good.split("\\.", -1);
        return byName(
                entry("empty", ""),
                entry("no token at all", "abc"),
                entry("very long", "a".repeat(100_000)),
                entry(
                        "alg none, no signature",
                        raw("{\"alg\":\"none\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}", claims(), "")),
                entry(
                        "alg None",
                        raw(
                                "{\"alg\":\"None\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}",
                                claims(),
                                parts[2])),
                entry("signature cut off", parts[0] + "." + parts[1] + "."),
                entry("signature of another key", token(header("HS256"), claims(), Secrets.sha256("guess"))),
                entry("signature of the empty text", token(header("HS256"), claims(), new byte[32])),
                entry("claims altered", parts[0] + "." + encode(json(with("device", "d2"))) + "." + parts[2]),
                entry(
                        "header altered",
                        encode("{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"x\":1}") + "."
                                + parts[1] + "." + parts[2]),
                entry("HS384", token(header("HS384"), claims(), longKey())),
                entry("HS512", token(header("HS512"), claims(), longKey())),
                entry(
                        "RS256 with the secret as key",
                        raw(
                                "{\"alg\":\"RS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\"}",
                                claims(),
                                parts[2])),
                entry("typ JWT", token(typed("JWT"), claims(), KEY)),
                entry(
                        "no typ",
                        token(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .keyID("s-acme")
                                        .build(),
                                claims(),
                                KEY)),
                entry(
                        "no kid",
                        token(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .type(DeviceTokens.TYPE)
                                        .build(),
                                claims(),
                                KEY)),
                entry("kid that is a path", token(named("../../../../dev/null"), claims(), KEY)),
                entry("kid that is SQL", token(named("' OR 1=1 --"), claims(), KEY)),
                entry("kid of another tenant", token(named("s-rival"), claims(), Secrets.sha256("signing rival"))),
                entry(
                        "other tenant's key, our tenant's kid",
                        token(named("s-acme"), claims(), Secrets.sha256("signing rival"))),
                entry(
                        "other tenant's token for our tenant",
                        token(named("s-rival"), with("tenant", "acme"), Secrets.sha256("signing rival"))),
                entry("our token for another tenant", token(named("s-acme"), with("tenant", "rival"), KEY)),
                entry("unknown tenant", token(named("s-nobody"), with("tenant", "nobody"), KEY)),
                entry("tenant that is no id", token(named("s-acme"), with("tenant", "acme:d1|x"), KEY)),
                entry("tenant that is no text", token(named("s-acme"), with("tenant", 1), KEY)),
                entry(
                        "critical header",
                        raw(
                                "{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"crit\":[\"exp\"],\"exp\":1}",
                                claims(),
                                parts[2])),
                entry(
                        "its own key in the header",
                        raw(
                                "{\"alg\":\"HS256\",\"typ\":\"lanying-device+jwt\",\"kid\":\"s-acme\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}",
                                claims(),
                                parts[2])),
                entry("expired", token(header("HS256"), with("exp", NOW - 1), KEY)),
                entry("no end", token(header("HS256"), without("exp"), KEY)),
                entry("not yet", token(header("HS256"), with("nbf", NOW + 3_600), KEY)),
                entry("no beginning", token(header("HS256"), without("nbf"), KEY)),
                entry("issued in the future", token(header("HS256"), with("iat", NOW + 3_600), KEY)),
                entry("no time of issue", token(header("HS256"), without("iat"), KEY)),
                entry("wrong issuer", token(header("HS256"), with("iss", "evil"), KEY)),
                entry("no issuer", token(header("HS256"), without("iss"), KEY)),
                entry("wrong audience", token(header("HS256"), with("aud", "lanying-service"), KEY)),
                entry(
                        "audience among others",
                        token(header("HS256"), with("aud", List.of("lanying-device", "x")), KEY)),
                entry("no audience", token(header("HS256"), without("aud"), KEY)),
                entry("no device", token(header("HS256"), without("device"), KEY)),
                entry("device that is no id", token(header("HS256"), with("device", "a:b"), KEY)),
                entry("no binding", token(header("HS256"), without("binding"), KEY)),
                entry("binding that is no number", token(header("HS256"), with("binding", "3"), KEY)));
    }

    /** One that a tenant nobody has heard of seems to have signed. */
    public static String ofTenant(String tenant) {
        return token(named("s-" + tenant), with("tenant", tenant), Secrets.sha256("guess"));
    }

    @SafeVarargs
    private static Map<String, String> byName(Map.Entry<String, String>... tokens) {
        var all = new LinkedHashMap<String, String>();
        for (var token : tokens) {
            all.put(token.getKey(), token.getValue());
        }
        return all;
    }

    static Map<String, Object> claims() {
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

    static Map<String, Object> with(String name, Object value) {
        var claims = claims();
        claims.put(name, value);
        return claims;
    }

    static Map<String, Object> without(String name) {
        var claims = claims();
        claims.remove(name);
        return claims;
    }

    static JWSHeader header(String algorithm) {
        return new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .type(DeviceTokens.TYPE)
                .keyID("s-acme")
                .build();
    }

    static JWSHeader named(String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(DeviceTokens.TYPE)
                .keyID(keyId)
                .build();
    }

    static JWSHeader typed(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType(type))
                .keyID("s-acme")
                .build();
    }

    static byte[] longKey() {
        byte[] key = new byte[64];
        System.arraycopy(KEY, 0, key, 0, 32);
        return key;
    }

    static String token(JWSHeader header, Map<String, Object> claims, byte[] key) {
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

    static String raw(String header, Map<String, Object> claims, String signature) {
        return encode(header) + "." + encode(json(claims)) + "." + signature;
    }

    static String json(Map<String, Object> claims) {
        return new String(io.lanying.http.json.Json.bytes(claims), StandardCharsets.UTF_8);
    }

    static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
