package io.lanying.persistence.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Configurations of the persistence module for tests, not resolved: add to them, then {@code ConfigFactory.load(config)}. */
public final class StoreConfigs {

    /** A master key that protects nothing. */
    public static final String TEST_MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private StoreConfigs() {}

    /** H2 in files of this directory. */
    public static Config h2(Path dataDir) {
        return ConfigFactory.parseMap(Map.of(
                        "push.persistence.data-dir", dataDir.toAbsolutePath().toString()))
                .withFallback(ConfigFactory.parseResources("persistence-h2.conf"));
    }

    /** Events in this keyspace of Cassandra, the rest in this database of PostgreSQL. */
    public static Config cassandra(CassandraServer cassandra, String keyspace, PostgresServer.Database database) {
        String own = "push.persistence.cassandra.";
        return ConfigFactory.parseMap(Map.of(
                        own + "contact-points",
                        cassandra.contactPoint(),
                        own + "datacenter",
                        CassandraServer.DATACENTER,
                        own + "keyspace",
                        keyspace,
                        own + "replicas",
                        1))
                .withFallback(settings(database))
                .withFallback(ConfigFactory.parseResources("persistence-cassandra.conf"));
    }

    /** PostgreSQL in this database. */
    public static Config postgres(PostgresServer.Database database) {
        return settings(database).withFallback(ConfigFactory.parseResources("persistence-postgres.conf"));
    }

    private static Config settings(PostgresServer.Database database) {
        String db = "akka-persistence-jdbc.shared-databases.slick.db.";
        return ConfigFactory.parseMap(Map.of(
                db + "url",
                database.jdbcUrl(),
                db + "user",
                database.user(),
                db + "password",
                database.password(),
                "push.persistence.master-key",
                TEST_MASTER_KEY));
    }
}
