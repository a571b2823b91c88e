package io.lanying.http;

import akka.http.javadsl.settings.ServerSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.attachment.AttachmentSettings;
import io.lanying.http.error.ParsingErrors;
import io.lanying.http.inbox.InboxSettings;
import io.lanying.http.journal.StreamLimits;
import io.lanying.persistence.registry.RegistryQueries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings under {@code push.http}, read once at start; what contradicts itself is refused then. */
record HttpSettings(
        String host,
        int port,
        boolean http2,
        Optional<Tls> tls,
        int maxConnections,
        int backlog,
        Duration idleTimeout,
        Duration requestTimeout,
        Duration shutdownDeadline,
        Limits limits,
        StreamLimits streams,
        InboxSettings inbox,
        AttachmentSettings attachments) {

    private static final int MOST_UNANSWERED = 799;
    private static final Duration LONGEST_LEASE = Duration.ofSeconds(5);

    /** Where the certificate is and how often to look for a new one. */
    record Tls(Path cert, Path key, Duration reloadInterval) {}

    /** Bounds of work and memory. */
    record Limits(
            int maxUnanswered,
            Duration askTimeout,
            double requestsPerSecond,
            double requestsBurst,
            double failuresPerSecond,
            double failuresBurst,
            Duration tenantLease,
            int maxTenants,
            int maxRecipients,
            int maxStories,
            int maxOrdered) {

        Limits {
            require(maxUnanswered >= 1 && maxUnanswered <= MOST_UNANSWERED, "max-unanswered must be 1 to 799");
            require(requestsPerSecond > 0 && requestsBurst >= 1, "requests-per-second and -burst must be positive");
            require(failuresPerSecond > 0 && failuresBurst >= 1, "failed-credentials-… must be positive");
            require(
                    !tenantLease.isNegative() && tenantLease.compareTo(LONGEST_LEASE) <= 0,
                    "tenant-lease must be at most 5 s");
            require(maxTenants >= 1 && maxRecipients >= 1 && maxStories >= 1, "max-… must be positive");
            require(
                    maxOrdered >= 1 && maxOrdered < RegistryQueries.MAX_LIMIT,
                    "max-ordered-conversations must be 1 to " + (RegistryQueries.MAX_LIMIT - 1));
        }

        static Limits from(Config config) {
            return new Limits(
                    config.getInt("max-unanswered"),
                    config.getDuration("ask-timeout"),
                    config.getDouble("requests-per-second"),
                    config.getDouble("requests-burst"),
                    config.getDouble("failed-credentials-per-second"),
                    config.getDouble("failed-credentials-burst"),
                    config.getDuration("tenant-lease"),
                    config.getInt("max-tenants"),
                    config.getInt("max-recipients"),
                    config.getInt("max-stories"),
                    config.getInt("max-ordered-conversations"));
        }
    }

    HttpSettings {
        require(port >= 0 && port <= 65_535, "port must be 0 to 65535");
        require(maxConnections >= 1 && backlog >= 1, "max-connections and backlog must be positive");
        require(requestTimeout.compareTo(limits.askTimeout()) > 0, "request-timeout must be more than ask-timeout");
    }

    /** @param all the system's whole configuration */
    static HttpSettings from(Config all) {
        var config = all.getConfig("push.http");
        var streams = config.getConfig("journal-streams");
        return new HttpSettings(
                config.getString("host"),
                config.getInt("port"),
                config.getBoolean("http2"),
                tls(config.getConfig("tls")),
                config.getInt("max-connections"),
                config.getInt("backlog"),
                config.getDuration("idle-timeout"),
                config.getDuration("request-timeout"),
                config.getDuration("shutdown-deadline"),
                Limits.from(config),
                new StreamLimits(
                        streams.getInt("max"), streams.getDuration("poll-interval"), streams.getDuration("max-age")),
                InboxSettings.from(all),
                AttachmentSettings.from(all));
    }

    /** Akka HTTP's settings that follow from these, with limits on everything a stranger sends. */
    ServerSettings server(Config all) {
        var server = "akka.http.server.";
        var overrides = ConfigFactory.parseMap(Map.ofEntries(
                Map.entry(server + "server-header", "lanying"),
                Map.entry(server + "remote-address-attribute", true),
                Map.entry(server + "enable-http2", http2),
                Map.entry(server + "max-connections", maxConnections),
                Map.entry(server + "backlog", backlog),
                Map.entry(server + "idle-timeout", idleTimeout.toMillis() + " ms"),
                Map.entry(server + "request-timeout", requestTimeout.toMillis() + " ms"),
                Map.entry(server + "parsing.max-header-count", 32),
                Map.entry(server + "parsing.max-header-value-length", 8192),
                Map.entry(server + "parsing.max-content-length", 65_536),
                Map.entry(server + "parsing.illegal-header-warnings", false),
                Map.entry(server + "parsing.error-handler", ParsingErrors.class.getName())));
        return ServerSettings.create(overrides.withFallback(all));
    }

    private static Optional<Tls> tls(Config config) {
        String cert = config.getString("cert");
        String key = config.getString("key");
        require(cert.isEmpty() == key.isEmpty(), "tls.cert and tls.key: both or neither");
        return cert.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tls(Path.of(cert), Path.of(key), config.getDuration("reload-interval")));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("push.http: " + what);
        }
    }
}
