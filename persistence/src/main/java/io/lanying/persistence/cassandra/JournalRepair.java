package io.lanying.persistence.cassandra;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.lanying.persistence.JournalMark;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.migration.JournalMigration;
import io.lanying.persistence.migration.LiveNodes;
import java.util.Optional;

/** What the commands that repair a journal in Cassandra use, without a node. Thread-safe; lives as long as the actor system. */
public final class JournalRepair {

    private final Database database;
    private final Branches branches;
    private final BranchRemoval removal;

    private JournalRepair(Database database, Branches branches, BranchRemoval removal) {
        this.database = database;
        this.branches = branches;
        this.removal = removal;
    }

    /** A node's configuration as these commands use it. */
    public static Config settings(Config node) {
        return JournalMigration.settings(node);
    }

    /**
     * Opens both stores. Blocks.
     *
     * @throws StartRefused if one cannot be used, or the journal is not in Cassandra
     */
    public static JournalRepair open(ActorSystem<?> system) {
        Config config = system.settings().config();
        if (!CassandraStore.isConfigured(config)) {
            throw new StartRefused(
                    "only a journal in Cassandra can have two events of a number: LANYING_JOURNAL=cassandra");
        }
        Database database = Database.openAsItIs(system, PersistenceSettings.from(config), PersistenceStats.of(system));
        CassandraStore store = CassandraStore.openAside(system);
        JournalMark.require(database, store.keyspace());
        Branches branches = new Branches(system, store);
        return new JournalRepair(database, branches, new BranchRemoval(system, store, branches));
    }

    public Branches branches() {
        return branches;
    }

    public BranchRemoval removal() {
        return removal;
    }

    /** What says that a node is alive, if one is known to be. */
    public Optional<String> liveNode() {
        return database.blocking(LiveNodes::look);
    }
}
