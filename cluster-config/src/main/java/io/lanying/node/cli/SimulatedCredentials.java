package io.lanying.node.cli;

import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Credentials that only a simulator takes, with keys made for the occasion. */
final class SimulatedCredentials {

    private static final String TEAM = "SIMULATED1";
    private static final String KEY = "SIMKEY0001";
    private static final String TOPIC = "com.example.app";

    private SimulatedCredentials() {}

    /** For {@code PUT /v1/channels/apns/production}; the simulator checks the signatures made with it. */
    static byte[] apns(ApnsSimulator simulator) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            simulator.trustKey(TEAM, KEY, keys.getPublic());
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(keys.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
            return Json.object()
                    .put("type", "token")
                    .put("teamId", TEAM)
                    .put("keyId", KEY)
                    .put("key", pem)
                    .put("topic", TOPIC)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has elliptic curves", e);
        }
    }

    /** For {@code PUT /v1/channels/fcm/production}; the simulator checks the assertions made with it. */
    static byte[] fcm(FcmSimulator simulator) {
        SimulatedServiceAccount account = SimulatedServiceAccount.generate("simulated-project");
        simulator.trust(account);
        return account.credential();
    }
}
