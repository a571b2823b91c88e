package io.lanying.persistence.cassandra;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.StartRefused;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of {@code push.persistence.cassandra}; see reference.conf.
 *
 * @param login empty without authentication, never logged
 */
record CassandraSettings(
        List<InetSocketAddress> contactPoints,
        String datacenter,
        String keyspace,
        Optional<Login> login,
        Duration startTimeout) {

    /** Where the plug-in's session is configured. */
    static final String PLUGIN = "akka.persistence.cassandra";

    /** With the consistency and the time-out that the journal is written and read by. */
    static final String PROFILE = "akka-persistence-cassandra-profile";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");
    private static final Pattern CONTACT = Pattern.compile("(.+):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    CassandraSettings {
        contactPoints = List.copyOf(contactPoints);
    }

    /** Who the node says it is. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /** Reads and checks them; throws {@link StartRefused}. */
    static CassandraSettings from(Config root) {
        Config config = root.getConfig("push.persistence.cassandra");
        PersistenceSettings.between(config, "replicas", 1, 100);
        return new CassandraSettings(
                contactPoints(config.getString("contact-points")),
                datacenter(config.getString("datacenter")),
                keyspace(config.getString("keyspace")),
                Optional.of(config.getString("user"))
                        .filter(user -> !user.isEmpty())
                        .map(user -> new Login(user, config.getString("password"))),
                duration(config, "start-timeout"));
    }

    private static List<InetSocketAddress> contactPoints(String text) {
        List<InetSocketAddress> points = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(point -> !point.isEmpty())
                .map(CassandraSettings::contactPoint)
                .toList();
        if (points.isEmpty()) {
            throw new StartRefused(
                    "LANYING_CASSANDRA_CONTACT_POINTS is not set: host:port of nodes of Cassandra, comma-separated");
        }
        return points;
    }

    private static InetSocketAddress contactPoint(String text) {
        var matcher = CONTACT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_PORT) {
            throw new StartRefused("LANYING_CASSANDRA_CONTACT_POINTS: \"" + text + "\" is not host:port");
        }
        return new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    private static String datacenter(String text) {
        if (text.isBlank()) {
            throw new StartRefused(
                    "LANYING_CASSANDRA_DATACENTER is not set: the data centre of Cassandra that this node asks");
        }
        return text;
    }

    private static String keyspace(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new StartRefused("LANYING_CASSANDRA_KEYSPACE is not a name: use a-z, then a-z, 0-9 and _");
        }
        return text;
    }

    private static Duration duration(Config config, String path) {
        try {
            return config.getDuration(path);
        } catch (ConfigException e) {
            throw new StartRefused("push.persistence.cassandra: " + e.getMessage(), e);
        }
    }
}
