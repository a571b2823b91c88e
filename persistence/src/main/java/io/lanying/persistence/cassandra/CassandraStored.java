package io.lanying.persistence.cassandra;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.lanying.persistence.migration.StoredEvent;
import io.lanying.persistence.migration.StoredJournal;
import io.lanying.persistence.migration.StoredSnapshot;
import io.lanying.persistence.migration.StoredValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The tables of akka-persistence-cassandra 1.1.1. An event's place is its number's partition, and its key holds a time made of the
 * event's own time and number: whoever writes it again writes the same row.
 */
public final class CassandraStored implements StoredJournal {

    /** One atomic write may skip a whole partition; beyond two without an event there is none. */
    private static final int EMPTY_PARTITIONS = 2;

    /** Of one write. */
    private static final int MAX_BYTES = 256 * 1024;

    private final CassandraSession session;
    private final String keyspace;
    private final EventTimes times;
    private final ActorSystem<?> system;
    private final Branches branches;
    private final long partitionSize;

    public CassandraStored(ActorSystem<?> system, CassandraStore store) {
        this.session = store.session();
        this.keyspace = store.keyspace();
        this.times = EventTimes.of(system);
        this.system = system;
        this.branches = new Branches(system, store);
        this.partitionSize =
                system.settings().config().getLong(CassandraSettings.PLUGIN + ".journal.target-partition-size");
    }

    /** By the rows themselves: the plug-in's list of ids would be believed otherwise. */
    @Override
    public Source<String, NotUsed> ids() {
        return distinct("SELECT DISTINCT persistence_id, partition_nr FROM " + keyspace + ".messages")
                .concat(distinct("SELECT DISTINCT persistence_id FROM " + keyspace + ".snapshots"));
    }

    private Source<String, NotUsed> distinct(String cql) {
        return session.select(SimpleStatement.newInstance(cql).setExecutionProfileName(CassandraSettings.PROFILE))
                .map(row -> text(row, "persistence_id"));
    }

    @Override
    public CompletionStage<Done> requireOneOfEach(String persistenceId) {
        return branches.keys(persistenceId).runWith(Sink.headOption(), system).thenApply(key -> {
            key.ifPresent(found -> {
                throw writtenByTwo(persistenceId, found.seq());
            });
            return Done.getInstance();
        });
    }

    private static IllegalStateException writtenByTwo(String persistenceId, long seq) {
        return new IllegalStateException(
                "event " + seq + " of " + persistenceId + " was written by two: see docs/operations.md");
    }

    @Override
    public CompletionStage<Optional<Extent>> extent(String persistenceId) {
        return one("SELECT deleted_to FROM %s.metadata WHERE persistence_id = ?", persistenceId)
                .thenCompose(deleted -> end(
                        "",
                        persistenceId,
                        deleted.map(row -> row.getLong("deleted_to")).orElse(0L) / partitionSize))
                .thenCompose(first -> first.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : last(persistenceId, first.get().getLong("partition_nr"), Optional.empty())
                                .thenApply(last ->
                                        Optional.of(new Extent(first.get().getLong("sequence_nr"), last))));
    }

    /** The first row in some order of the first partition from this one on that has any. */
    private CompletionStage<Optional<Row>> end(String order, String persistenceId, long partition) {
        return end(order, persistenceId, partition, 0);
    }

    private CompletionStage<Optional<Row>> end(String order, String persistenceId, long partition, int empty) {
        return one(
                        "SELECT partition_nr, sequence_nr FROM %s.messages WHERE persistence_id = ? AND partition_nr = ?"
                                + order + " LIMIT 1",
                        persistenceId,
                        partition)
                .thenCompose(row -> row.isPresent() || empty + 1 == EMPTY_PARTITIONS
                        ? CompletableFuture.completedStage(row)
                        : end(order, persistenceId, partition + 1, empty + 1));
    }

    private CompletionStage<Long> last(String persistenceId, long partition, Optional<Row> found) {
        return end(" ORDER BY sequence_nr DESC", persistenceId, partition)
                .thenCompose(row -> row.isPresent()
                        ? last(persistenceId, row.get().getLong("partition_nr") + 1, row)
                        : CompletableFuture.completedStage(found.orElseThrow().getLong("sequence_nr")));
    }

    @Override
    public CompletionStage<List<StoredEvent>> events(String persistenceId, long from, int limit) {
        return read(new Range(persistenceId, from, limit), (from - 1) / partitionSize, 0, new ArrayList<>());
    }

    /** Reads one event more than is wanted: it may be the other one of the last number. */
    private record Range(String persistenceId, long from, int limit) {}

