package io.lanying.persistence.cassandra;

import akka.actor.typed.ActorSystem;
import akka.persistence.cassandra.KeyspaceAndTableStatements;
import akka.persistence.cassandra.PluginSettings;
import java.util.ArrayList;
import java.util.List;

/** The keyspace and the tables of the journal, made by an operator's command and never by a node. */
public final class CassandraTables {

    static final String WRITE_PROBE = "write_probe";

    /** What a node does not start without. */
    static final List<String> NEEDED = List.of("messages", "metadata", "all_persistence_ids", "snapshots", WRITE_PROBE);

    private CassandraTables() {}

    /** The CQL of all of it, each of which leaves alone what is there; in this order. Asks nobody. */
    public static List<String> statements(ActorSystem<?> system) {
        var settings = CassandraSettings.from(system.settings().config());
        var plugin = new KeyspaceAndTableStatements(
                system,
                CassandraSettings.PLUGIN,
                PluginSettings.apply(
                        system.classicSystem(), system.settings().config().getConfig(CassandraSettings.PLUGIN)));
        List<String> all = new ArrayList<>();
        all.add(plugin.createJournalKeyspaceStatement());
        all.addAll(plugin.getCreateJournalTablesStatements());
        all.addAll(plugin.getCreateSnapshotTablesStatements());
        all.add("CREATE TABLE IF NOT EXISTS " + settings.keyspace() + "." + WRITE_PROBE
                + " (id int PRIMARY KEY, probed_at timestamp)");
        return all.stream().map(String::strip).toList();
    }

    /**
     * Makes what is missing, one after the other; blocks. May be repeated.
     *
     * @throws io.lanying.persistence.StartRefused if Cassandra does not answer or refuses, in one line
     */
    public static void make(ActorSystem<?> system) {
        CassandraStore store = CassandraStore.connect(system);
        statements(system).forEach(cql -> store.await(store.session().executeDDL(cql)));
    }
}
