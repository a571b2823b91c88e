package io.lanying.channels.simulator.fcm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;

/**
 * A service account that only simulators know, with a fresh key: {@link #credential} is what {@code PUT /v1/channels/fcm/production}
 * takes.
 */
public final class SimulatedServiceAccount {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int KEY_BITS = 2048;

    private final String projectId;
    private final String clientEmail;
    private final KeyPair keys;

    private SimulatedServiceAccount(String projectId, KeyPair keys) {
        this.projectId = projectId;
        this.clientEmail = "pusher@" + projectId + ".iam.gserviceaccount.com";
        this.keys = keys;
    }

    /** Makes one for a project; takes a good part of a second. */
    public static SimulatedServiceAccount generate(String projectId) {
        return generate(projectId, KEY_BITS);
    }

    /** The same with a key of another length. */
    public static SimulatedServiceAccount generate(String projectId, int keyBits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(keyBits);
            return new SimulatedServiceAccount(projectId, generator.generateKeyPair());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    public String projectId() {
        return projectId;
    }

    public String clientEmail() {
        return clientEmail;
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }

    public PrivateKey privateKey() {
        return keys.getPrivate();
    }

    /** The file as Google's console hands it out, open for changes. */
    public ObjectNode file() {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return JSON.createObjectNode()
                .put("type", "service_account")
                .put("project_id", projectId)
                .put("private_key_id", "simulated")
                .put("private_key", pem)
                .put("client_email", clientEmail)
                .put("client_id", "100000000000000000000")
                .put("auth_uri", "https://accounts.google.com/o/oauth2/auth")
                .put("token_uri", "https://oauth2.googleapis.com/token")
                .put("universe_domain", "googleapis.com");
    }

    /** The credential's JSON for this product. */
    public byte[] credential() {
        return credential(file());
    }

    /** The credential's JSON around any file. */
    public static byte[] credential(ObjectNode file) {
        return JSON.createObjectNode()
                .<ObjectNode>set("serviceAccount", file)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
