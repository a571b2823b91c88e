package io.lanying.persistence;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what this node's persistence dropped or had to repeat, since its start. Thread-safe; read for metrics, each value
 * only grows. An extension because the journal plug-in makes its parts from the actor system alone.
 */
public final class PersistenceStats implements Extension {

    /** Extensions are found again by the identity of this. */
    private static final Id ID = new Id();

    private final LongAdder remindersDropped = new LongAdder();
    private final LongAdder reminderRetries = new LongAdder();
    private final LongAdder remindersWoken = new LongAdder();
    private final LongAdder clockFailures = new LongAdder();
    private final LongAdder registryRefused = new LongAdder();
    private final LongAdder statementsRefused = new LongAdder();
    private final LongAdder doubleWrites = new LongAdder();
    private final LongAdder sweepFailures = new LongAdder();
    private final LongAdder leasesLost = new LongAdder();
    private final LongAdder unleasedWrites = new LongAdder();
    private final LongAdder archiveReads = new LongAdder();
    private final LongAdder archiveFailures = new LongAdder();
    private final LongAdder holes = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    PersistenceStats() {}

    /** The counts of this actor system. */
    public static PersistenceStats of(ActorSystem<?> system) {
        return system.registerExtension(ID);
    }

    /** Reminder requests dropped because the queue was full; their entities ask again. */
    public long remindersDropped() {
        return remindersDropped.sum();
    }

    /** Reminder transactions that failed and were repeated. */
    public long reminderRetries() {
        return reminderRetries.sum();
    }

    /** Wakes that the reminder clock sent from this node. */
    public long remindersWoken() {
        return remindersWoken.sum();
    }

    /** Scans of the reminder clock that failed. */
    public long clockFailures() {
        return clockFailures.sum();
    }

    /** Registry writes failed because the queue was full. */
    public long registryRefused() {
        return registryRefused.sum();
    }

    /** Statements failed because too many were waiting for a connection. */
    public long statementsRefused() {
        return statementsRefused.sum();
    }

    /** Writes that the journal refused because another writer had taken the event's number: must stay 0. */
    public long doubleWrites() {
        return doubleWrites.sum();
    }

    /** Sweeps of attachments that failed; what they left is removed by later ones. */
    public long sweepFailures() {
        return sweepFailures.sum();
    }

    /** Leases of shards that this node had and could not renew in time; their shards were stopped. */
    public long leasesLost() {
        return leasesLost.sum();
    }

    /** Writes that the journal in Cassandra refused because the shard's lease was not held; their entities stopped. */
    public long unleasedWrites() {
        return unleasedWrites.sum();
    }

    /** Runs of events that were read out of the archive. */
    public long archiveReads() {
        return archiveReads.sum();
    }

    /** Reads of the archive that failed: the store is away, or an object is missing or not as it was put. */
    public long archiveFailures() {
        return archiveFailures.sum();
    }

    /** Starts of entities that failed because events before the first one that was found are missing: must stay 0. */
    public long holes() {
        return holes.sum();
    }

    /** Starts of entities that failed because an event of theirs cannot be decoded: must stay 0. */
    public long unreadable() {
        return unreadable.sum();
    }

    public void countReminderDropped() {
        remindersDropped.increment();
    }

    public void countReminderRetry() {
        reminderRetries.increment();
    }

    public void countReminderWoken() {
        remindersWoken.increment();
    }

    public void countClockFailure() {
        clockFailures.increment();
    }

    public void countRegistryRefused() {
        registryRefused.increment();
    }

    public void countStatementRefused() {
        statementsRefused.increment();
    }

    public void countSweepFailure() {
        sweepFailures.increment();
    }

    public void countDoubleWrites(int entities) {
        doubleWrites.add(entities);
    }

    public void countLeasesLost(int shards) {
        leasesLost.add(shards);
    }

    public void countUnleasedWrite() {
        unleasedWrites.increment();
    }

    public void countArchiveRead() {
        archiveReads.increment();
    }

    public void countArchiveFailure() {
        archiveFailures.increment();
    }

    public void countHole() {
        holes.increment();
    }

    public void countUnreadable() {
        unreadable.increment();
    }

    private static final class Id extends ExtensionId<PersistenceStats> {
        @Override
        public PersistenceStats createExtension(ActorSystem<?> system) {
            return new PersistenceStats();
        }
    }
}
