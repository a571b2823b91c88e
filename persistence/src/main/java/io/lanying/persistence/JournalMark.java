package io.lanying.persistence;

import io.lanying.persistence.database.Database;

/**
 * Where the journal is that a database belongs to, said by the first node that starts on it: one that is told otherwise would begin an
 * empty journal beside the rows that came from the other.
 */
final class JournalMark {

    private static final String NAME = "journal-store";
    private static final String HERE = "here";

    private JournalMark() {}

    /**
     * Says it, or finds it said.
     *
     * @param keyspace Cassandra's; empty if the journal is in the database itself
     * @throws StartRefused if it is elsewhere
     */
    static void check(Database database, NodeSecrets secrets, String keyspace) {
        if (!keyspace.isEmpty() && secrets.getBlocking(NAME).isEmpty() && hasEvents(database)) {
            throw new StartRefused("this database has a journal itself, which cannot be continued in Cassandra: "
                    + "use LANYING_JOURNAL=postgres, or another database");
        }
        String wanted = keyspace.isEmpty() ? HERE : "cassandra:" + keyspace;
        String said = secrets.putIfAbsentBlocking(NAME, wanted);
        if (!said.equals(wanted)) {
            throw new StartRefused("the journal of this database is "
                    + (said.equals(HERE) ? "in it" : "in Cassandra's keyspace " + said.substring("cassandra:".length()))
                    + ": LANYING_JOURNAL and LANYING_CASSANDRA_KEYSPACE must say so");
        }
    }

    private static boolean hasEvents(Database database) {
        return database.blocking(handle -> handle.createQuery("SELECT 1 FROM \"event_journal\" LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }
}
