package io.lanying.persistence;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.lanying.persistence.cassandra.CassandraEntities;
import io.lanying.persistence.cassandra.CassandraEvents;
import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.journal.JdbcJournal;
import io.lanying.persistence.journal.JdbcJournaledEntities;
import io.lanying.persistence.journal.JournaledEntities;
import io.lanying.persistence.registry.JdbcMembers;
import io.lanying.persistence.registry.JdbcRegistryWriter;
import io.lanying.persistence.registry.RegistryRepair;
import io.lanying.protocol.journal.Journal;

/**
 * What a repair command needs of the store, without a node: it reads the journal, writes registry rows, and leaves the schema
 * and everything else alone. Needs no master key. All parts are thread-safe and live as long as the actor system.
 */
public final class Maintenance {

    private static final String DATABASE = PersistenceSettings.DATABASE + ".db";

    private final Journal journal;
    private final JournaledEntities entities;
    private final RegistryRepair registry;
    private final JdbcMembers members;

    private Maintenance(ActorSystem<?> system) {
        PersistenceStats stats = PersistenceStats.of(system);
        Database database = Database.openAsItIs(
                system, PersistenceSettings.from(system.settings().config()), stats);
        if (CassandraStore.isConfigured(system.settings().config())) {
            CassandraStore cassandra = CassandraStore.open(system);
            JournalMark.require(database, cassandra.keyspace());
            this.journal = new CassandraEvents(system, cassandra);
            this.entities = new CassandraEntities(cassandra);
        } else {
            JournalMark.require(database, "");
            this.journal = new JdbcJournal(system, database);
            this.entities = new JdbcJournaledEntities(database);
        }
        this.members = new JdbcMembers(database);
        this.registry = new RegistryRepair(database, new JdbcRegistryWriter(system, database, stats));
    }

    /**
     * A node's configuration as a command uses it: few connections, and a database that is not there is not made.
     *
     * @throws StartRefused if no database is configured
     */
    public static Config settings(Config node) {
        String url = PersistenceSettings.from(node).jdbcUrl();
        Config own = ConfigFactory.parseString("numThreads = 1, maxConnections = 1, minConnections = 1")
                .atPath(DATABASE);
        if (url.startsWith("jdbc:h2:")) {
            own = own.withValue(DATABASE + ".url", ConfigValueFactory.fromAnyRef(url + ";IFEXISTS=TRUE"));
        }
        return own.withFallback(node);
    }

    /**
     * Opens the database; blocks until then. Give the actor system {@link #settings}.
     *
     * @throws StartRefused if it cannot be opened or its schema is not this build's, with one line that says why
     */
    public static Maintenance open(ActorSystem<?> system) {
        return new Maintenance(system);
    }

    public Journal journal() {
        return journal;
    }

    public JournaledEntities entities() {
        return entities;
    }

    public RegistryRepair registry() {
        return registry;
    }

    public JdbcMembers members() {
        return members;
    }
}
