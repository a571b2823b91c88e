package io.lanying.persistence.cassandra;

import akka.actor.typed.javadsl.Adapter;
import akka.persistence.AtomicWrite;
import akka.persistence.cassandra.journal.CassandraJournal;
import com.typesafe.config.Config;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.lease.ShardLeases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The plug-in's journal, which also refuses what an entity writes whose shard this node does not hold the lease of at that moment: the
 * entity fails, stops, and reads its journal where it runs next. Each refusal is counted ({@link PersistenceStats#unleasedWrites}).
 *
 * <p>The lease's margin is longer than the driver waits for the two writes that an event may need, so that what was sent while the lease was held is over before
 * another node can take it. What remains is said in decision 27.
 *
 * <p>The plug-in makes it by name ({@code akka.persistence.cassandra.journal.class}) with this constructor.
 */
public final class LeasedJournal extends CassandraJournal {

    private static final Logger LOG = LoggerFactory.getLogger(LeasedJournal.class);

    private final ShardLeases leases;
    private final PersistenceStats stats;

    public LeasedJournal(Config config, String path) {
        super(config, path);
        var system = Adapter.toTyped(context().system());
        this.leases = ShardLeases.of(system);
        this.stats = PersistenceStats.of(system);
    }

    @Override
    public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
        String persistenceId = messages.head().persistenceId();
        if (leases.holdsShardOf(persistenceId)) {
            return super.asyncWriteMessages(messages);
        }
        stats.countUnleasedWrite();
        LOG.warn("an event of {} is not written: this node does not hold the lease of its shard", persistenceId);
        return Future$.MODULE$.failed(new NotLeasedException(persistenceId));
    }

    /** The entity must not write here now; nothing was written. */
    static final class NotLeasedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotLeasedException(String persistenceId) {
            super("the lease of the shard of " + persistenceId + " is not held here");
        }
    }
}
