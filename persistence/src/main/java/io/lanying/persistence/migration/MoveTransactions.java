package io.lanying.persistence.migration;

import io.lanying.persistence.JournalMark;
import io.lanying.persistence.JournalMark.Move;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.LoggerFactory;

/**
 * What the database says of a move: its beginning, its end, and giving it up, each in one transaction. Only one command at a time has
 * it. Blocks.
 *
 * <p>A move begins only while no node is connected and no node's term of leases lasts. From then on no node writes, nor does one that was
 * frozen when it wakes: PostgreSQL has the {@link JournalFence}; into Cassandra nobody writes without a term, all terms were
 * ended, and a node of before begins no other.
 */
final class MoveTransactions implements AutoCloseable {

    private static final long LOCK = 0x6c616e7969L;
    private static final long LOOK_EVERY_MILLIS = 250;

    private final Database database;
    private final Connection lock;

    private MoveTransactions(Database database, Connection lock) {
        this.database = database;
        this.lock = lock;
    }

    /** @throws StartRefused if another command has it */
    static MoveTransactions take(Database database) {
        try {
            Connection connection = database.pool().getConnection();
            try (var statement = connection.createStatement();
                    var result = statement.executeQuery("SELECT pg_try_advisory_lock(" + LOCK + ")")) {
                if (result.next() && result.getBoolean(1)) {
                    return new MoveTransactions(database, connection);
                }
            }
            connection.close();
        } catch (SQLException e) {
            throw new StartRefused("the database cannot be used: " + e.getMessage(), e);
        }
        throw new StartRefused("another command moves the journal of this database at this moment");
    }

    /**
     * Begins the move, or goes on with it.
     *
     * @param other where else than in the database a journal may be
     * @param patience how long to wait for nodes that have just ended
     * @throws StartRefused if there is nothing to move, something else is under way, or nodes are alive
     */
    Begun begin(String to, String other, Duration patience) {
        String said = said();
        Optional<Move> before = JournalMark.move(said);
        Move move = before.orElseGet(() -> new Move(said, to));
        refuseContradictions(move, to, other);
        long end = System.nanoTime() + patience.toNanos();
        Optional<String> alive = tryBegin(move);
        while (alive.isPresent()) {
            if (System.nanoTime() - end >= 0) {
                throw new StartRefused(alive.get() + ": stop all nodes first");
            }
            pause();
            alive = tryBegin(move);
        }
        return new Begun(move, before.isPresent());
    }

    /** @param resumed whether it was under way before */
    record Begun(Move move, boolean resumed) {}

    /** The journal is in its new place from now on. */
    void end(Move move) {
        requireLock();
        settle(move.to());
    }

    /**
     * The journal stays where it was.
     *
     * @throws StartRefused if none is moved
     */
    Move giveUp() {
        Move move = JournalMark.move(said()).orElseThrow(() -> new StartRefused("no journal is being moved"));
        settle(move.from());
        return move;
    }

    private void settle(String place) {
        database.blocking(handle -> {
            handle.execute("SET LOCAL lock_timeout = '10s'");
            if (place.equals(JournalMark.HERE)) {
                JournalFence.open(handle);
            }
            MoveList.drop(handle);
            return say(handle, place);
        });
    }

    private String said() {
        return database.blocking(JournalMark::said)
                .orElseThrow(() -> new StartRefused("no node was ever started on this database: it has no journal"));
    }

    private void refuseContradictions(Move move, String to, String other) {
        if (!move.to().equals(to)) {
            throw new StartRefused("the journal of this database is being moved, and will be "
                    + JournalMark.text(move.to()) + ": finish that, or give it up with --give-up");
        }
        if (move.from().equals(to)) {
            throw new StartRefused("the journal of this database is " + JournalMark.text(to) + " already");
        }
        if (!List.of(JournalMark.HERE, other).contains(move.from())) {
            throw new StartRefused("the journal of this database is " + JournalMark.text(move.from())
                    + ": LANYING_CASSANDRA_KEYSPACE must say so");
        }
        if (hasRows("event_tag")) {
            throw new StartRefused("events have tags, which this command does not move");
        }
        if (hasRows("journal_archive")) {
            throw new StartRefused("events of this journal are in the archive, which nobody reads beside Cassandra");
        }
    }

    private boolean hasRows(String table) {
        return database.blocking(handle -> handle.createQuery("SELECT 1 FROM " + table + " LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    /** Who is alive; empty if it has begun. */
    private Optional<String> tryBegin(Move move) {
        try {
            return beginUnlessAlive(move);
        } catch (JdbiException e) {
            if (SqlFailures.isLocked(e)) {
                return Optional.of("somebody writes to the journal's tables");
            }
            throw e;
        }
    }

    private Optional<String> beginUnlessAlive(Move move) {
        return database.blocking(handle -> {
            handle.execute("SET LOCAL lock_timeout = '10s'");
            // Nobody begins or prolongs a term meanwhile, and who waited for it finds that the journal is on its way.
            handle.execute("LOCK TABLE node_lease IN EXCLUSIVE MODE");
            Optional<String> alive = LiveNodes.look(handle);
            if (alive.isEmpty()) {
                handle.execute("DELETE FROM node_lease");
                JournalFence.close(handle);
                MoveList.create(handle);
                say(handle, move.mark());
            }
            return alive;
        });
    }

    private static int say(Handle handle, String mark) {
        return handle.createUpdate("UPDATE node_secrets SET secret = :mark WHERE name = :name")
                .bind("mark", mark)
                .bind("name", JournalMark.NAME)
                .execute();
    }

    private void requireLock() {
        try (var statement = lock.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            throw new IllegalStateException("the connection that kept other commands away was lost", e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted", e);
        }
    }

    @Override
    public void close() {
        try (lock;
                var statement = lock.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
        } catch (SQLException e) {
            // It ends with the connection.
            LoggerFactory.getLogger(MoveTransactions.class).debug("not unlocked", e);
        }
    }
}
