package io.lanying.http.outbound;

import com.typesafe.config.Config;
import io.lanying.protocol.address.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code push.http.outbound}; the keys are described in {@code reference.conf}.
 *
 * @param allowed networks that may be called although they are not public
 * @param trust PEM file of what certificates must lead to; absent: what Java trusts
 */
public record OutboundSettings(List<Network> allowed, Optional<Path> trust) {

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with one clear sentence if a network is none
     */
    public static OutboundSettings from(Config root) {
        var config = root.getConfig("push.http.outbound");
        String trust = config.getString("trust").strip();
        return new OutboundSettings(
                networks(config.getString("allowed-networks")),
                trust.isEmpty() ? Optional.empty() : Optional.of(Path.of(trust)));
    }

    private static List<Network> networks(String list) {
        try {
            return Stream.of(list.split(","))
                    .map(String::strip)
                    .filter(network -> !network.isEmpty())
                    .map(Network::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("push.http.outbound.allowed-networks: " + e.getMessage(), e);
        }
    }

    /**
     * TLS that believes what these say. Reads the file, so it may block for a moment: for a node's start.
     *
     * @throws IllegalArgumentException with one clear sentence if the file cannot be used
     */
    SSLContext tls() {
        try {
            if (trust.isEmpty()) {
                return SSLContext.getDefault();
            }
            var roots = KeyStore.getInstance(KeyStore.getDefaultType());
            roots.load(null, null);
            try (InputStream in = Files.newInputStream(trust.get())) {
                for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    roots.setCertificateEntry("root" + roots.size(), certificate);
                }
            }
            if (roots.size() == 0) {
                throw new CertificateException("there is no certificate in it");
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(roots);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "push.http.outbound.trust must be a readable PEM file of certificates: " + e.getMessage(), e);
        }
    }
}
