package io.lanying.http.auth;

import io.lanying.protocol.EntityId;
import java.util.Optional;
import java.util.regex.Pattern;

/** An API key as callers hold it: {@code lk_<tenant>/<keyId>/<secret>}. */
public record ApiKeyText(String tenant, String keyId, String secret) {

    public static final String PREFIX = "lk_";

    /** 256 bits in Base32. */
    private static final Pattern SECRET = Pattern.compile("[a-z2-7]{52}");

    /** A new key of a tenant. */
    public static ApiKeyText create(String tenant) {
        return new ApiKeyText(tenant, Secrets.newId("k"), Secrets.base32(Secrets.random(32)));
    }

    static Optional<ApiKeyText> parse(String text) {
        int first = text.indexOf('/');
        int last = text.lastIndexOf('/');
        if (!text.startsWith(PREFIX) || first < 0 || first == last) {
            return Optional.empty();
        }
        var key = new ApiKeyText(
                text.substring(PREFIX.length(), first), text.substring(first + 1, last), text.substring(last + 1));
        boolean sane = EntityId.isValid(key.tenant)
                && EntityId.isValid(key.keyId)
                && SECRET.matcher(key.secret).matches();
        return sane ? Optional.of(key) : Optional.empty();
    }

    /** The whole key, shown once. */
    public String reveal() {
        return PREFIX + tenant + "/" + keyId + "/" + secret;
    }

    @Override
    public String toString() {
        return PREFIX + tenant + "/" + keyId + "/…";
    }
}
