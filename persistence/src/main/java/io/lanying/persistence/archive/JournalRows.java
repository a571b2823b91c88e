package io.lanying.persistence.archive;

import io.lanying.persistence.archive.Segment.Part;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** The plug-in's tables, as moving events out of them needs it. Part of its caller's transaction. */
final class JournalRows {

    private final Handle handle;

    JournalRows(Handle handle) {
        this.handle = handle;
    }

    /**
     * An entity with snapshots.
     *
     * @param snapshots how many rows it has of them
     */
    record WithSnapshot(String persistenceId, int snapshots) {}

    /** An entity's newest snapshot, not decoded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record StoredSnapshot(long seq, int serializer, String manifest, byte[] payload) {}

    /** The first and the last event that the journal still has of an entity. */
    record Bounds(long first, long firstWrittenAt, long last) {}

    long snapshots() {
        return handle.createQuery("SELECT COUNT(*) FROM \"snapshot\"")
                .mapTo(Long.class)
                .one();
    }

    /** Entities with snapshots, in the column's own order, which is also that of {@code after}. */
    List<WithSnapshot> withSnapshots(String after, int limit) {
        return handle.createQuery("SELECT \"persistence_id\", COUNT(*) AS snapshots FROM \"snapshot\""
                        + " WHERE \"persistence_id\" > :after GROUP BY \"persistence_id\""
                        + " ORDER BY \"persistence_id\" LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new WithSnapshot(row.getString("persistence_id"), row.getInt("snapshots")))
                .list();
    }

    Optional<StoredSnapshot> newestSnapshot(String persistenceId) {
        return handle.createQuery("SELECT \"sequence_number\", \"snapshot_ser_id\", \"snapshot_ser_manifest\","
                        + " \"snapshot_payload\" FROM \"snapshot\" WHERE \"persistence_id\" = :id"
                        + " ORDER BY \"sequence_number\" DESC LIMIT 1")
                .bind("id", persistenceId)
                .map((row, context) -> new StoredSnapshot(
                        row.getLong("sequence_number"),
                        row.getInt("snapshot_ser_id"),
                        row.getString("snapshot_ser_manifest"),
                        row.getBytes("snapshot_payload")))
                .findOne();
    }

    Optional<Bounds> bounds(String persistenceId) {
        OptionalLong last = handle.createQuery("SELECT \"sequence_number\" FROM \"event_journal\""
                        + " WHERE \"persistence_id\" = :id ORDER BY \"sequence_number\" DESC LIMIT 1")
                .bind("id", persistenceId)
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        return handle.createQuery("SELECT \"sequence_number\", \"write_timestamp\" FROM \"event_journal\""
                        + " WHERE \"persistence_id\" = :id ORDER BY \"sequence_number\" LIMIT 1")
                .bind("id", persistenceId)
                .map((row, context) ->
                        new Bounds(row.getLong("sequence_number"), row.getLong("write_timestamp"), last.getAsLong()))
                .findOne();
    }

    /**
     * Events {@code from..to}, at most {@code limit} of them, in order.
     *
     * @throws IllegalStateException if one has what an archive does not keep
     */
    List<StoredEvent> events(String persistenceId, long from, long to, int limit) {
        return handle.createQuery("SELECT \"sequence_number\", \"ordering\", \"write_timestamp\", \"writer\","
                        + " \"adapter_manifest\", \"event_ser_id\", \"event_ser_manifest\", \"event_payload\","
                        + " \"meta_ser_id\" FROM \"event_journal\" WHERE \"persistence_id\" = :id"
                        + " AND \"sequence_number\" BETWEEN :from AND :to AND \"deleted\" = FALSE"
                        + " ORDER BY \"sequence_number\" LIMIT :limit")
                .bind("id", persistenceId)
                .bind("from", from)
                .bind("to", to)
                .bind("limit", limit)
                .map((row, context) -> {
                    long seq = row.getLong("sequence_number");
                    row.getInt("meta_ser_id");
                    if (!row.wasNull()) {
                        throw new IllegalStateException(
                                "event " + seq + " of " + persistenceId + " has metadata, which no archive keeps");
                    }
                    String adapter = row.getString("adapter_manifest");
                    return new StoredEvent(
                            persistenceId,
                            seq,
                            row.getLong("ordering"),
                            row.getLong("write_timestamp"),
                            row.getString("writer"),
                            adapter == null ? "" : adapter,
                            row.getInt("event_ser_id"),
                            row.getString("event_ser_manifest"),
                            row.getBytes("event_payload"));
                })
                .list();
    }

    /** Deletes what a part holds; returns how many events that were. */
    long delete(Part part) {
        return handle.createUpdate("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = :id"
                        + " AND \"sequence_number\" BETWEEN :from AND :to")
                .bind("id", part.persistenceId())
                .bind("from", part.fromSeq())
                .bind("to", part.toSeq())
                .execute();
    }
}
