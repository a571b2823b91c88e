package io.lanying.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 for a server, from a PEM certificate chain and a PEM PKCS#8 key (RSA, EC or Ed25519) that may be replaced
 * while running. Connections keep what they began with. Thread-safe.
 */
public final class PemTls {

    private static final Logger LOG = LoggerFactory.getLogger(PemTls.class);
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    private static final char[] NO_PASSWORD = new char[0];

    private final Path cert;
    private final Path key;
    private volatile Loaded loaded;

    private PemTls(Path cert, Path key, Loaded loaded) {
        this.cert = cert;
        this.key = key;
        this.loaded = loaded;
    }

    /** What the files looked like when they were read. */
    private record Stamp(FileTime cert, long certSize, FileTime key, long keySize) {}

    private record Loaded(Stamp stamp, SSLContext context) {}

    /**
     * Reads both files. Blocks.
     *
     * @throws IllegalArgumentException with one clear sentence if they cannot be used
     */
    public static PemTls load(Path cert, Path key) {
        try {
            return new PemTls(cert, key, read(cert, key));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the TLS files: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot use the TLS files: " + e.getMessage(), e);
        }
    }

    /** An engine for one new connection. */
    public SSLEngine engine() {
        var engine = loaded.context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        return engine;
    }

    /** Reads the files again if they changed; a pair that cannot be used, as while it is being replaced, is left alone. Blocks. */
    public void reloadIfChanged() {
        try {
            if (!stamp(cert, key).equals(loaded.stamp)) {
                loaded = read(cert, key);
                LOG.info("new TLS certificate in use");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("the TLS files changed and cannot be used, the old certificate stays: {}", e.getMessage());
        }
    }

    private static Loaded read(Path cert, Path key) throws IOException, GeneralSecurityException {
        var stamp = stamp(cert, key);
        var chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(cert)))
                .toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw new IllegalArgumentException("there is no certificate in " + cert.getFileName());
        }
        var privateKey = privateKey(Files.readString(key, StandardCharsets.US_ASCII));
        requirePair(chain[0], privateKey);
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("server", privateKey, NO_PASSWORD, chain);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new Loaded(stamp, context);
    }

    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        var matcher = PEM.matcher(pem);
        if (!matcher.find() || !matcher.group(1).equals("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "the TLS key must be PEM in PKCS#8, unencrypted: convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                LOG.debug("the TLS key is not {}", algorithm);
            }
        }
        throw new IllegalArgumentException("the TLS key is neither RSA nor EC nor Ed25519");
    }

    /** The JDK would accept a key of another certificate, and every handshake would fail. */
    private static void requirePair(Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        byte[] text = "pair".getBytes(StandardCharsets.US_ASCII);
        var signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(text);
        byte[] signature = signer.sign();
        var verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(text);
        if (!verifier.verify(signature)) {
            throw new IllegalArgumentException("the TLS key does not belong to the certificate");
        }
    }

    private static Stamp stamp(Path cert, Path key) throws IOException {
        return new Stamp(
                Files.getLastModifiedTime(cert), Files.size(cert), Files.getLastModifiedTime(key), Files.size(key));
    }
}
