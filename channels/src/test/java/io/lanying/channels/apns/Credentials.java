package io.lanying.channels.apns;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.simulator.apns.SelfSignedIdentity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/** Credentials for tests, with keys made on the spot. */
final class Credentials {

    static final String TEAM = "ABCDE12345";
    static final String KEY_ID = "ABC123DEFG";
    static final String TOPIC = "com.example.app";

    private Credentials() {}

    static KeyPair keyPair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(byte[] encoded) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
    }

    static ObjectNode token(String pem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "token")
                .put("teamId", TEAM)
                .put("keyId", KEY_ID)
                .put("key", pem)
                .put("topic", TOPIC);
    }

    static ObjectNode token() {
        return token(pem(keyPair("secp256r1").getPrivate().getEncoded()));
    }

    static byte[] bytes(ObjectNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ObjectNode certificate(Instant notBefore, Instant notAfter, String password) {
        SelfSignedIdentity identity = SelfSignedIdentity.create("push.example", notBefore, notAfter);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "push", identity.key(), password.toCharArray(), new Certificate[] {identity.certificate()});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password.toCharArray());
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "certificate")
                    .put("p12", Base64.getEncoder().encodeToString(out.toByteArray()))
                    .put("password", password)
                    .put("topic", TOPIC);
        } catch (java.io.IOException | java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
