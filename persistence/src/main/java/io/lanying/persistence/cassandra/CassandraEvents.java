package io.lanying.persistence.cassandra;

import akka.actor.typed.ActorSystem;
import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.lanying.persistence.journal.EventDecoder;
import io.lanying.persistence.journal.JdbcJournal;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@link Journal} by CQL along the journal's partitions. An event that cannot be decoded, or a number that two writers have used,
 * fails the stage and says which one; nothing is left out or chosen.
 */
public final class CassandraEvents implements Journal {

    /** One atomic write may skip a whole partition; beyond two without an event of the range there is none. */
    private static final int EMPTY_PARTITIONS = 2;

    private final CassandraSession session;
    private final EventDecoder decoder;
    private final String cql;
    private final long partitionSize;

    public CassandraEvents(ActorSystem<?> system, CassandraStore store) {
        this.session = store.session();
        this.decoder = new EventDecoder(system);
        this.partitionSize =
                system.settings().config().getLong(CassandraSettings.PLUGIN + ".journal.target-partition-size");
        this.cql = "SELECT sequence_nr, ser_id, ser_manifest, event FROM " + store.keyspace() + ".messages"
                + " WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr >= ? AND sequence_nr <= ? LIMIT ?";
    }

    @Override
    public CompletionStage<List<JournalEvent>> events(
            EntityKind kind, EntityId entity, long fromSeq, long toSeq, int limit) {
        if (limit < 1 || limit > JdbcJournal.MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + JdbcJournal.MAX_LIMIT);
        }
        Range range = new Range(kind.persistenceId(entity), Math.max(1, fromSeq), toSeq, limit);
        return read(range, (range.from - 1) / partitionSize, 0, new ArrayList<>());
    }

    /** Reads one event more than is wanted: it may be the other one of the last number. */
    private record Range(String persistenceId, long from, long to, int limit) {}

    private CompletionStage<List<JournalEvent>> read(Range range, long partition, int empty, List<JournalEvent> found) {
        if (found.size() >= range.limit
                || empty == EMPTY_PARTITIONS
                || partition - EMPTY_PARTITIONS > (range.to - 1) / partitionSize) {
            return CompletableFuture.completedFuture(List.copyOf(found));
        }
        return session.prepare(cql)
                .thenCompose(prepared -> session.selectAll(prepared.bind(
                                range.persistenceId, partition, range.from, range.to, range.limit - found.size() + 1)
                        .setExecutionProfileName(CassandraSettings.PROFILE)))
                .thenCompose(rows -> {
                    rows.forEach(row -> add(range, row, found));
                    return read(range, partition + 1, rows.isEmpty() ? empty + 1 : 0, found);
                });
    }

    private void add(Range range, Row row, List<JournalEvent> found) {
        long seq = row.getLong("sequence_nr");
        if (!found.isEmpty() && found.get(found.size() - 1).eventSeq() >= seq) {
            throw new IllegalStateException(
                    "event " + seq + " of " + range.persistenceId + " was written by two: see docs/operations.md");
        }
        if (found.size() == range.limit) {
            return;
        }
        found.add(decoder.decode(
                range.persistenceId,
                seq,
                row.getInt("ser_id"),
                row.getString("ser_manifest"),
                Bytes.getArray(row.getByteBuffer("event"))));
    }
}
