package io.lanying.persistence;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.lanying.persistence.archive.ArchiveSettings;
import io.lanying.persistence.archive.EventArchive;
import io.lanying.persistence.archive.JournalArchiver;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.persistence.cassandra.CassandraEntities;
import io.lanying.persistence.cassandra.CassandraEvents;
import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.Dialect;
import io.lanying.persistence.journal.JdbcJournal;
import io.lanying.persistence.journal.JdbcJournaledEntities;
import io.lanying.persistence.journal.JournaledEntities;
import io.lanying.persistence.registry.JdbcMembers;
import io.lanying.persistence.registry.JdbcRegistryWriter;
import io.lanying.persistence.registry.RegistryRepair;
import io.lanying.protocol.journal.Journal;
import java.util.function.Supplier;

/**
 * What commands need of the store, without a node: they read the journal, write registry rows, move old events into the archive, and
 * leave the schema and everything else alone. Needs no master key. All parts are thread-safe and live as long as the actor system.
 */
public final class Maintenance {

    private static final String DATABASE = PersistenceSettings.DATABASE + ".db";

    private final Journal journal;
    private final JournaledEntities entities;
    private final RegistryRepair registry;
    private final JdbcMembers members;
    private final Supplier<Archiving> archiving;

    private Maintenance(ActorSystem<?> system) {
        PersistenceStats stats = PersistenceStats.of(system);
        PersistenceSettings settings =
                PersistenceSettings.from(system.settings().config());
        Database database = Database.openAsItIs(system, settings, stats);
        SharedStore store = SharedStore.open(system, new NodeSecrets(database), settings.dataDir());
        if (CassandraStore.isConfigured(system.settings().config())) {
            CassandraStore cassandra = CassandraStore.open(system);
            JournalMark.require(database, cassandra.keyspace());
            this.journal = new CassandraEvents(system, cassandra);
            this.entities = new CassandraEntities(cassandra);
            this.archiving = () -> {
                throw new StartRefused("events in Cassandra are not archived");
            };
        } else {
            JournalMark.require(database, "");
            this.journal = new JdbcJournal(system, database, new EventArchive(database, store, stats));
            this.entities = new JdbcJournaledEntities(database);
            this.archiving = () -> new Archiving(system, database, store);
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

    /**
     * What moves old events out of the journal.
     *
     * @throws StartRefused if it cannot be done here, with one line that says why
     */
    public JournalArchiver archiver(ArchiveSettings settings) {
        Archiving with = archiving.get();
        if (with.database.dialect() != Dialect.H2 && !with.store.isChosen()) {
            throw new StartRefused("archives need a store that all nodes share: set LANYING_ATTACHMENTS_DIR to a shared"
                    + " directory, or LANYING_ATTACHMENTS_STORE to s3");
        }
        return new JournalArchiver(with.system, with.database, with.store, settings);
    }

    private record Archiving(ActorSystem<?> system, Database database, SharedStore store) {}
}