    private CompletionStage<List<StoredEvent>> read(Range range, long partition, int empty, List<StoredEvent> found) {
        if (found.size() >= range.limit || empty == EMPTY_PARTITIONS) {
            return CompletableFuture.completedStage(List.copyOf(found));
        }
        return all(
                        "SELECT persistence_id, sequence_nr, timestamp, writer_uuid, ser_id, ser_manifest, event_manifest,"
                                + " event, meta_ser_id, meta_ser_manifest, meta, tags FROM %s.messages"
                                + " WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr >= ? LIMIT ?",
                        range.persistenceId, partition, range.from, range.limit - found.size() + 1)
                .thenCompose(rows -> {
                    rows.forEach(row -> add(range, row, found));
                    return read(range, partition + 1, rows.isEmpty() ? empty + 1 : 0, found);
                });
    }

    private static void add(Range range, Row row, List<StoredEvent> found) {
        long seq = row.getLong("sequence_nr");
        if (!found.isEmpty() && found.get(found.size() - 1).seq() >= seq) {
            throw writtenByTwo(range.persistenceId, seq);
        }
        if (!row.getSet("tags", String.class).isEmpty()) {
            throw new IllegalStateException(
                    "event " + seq + " of " + range.persistenceId + " has tags, which are not moved");
        }
        if (found.size() < range.limit) {
            found.add(new StoredEvent(
                    range.persistenceId,
                    seq,
                    Uuids.unixTimestamp(
                            Optional.ofNullable(row.getUuid("timestamp")).orElseThrow()),
                    text(row, "writer_uuid"),
                    text(row, "event_manifest"),
                    value(row, "", "event"),
                    meta(row)));
        }
    }

    @Override
    public CompletionStage<List<StoredSnapshot>> snapshots(String persistenceId) {
        return all(
                        "SELECT sequence_nr, timestamp, ser_id, ser_manifest, snapshot_data, meta_ser_id, meta_ser_manifest,"
                                + " meta FROM %s.snapshots WHERE persistence_id = ? ORDER BY sequence_nr ASC",
                        persistenceId)
                .thenApply(rows -> rows.stream()
                        .map(row -> new StoredSnapshot(
                                persistenceId,
                                row.getLong("sequence_nr"),
                                row.getLong("timestamp"),
                                value(row, "", "snapshot_data"),
                                meta(row)))
                        .toList());
    }

    /** As the plug-in does before an entity's first event; and what is missing before that is said to be deleted. */
    @Override
    public CompletionStage<Done> begin(String persistenceId, long first) {
        return write("INSERT INTO %s.all_persistence_ids (persistence_id) VALUES (?)", persistenceId)
                .thenCompose(done -> first == 1
                        ? CompletableFuture.completedStage(done)
                        : write(
                                "INSERT INTO %s.metadata (persistence_id, deleted_to) VALUES (?, ?)",
                                persistenceId, first - 1));
    }

    @Override
    public CompletionStage<Done> append(List<StoredEvent> events) {
        CompletionStage<Done> written = CompletableFuture.completedStage(Done.getInstance());
        for (List<StoredEvent> part : parts(events)) {
            written = written.thenCompose(done -> write(part));
        }
        return written;
    }

    /** Those of one partition together, for that is one write; and not too many. */
    private List<List<StoredEvent>> parts(List<StoredEvent> events) {
        List<List<StoredEvent>> parts = new ArrayList<>();
        long bytes = 0;
        for (StoredEvent event : events) {
            bytes += event.event().bytes().length;
            if (parts.isEmpty() || bytes > MAX_BYTES || (event.seq() - 1) % partitionSize == 0) {
                parts.add(new ArrayList<>());
                bytes = event.event().bytes().length;
            }
            parts.get(parts.size() - 1).add(event);
        }
        return parts;
    }

