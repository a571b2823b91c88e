package io.lanying.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of {@code push.persistence} that concern the whole module, and the database that was configured.
 *
 * @param masterKey Base64, never logged
 * @param profile Slick's profile, which must fit the URL
 * @param journalConnections connections that Slick uses
 * @param lease whether a shard runs only where its lease is held
 */
public record PersistenceSettings(
        Path dataDir,
        Optional<String> masterKey,
        int ownConnections,
        int maxPending,
        String jdbcUrl,
        String profile,
        int journalConnections,
        boolean lease) {

    /** Where akka-persistence-jdbc has its shared database. */
    public static final String DATABASE = "akka-persistence-jdbc.shared-databases.slick";

    /** Reads and checks them; throws {@link StartRefused} if no database is configured or a number is out of its limits. */
    public static PersistenceSettings from(Config config) {
        Config own = config.getConfig("push.persistence");
        if (!config.hasPath(DATABASE + ".profile") || !config.hasPath(DATABASE + ".db.url")) {
            throw new StartRefused("no database is configured: set LANYING_JOURNAL to h2 or postgres");
        }
        return new PersistenceSettings(
                Path.of(own.getString("data-dir")),
                Optional.of(own.getString("master-key").strip()).filter(key -> !key.isEmpty()),
                between(own, "own-connections", 1, 20),
                between(own, "max-pending", 10, 100_000),
                config.getString(DATABASE + ".db.url"),
                config.getString(DATABASE + ".profile"),
                config.getInt(DATABASE + ".db.maxConnections"),
                own.getBoolean("lease"));
    }

    /** Connections of the pool: as many as there are threads that use it, so that none waits for another. */
    public int connections() {
        return journalConnections + ownConnections + (lease ? 1 : 0);
    }

    /** A number within its limits, or a {@link StartRefused} that names them. */
    public static int between(Config config, String path, int least, int most) {
        int value;
        try {
            value = config.getInt(path);
        } catch (ConfigException e) {
            throw new StartRefused("push.persistence: " + e.getMessage(), e);
        }
        if (value < least || value > most) {
            throw new StartRefused(
                    "push.persistence: " + path + " is " + value + ", not within " + least + " to " + most);
        }
        return value;
    }

    @Override
    public String toString() {
        return "PersistenceSettings[" + dataDir + ", " + profile + "]";
    }
}
