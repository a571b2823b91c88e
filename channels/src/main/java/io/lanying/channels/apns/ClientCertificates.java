package io.lanying.channels.apns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens a {@code .p12} file: a client certificate with its key, under a password. */
final class ClientCertificates {

    private ClientCertificates() {}

    /** What is in it. */
    record Entry(X509Certificate certificate, PrivateKey key) {}

    /**
     * Opens it.
     *
     * @param problem told what is expected if it does not open
     */
    static Optional<Entry> open(String base64, String password, Consumer<String> problem) {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            problem.accept("the .p12 file in Base64");
            return Optional.empty();
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    return Optional.of(new Entry(certificate, key));
                }
            }
            problem.accept("a .p12 file with a certificate and its key");
        } catch (IOException | GeneralSecurityException e) {
            // The cause is not passed on: it may quote the file.
            problem.accept("a .p12 file that opens with the password");
        }
        return Optional.empty();
    }
}
