package io.lanying.micro.apns;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A signing key as Apple gives to teams, made on the spot. */
record SigningKey(ECPrivateKey key) {

    static final String TEAM = "BENCHMARK1";
    static final String ID = "BENCHKEY01";
    static final String TOPIC = "com.example.app";

    static SigningKey make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new SigningKey((ECPrivateKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has elliptic curves", e);
        }
    }

    /** What a tenant would put as its channel's credential. */
    byte[] credential() {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        String pem = "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
        return "{\"type\":\"token\",\"teamId\":\"%s\",\"keyId\":\"%s\",\"key\":\"%s\",\"topic\":\"%s\"}"
                .formatted(TEAM, ID, pem.replace("\n", "\\n"), TOPIC)
                .getBytes(StandardCharsets.UTF_8);
    }
}
