package io.lanying.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 from a PEM certificate chain and a PEM PKCS#8 key (RSA, EC or Ed25519) that may be replaced while running: for
 * a server, or mutual, for both sides. Connections keep what they began with. Thread-safe.
 */
public final class PemTls {

    private static final Logger LOG = LoggerFactory.getLogger(PemTls.class);
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = new char[0];

    private final Pems files;
    private volatile Loaded loaded;

    private PemTls(Pems files, Loaded loaded) {
        this.files = files;
        this.loaded = loaded;
    }

    /** Where it all is; without authorities it is for a server whose clients show no certificate. */
    private record Pems(Path cert, Path key, Optional<Path> authorities) {

        Stamp stamp() throws IOException {
            var stamp = new ArrayList<Object>();
            for (Path file :
                    authorities.map(trusted -> List.of(cert, key, trusted)).orElse(List.of(cert, key))) {
                stamp.add(Files.getLastModifiedTime(file));
                stamp.add(Files.size(file));
            }
            return new Stamp(stamp);
        }
    }

    /** What the files looked like when they were read. */
    private record Stamp(List<Object> timesAndSizes) {}

    private record Loaded(Stamp stamp, SSLContext context) {}

    /**
     * For a server. Blocks.
     *
     * @throws IllegalArgumentException with one clear sentence if the files cannot be used
     */
    public static PemTls load(Path cert, Path key) {
        return load(new Pems(cert, key, Optional.empty()));
    }

    /**
     * For both sides, each of which must show a certificate that one of the authorities signed. Blocks.
     *
     * @param authorities PEM certificates; nobody else's word counts, not that of the authorities of the JDK either
     * @throws IllegalArgumentException with one clear sentence if the files cannot be used
     */
    public static PemTls loadMutual(Path cert, Path key, Path authorities) {
        return load(new Pems(cert, key, Optional.of(authorities)));
    }

    private static PemTls load(Pems files) {
        try {
            return new PemTls(files, read(files));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the TLS files: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot use the TLS files: " + e.getMessage(), e);
        }
    }

    /** An engine for one new connection that somebody opens to us. */
    public SSLEngine engine() {
        var engine = loaded.context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS.clone());
        engine.setNeedClientAuth(files.authorities.isPresent());
        return engine;
    }

    /** An engine for one new connection that we open: the other's certificate must name this host, as RFC 2818 says. */
    public SSLEngine clientEngine(String host, int port) {
        var engine = loaded.context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(PROTOCOLS.clone());
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Reads the files again if they changed; a pair that cannot be used, as while it is being replaced, is left alone. Blocks. */
    public void reloadIfChanged() {
        try {
            if (!files.stamp().equals(loaded.stamp)) {
                loaded = read(files);
                LOG.info("new TLS certificate in use");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("the TLS files changed and cannot be used, the old certificate stays: {}", e.getMessage());
        }
    }

    private static Loaded read(Pems files) throws IOException, GeneralSecurityException {
        var stamp = files.stamp();
        var chain = certificates(files.cert);
        var privateKey = privateKey(Files.readString(files.key, StandardCharsets.US_ASCII));
        requirePair(chain[0], privateKey);
        var store = emptyStore();
        store.setKeyEntry("own", privateKey, NO_PASSWORD, chain);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(),
                files.authorities.isPresent() ? trusting(certificates(files.authorities.get())) : null,
                null);
        return new Loaded(stamp, context);
    }

    private static TrustManager[] trusting(Certificate[] authorities) throws IOException, GeneralSecurityException {
        var store = emptyStore();
        for (int number = 0; number < authorities.length; number++) {
            store.setCertificateEntry("authority" + number, authorities[number]);
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        var found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .toArray(Certificate[]::new);
        if (found.length == 0) {
            throw new IllegalArgumentException("there is no certificate in " + file.getFileName());
        }
        return found;
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
}
