package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.ApnsClientBuilder;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a tenant proves itself to Apple with. Holds a private key: never rendered. */
interface ApnsCredential {

    /** The app that pushes go to unless the device's token names another. */
    String topic();

    /** What may be shown of it. */
    String summary();

    /** When it ends by itself. */
    Optional<Instant> expiresAt();

    /** Gives it to a client. */
    void giveTo(ApnsClientBuilder client, Duration tokenAge);

    /** A signing key ({@code .p8}): good for all apps of a team, in both environments unless Apple limited it. */
    record Token(String teamId, String keyId, ECPrivateKey key, String topic) implements ApnsCredential {

        @Override
        public String summary() {
            return "token, team " + teamId + ", key " + keyId + ", topic " + topic;
        }

        @Override
        public Optional<Instant> expiresAt() {
            return Optional.empty();
        }

        @Override
        public void giveTo(ApnsClientBuilder client, Duration tokenAge) {
            try {
                client.setSigningKey(new com.eatthepath.pushy.apns.auth.ApnsSigningKey(keyId, teamId, key))
                        .setTokenExpiration(tokenAge);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a key that was checked does not sign", e);
            }
        }

        @Override
        public String toString() {
            return summary();
        }
    }

    /** A client certificate ({@code .p12}): good for one app, for about a year. */
    record Certificate(X509Certificate certificate, PrivateKey key, String topic) implements ApnsCredential {

        @Override
        public String summary() {
            return "certificate until " + certificate.getNotAfter().toInstant() + ", topic " + topic;
        }

        @Override
        public Optional<Instant> expiresAt() {
            return Optional.of(certificate.getNotAfter().toInstant());
        }

        @Override
        @SuppressWarnings("NullAway") // the key is not under a password any more
        public void giveTo(ApnsClientBuilder client, Duration tokenAge) {
            client.setClientCredentials(certificate, key, null);
        }

        @Override
        public String toString() {
            return summary();
        }
    }
}
