package io.lanying.node;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Credentials as vendors hand them out, with keys of our own. */
final class VendorCredentials {

    private VendorCredentials() {}

    /** The body of {@code PUT /v1/channels/apns/…} with a new signing key. */
    static String apns(String keyId) {
        return apns(keyId, newKey());
    }

    /** The same with this key. */
    static String apns(String keyId, KeyPair key) {
        return "{\"type\":\"token\",\"teamId\":\"TEAM000001\",\"keyId\":\"" + keyId
                + "\",\"key\":\"-----BEGIN PRIVATE KEY-----\\n" + text(key)
                + "\\n-----END PRIVATE KEY-----\\n\",\"topic\":\"com.example.app\"}";
    }

    /** The body of {@code PUT /v1/channels/fcm/production} with a new key. */
    static String fcm(String project) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return "{\"serviceAccount\":{\"type\":\"service_account\",\"project_id\":\"" + project
                    + "\",\"client_email\":\"push@example.com\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n"
                    + text(generator.generateKeyPair()) + "\\n-----END PRIVATE KEY-----\\n\"}}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A P-256 key. */
    static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The secret part in PKCS #8, in unwrapped Base64. */
    static String text(KeyPair key) {
        return Base64.getEncoder().encodeToString(key.getPrivate().getEncoded());
    }
}
