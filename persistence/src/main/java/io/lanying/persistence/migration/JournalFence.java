package io.lanying.persistence.migration;

import org.jdbi.v3.core.Handle;

/**
 * What keeps nodes from writing events and snapshots into PostgreSQL while the journal is moved, and afterwards if it is elsewhere: a
 * node that was frozen all the time as well. Triggers, made by the command and gone again when the journal is back, so that nothing
 * is checked on a database that never moved.
 */
final class JournalFence {

    private static final String MAY_PASS = "lanying.moves_journal";
    private static final String FUNCTION = """
            CREATE OR REPLACE FUNCTION journal_is_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF current_setting('%s', true) IS DISTINCT FROM 'on' THEN
                RAISE EXCEPTION 'the journal of this database is elsewhere' USING ERRCODE = '55000';
              END IF;
              RETURN NULL;
            END $$""".formatted(MAY_PASS);
    private static final String[] TABLES = {"event_journal", "snapshot"};

    private JournalFence() {}

    /** Waits until what is being written is committed, and lets nothing in from then on. */
    static void close(Handle handle) {
        handle.execute(FUNCTION);
        for (String table : TABLES) {
            handle.execute("DROP TRIGGER IF EXISTS journal_is_elsewhere ON " + table);
            handle.execute("CREATE TRIGGER journal_is_elsewhere BEFORE INSERT OR UPDATE OR DELETE ON " + table
                    + " FOR EACH STATEMENT EXECUTE FUNCTION journal_is_elsewhere()");
        }
    }

    static void open(Handle handle) {
        for (String table : TABLES) {
            handle.execute("DROP TRIGGER IF EXISTS journal_is_elsewhere ON " + table);
        }
        handle.execute("DROP FUNCTION IF EXISTS journal_is_elsewhere()");
    }

    /** This transaction may write all the same. */
    static void pass(Handle handle) {
        handle.execute("SET LOCAL " + MAY_PASS + " = 'on'");
    }
}
