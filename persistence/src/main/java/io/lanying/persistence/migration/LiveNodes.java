package io.lanying.persistence.migration;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whether a node of this PostgreSQL is known to be alive. One that is frozen or cut off need not be known. */
public final class LiveNodes {

    /** What nodes call themselves to the database; a command that looks must not. */
    private static final String NODES = "lanying-push";

    private LiveNodes() {}

    /** What says that one is; empty if nothing does. */
    public static Optional<String> look(Handle handle) {
        int connections = handle.createQuery("SELECT COUNT(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name = :nodes")
                .bind("nodes", NODES)
                .mapTo(Integer.class)
                .one();
        if (connections > 0) {
            return Optional.of("nodes have " + connections + " connections to this database");
        }
        return handle.createQuery("SELECT node FROM node_lease WHERE expires_at > clock_timestamp() LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .map(node -> "the leases of node " + node.replaceFirst("#.*", "") + " last");
    }
}
