package io.lanying.persistence.lease;

import akka.coordination.lease.LeaseException;
import io.lanying.persistence.JournalMark;
import io.lanying.persistence.database.Database;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What is known of leases, in the database and by its clock alone. A <em>term</em> is one node's time of being heard of; a lease
 * belongs to the term that took it last and is held while that term's row is there. Whoever takes a lease removes the terms that
 * have expired first, in the same transaction: a renewal that is late finds its row gone, and a number never comes back.
 *
 * <p>Acquisitions and releases of all nodes follow one another, by a lock of the table that renewals do not touch: so none is judged
 * by what was before another. A failed stage means that nobody knows what was done; all may be repeated. One after the other only.
 */
final class LeaseRows {

    private static final String AFTER_TIMEOUT = "clock_timestamp() + :millis * INTERVAL '1 millisecond'";
    // A node whose journal was moved while it was frozen begins no other term, and so writes nothing any more.
    private static final String OPEN = "INSERT INTO node_lease (node, expires_at) SELECT :node, " + AFTER_TIMEOUT
            + " WHERE NOT EXISTS (SELECT 1 FROM node_secrets WHERE name = '" + JournalMark.NAME
            + "' AND secret <> :journal) RETURNING term";
    private static final String RENEW = "UPDATE node_lease SET expires_at = " + AFTER_TIMEOUT
            + " WHERE term = :term AND expires_at > clock_timestamp()";

    private static final String END_SOON = "UPDATE node_lease SET expires_at = clock_timestamp()"
            + " + :millis * INTERVAL '1 millisecond' WHERE node = :node"
            + " AND expires_at > clock_timestamp() + :millis * INTERVAL '1 millisecond'";

    // A node that is frozen in the middle of its turn keeps the others from taking and giving, not from renewing: not
    // for long.
    private static final String GIVE_UP_TURN = "SET LOCAL idle_in_transaction_session_timeout = 2000";
    private static final String AWAIT_TURN = "LOCK TABLE shard_lease IN SHARE ROW EXCLUSIVE MODE";
    private static final String END_EXPIRED = "DELETE FROM node_lease WHERE expires_at <= clock_timestamp()";
    private static final String GIVE = "DELETE FROM shard_lease WHERE name = ANY(:names) AND term = :term";
    private static final String TAKE = "INSERT INTO shard_lease AS held (name, term) SELECT unnest(:names), :term"
            + " ON CONFLICT (name) DO UPDATE SET term = excluded.term WHERE held.term = excluded.term"
            + " OR NOT EXISTS (SELECT 1 FROM node_lease WHERE node_lease.term = held.term) RETURNING name";

    private final Database database;
    private final Executor thread;
    private final LeaseTimes times;
    private final String journal;

    /**
     * @param thread one thread, for which the pool has a connection beyond all others
     * @param journal where the node's journal is, as {@link JournalMark} says it
     */
    LeaseRows(Database database, Executor thread, LeaseTimes times, String journal) {
        this.database = database;
        this.thread = thread;
        this.times = times;
        this.journal = journal;
    }

    /**
     * What an exchange came to.
     *
     * @param alive whether the term was, and is from now on for its whole time
     * @param taken which of the wanted leases are the term's now
     */
    record Outcome(boolean alive, Set<String> taken) {

        Outcome {
            taken = Set.copyOf(taken);
        }
    }

    /** Begins a term of this node; completes with its number, fails if the journal is no longer where the node's is. */
    CompletionStage<Long> open(String node) {
        return run(handle -> handle.createQuery(OPEN)
                .bind("node", node)
                .bind("millis", times.timeout().toMillis())
                .bind("journal", journal)
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(() -> new LeaseException("the journal is not where this node writes: end the node")));
    }

    /** Prolongs a term with all its leases, by one statement. */
    CompletionStage<Outcome> renew(long term) {
        return run(handle -> new Outcome(renewed(handle, term), Set.of()));
    }

    /** Prolongs the term, then gives back and takes what is free or the term's already; all of it or nothing. */
    CompletionStage<Outcome> exchange(long term, Collection<String> give, Collection<String> take) {
        return run(handle -> handle.inTransaction(transaction -> {
            transaction.execute(GIVE_UP_TURN);
            transaction.execute(AWAIT_TURN);
            if (!renewed(transaction, term)) {
                return new Outcome(false, Set.of());
            }
            if (!give.isEmpty()) {
                transaction
                        .createUpdate(GIVE)
                        .bindArray("names", String.class, give)
                        .bind("term", term)
                        .execute();
            }
            return new Outcome(true, take.isEmpty() ? Set.of() : taken(transaction, term, take));
        }));
    }

    /**
     * A node that has ended for certain keeps its leases for the margin only: so long what it sent while it lived may still be on
     * its way. Harmless to repeat.
     */
    CompletionStage<Boolean> endSoon(String node) {
        return run(handle -> handle.createUpdate(END_SOON)
                        .bind("node", node)
                        .bind("millis", times.margin().toMillis())
                        .execute()
                > 0);
    }

    private boolean renewed(Handle handle, long term) {
        return handle.createUpdate(RENEW)
                        .bind("millis", times.timeout().toMillis())
                        .bind("term", term)
                        .execute()
                == 1;
    }

    private static Set<String> taken(Handle handle, long term, Collection<String> take) {
        handle.execute(END_EXPIRED);
        return handle.createQuery(TAKE)
                .bindArray("names", String.class, take)
                .bind("term", term)
                .mapTo(String.class)
                .set();
    }

    private <T> CompletionStage<T> run(Function<Handle, T> work) {
        return database.aside(thread, times.patience(), work);
    }
}
