package io.lanying.persistence;

import com.typesafe.config.Config;
import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.database.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Where the journal is that a database belongs to, said by the first node that starts on it: one that is told otherwise would begin an
 * empty journal beside the rows that came from the other. While the journal is moved no node starts at all.
 */
public final class JournalMark {

    /** What it is called among {@link NodeSecrets}. */
    public static final String NAME = "journal-store";

    /** The journal is in the database itself. */
    public static final String HERE = "here";

    private static final String CASSANDRA = "cassandra:";
    private static final String MOVING = "moving:";
    private static final String TO = ">";

    private JournalMark() {}

    /** The journal is in this keyspace of Cassandra. */
    public static String cassandra(String keyspace) {
        return CASSANDRA + keyspace;
    }

    /** Where the journal of a node with this configuration is. */
    public static String of(Config root) {
        return CassandraStore.isConfigured(root)
                ? cassandra(root.getString("push.persistence.cassandra.keyspace"))
                : HERE;
    }

    /** The journal is moved from one place to another and was not altered since that began. */
    public record Move(String from, String to) {

        /** As the database says it. */
        public String mark() {
            return MOVING + from + TO + to;
        }
    }

    /** Empty if nothing is moved. */
    public static Optional<Move> move(String mark) {
        if (!mark.startsWith(MOVING)) {
            return Optional.empty();
        }
        int to = mark.indexOf(TO);
        return Optional.of(new Move(mark.substring(MOVING.length(), to), mark.substring(to + 1)));
    }

    /** For people. */
    public static String text(String mark) {
        return mark.equals(HERE) ? "in PostgreSQL" : "in Cassandra's keyspace " + mark.substring(mark.indexOf(':') + 1);
    }

    /** What the database says; empty if no node was ever started on it. */
    public static Optional<String> said(Handle handle) {
        return handle.createQuery("SELECT secret FROM node_secrets WHERE name = :name")
                .bind("name", NAME)
                .mapTo(String.class)
                .findOne();
    }

    /**
     * Says it, or finds it said.
     *
     * @param keyspace Cassandra's; empty if the journal is in the database itself
     * @throws StartRefused if it is elsewhere, or on its way
     */
    static void check(Database database, NodeSecrets secrets, String keyspace) {
        if (!keyspace.isEmpty() && secrets.getBlocking(NAME).isEmpty() && hasEvents(database)) {
            throw new StartRefused("this database has a journal itself, which cannot be continued in Cassandra: "
                    + "use LANYING_JOURNAL=postgres, or another database");
        }
        String wanted = wanted(keyspace);
        require(wanted, secrets.putIfAbsentBlocking(NAME, wanted));
    }

    /** As {@link #check}, for a command that says nothing itself. */
    public static void require(Database database, String keyspace) {
        String wanted = wanted(keyspace);
        require(wanted, database.blocking(JournalMark::said).orElse(wanted));
    }

    private static void require(String wanted, String said) {
        move(said).ifPresent(move -> {
            throw new StartRefused("the journal of this database is being moved, and will be " + text(move.to)
                    + ": finish that with \"lanying journal migrate\", or give it up with its --give-up");
        });
        if (!said.equals(wanted)) {
            throw new StartRefused("the journal of this database is "
                    + (said.equals(HERE) ? "in it" : text(said))
                    + ": LANYING_JOURNAL and LANYING_CASSANDRA_KEYSPACE must say so");
        }
    }

    private static String wanted(String keyspace) {
        return keyspace.isEmpty() ? HERE : cassandra(keyspace);
    }

    private static boolean hasEvents(Database database) {
        return database.blocking(handle -> handle.createQuery("SELECT 1 FROM \"event_journal\" LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }
}