    private CompletionStage<Done> write(List<StoredEvent> events) {
        return session.prepare(cql(
                        "INSERT INTO %s.messages (persistence_id, partition_nr, sequence_nr, timestamp, timebucket, writer_uuid,"
                                + " ser_id, ser_manifest, event_manifest, event)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))
                .thenCombine(
                        session.prepare(cql(
                                "INSERT INTO %s.messages (persistence_id, partition_nr, sequence_nr, timestamp, timebucket,"
                                        + " writer_uuid, ser_id, ser_manifest, event_manifest, event, meta_ser_id,"
                                        + " meta_ser_manifest, meta) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
                        (plain, withMeta) -> {
                            BatchStatement batch = BatchStatement.newInstance(BatchType.UNLOGGED);
                            for (StoredEvent event : events) {
                                batch = batch.add(bind(plain, withMeta, event));
                            }
                            return batch.setExecutionProfileName(CassandraSettings.PROFILE)
                                    .setIdempotent(true);
                        })
                .thenCompose(session::executeWriteBatch);
    }

    private BoundStatement bind(PreparedStatement plain, PreparedStatement withMeta, StoredEvent event) {
        BoundStatement bound = (event.meta().isPresent() ? withMeta : plain)
                .bind()
                .setString("persistence_id", event.persistenceId())
                .setLong("partition_nr", (event.seq() - 1) / partitionSize)
                .setLong("sequence_nr", event.seq())
                .setUuid("timestamp", EventTimes.uuid(event.atMillis(), event.seq()))
                .setString("timebucket", times.bucket(event.atMillis()))
                .setString("writer_uuid", event.writer())
                .setInt("ser_id", event.event().serializer())
                .setString("ser_manifest", event.event().manifest())
                .setString("event_manifest", event.adapterManifest())
                .setByteBuffer("event", ByteBuffer.wrap(event.event().bytes()));
        return event.meta()
                .map(meta -> bound.setInt("meta_ser_id", meta.serializer())
                        .setString("meta_ser_manifest", meta.manifest())
                        .setByteBuffer("meta", ByteBuffer.wrap(meta.bytes())))
                .orElse(bound);
    }

    @Override
    public CompletionStage<Done> keepSnapshots(String persistenceId, List<StoredSnapshot> snapshots) {
        Set<Long> kept = snapshots.stream().map(StoredSnapshot::seq).collect(Collectors.toSet());
        return snapshots(persistenceId).thenCompose(present -> {
            CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
            for (StoredSnapshot other : present) {
                if (!kept.contains(other.seq())) {
                    all = all.thenCompose(done -> write(
                            "DELETE FROM %s.snapshots WHERE persistence_id = ? AND sequence_nr = ?",
                            persistenceId, other.seq()));
                }
            }
            for (StoredSnapshot snapshot : snapshots) {
                all = all.thenCompose(done -> write(snapshot));
            }
            return all;
        });
    }

    private CompletionStage<Done> write(StoredSnapshot snapshot) {
        String columns = "persistence_id, sequence_nr, timestamp, ser_id, ser_manifest, snapshot_data";
        List<Object> values = new ArrayList<>(List.of(
                snapshot.persistenceId(),
                snapshot.seq(),
                snapshot.createdMillis(),
                snapshot.state().serializer(),
                snapshot.state().manifest(),
                ByteBuffer.wrap(snapshot.state().bytes())));
        if (snapshot.meta().isPresent()) {
            StoredValue meta = snapshot.meta().get();
            columns += ", meta_ser_id, meta_ser_manifest, meta";
            values.addAll(List.of(meta.serializer(), meta.manifest(), ByteBuffer.wrap(meta.bytes())));
        }
        return write(
                "INSERT INTO %s.snapshots (" + columns + ") VALUES (?" + ", ?".repeat(values.size() - 1) + ")",
                values.toArray());
    }

    private String cql(String template) {
        return template.formatted(keyspace);
    }

    private CompletionStage<BoundStatement> bound(String template, Object... values) {
        return session.prepare(cql(template))
                .thenApply(prepared -> prepared.bind(values).setExecutionProfileName(CassandraSettings.PROFILE));
    }

    private CompletionStage<Done> write(String template, Object... values) {
        return bound(template, values).thenCompose(session::executeWrite);
    }

    private CompletionStage<List<Row>> all(String template, Object... values) {
        return bound(template, values).thenCompose(session::selectAll);
    }

    private CompletionStage<Optional<Row>> one(String template, Object... values) {
        return bound(template, values).thenCompose(session::selectOne);
    }

    private static Optional<StoredValue> meta(Row row) {
        return row.isNull("meta") ? Optional.empty() : Optional.of(value(row, "meta_", "meta"));
    }

    private static StoredValue value(Row row, String prefix, String contents) {
        ByteBuffer bytes = row.getByteBuffer(contents);
        if (bytes == null) {
            throw new IllegalStateException("a row of number " + row.getLong("sequence_nr") + " has no contents");
        }
        return new StoredValue(
                row.getInt(prefix + "ser_id"), text(row, prefix + "ser_manifest"), Bytes.getArray(bytes));
    }

    /** Empty for null: the stores differ in that alone. */
    private static String text(Row row, String column) {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }
}
