package io.lanying.channels.apns;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings under {@code push.channels.apns}; each is explained in {@code reference.conf}.
 *
 * @param endpoint where to send instead of Apple
 * @param trust what the endpoint's certificate must lead to; empty for what Java trusts
 * @param maxInFlight requests under way on each connection
 */
record ApnsSettings(
        Optional<Endpoint> endpoint,
        List<X509Certificate> trust,
        int connections,
        int maxInFlight,
        Duration deadline,
        Duration connectTimeout,
        Duration tokenAge) {

    private static final int MAX_CONNECTIONS = 16;
    private static final int MAX_IN_FLIGHT = 1000;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration YOUNGEST_TOKEN = Duration.ofMinutes(20);
    private static final Duration OLDEST_TOKEN = Duration.ofMinutes(59);

    /** An address as host and port. */
    record Endpoint(String host, int port) {

        private static final int MAX_PORT = 65_535;

        static Endpoint parse(String text) {
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            if (colon < 1 || !port.matches("[0-9]{1,5}")) {
                throw bad("endpoint", "host:port");
            }
            int number = Integer.parseInt(port);
            if (number < 1 || number > MAX_PORT) {
                throw bad("endpoint", "a port from 1 to 65535");
            }
            return new Endpoint(text.substring(0, colon), number);
        }
    }

    ApnsSettings {
        trust = List.copyOf(trust);
        within("connections", connections, MAX_CONNECTIONS);
        within("max-in-flight", maxInFlight, MAX_IN_FLIGHT);
        within("deadline", deadline, SHORTEST_WAIT, LONGEST_WAIT);
        within("connect-timeout", connectTimeout, SHORTEST_WAIT, LONGEST_WAIT);
        within("token-age", tokenAge, YOUNGEST_TOKEN, OLDEST_TOKEN);
    }

    /**
     * Reads them.
     *
     * @param config the object at {@code push.channels.apns}
     * @throws IllegalArgumentException with one clear line if a value is out of its limits
     */
    static ApnsSettings from(Config config) {
        String endpoint = config.getString("endpoint");
        String trust = config.getString("trust");
        return new ApnsSettings(
                endpoint.isBlank() ? Optional.empty() : Optional.of(Endpoint.parse(endpoint.strip())),
                trust.isBlank() ? List.of() : certificates(Path.of(trust.strip())),
                config.getInt("connections"),
                config.getInt("max-in-flight"),
                config.getDuration("deadline"),
                config.getDuration("connect-timeout"),
                config.getDuration("token-age"));
    }

    private static List<X509Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = new ArrayList<>();
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .forEach(certificate -> found.add((X509Certificate) certificate));
            if (found.isEmpty()) {
                throw bad("trust", "a PEM file with at least one certificate");
            }
            return found;
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "push.channels.apns.trust must be a readable PEM file of certificates: " + file, e);
        }
    }

    private static void within(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw bad(key, "from 1 to " + most);
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw bad(key, "from " + least + " to " + most);
        }
    }

    private static IllegalArgumentException bad(String key, String expected) {
        return new IllegalArgumentException("push.channels.apns." + key + " must be " + expected);
    }
}
