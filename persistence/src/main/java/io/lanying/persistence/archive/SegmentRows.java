package io.lanying.persistence.archive;

import io.lanying.persistence.archive.Segment.Part;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What the database knows of segments and their parts. Part of its caller's transaction. */
final class SegmentRows {

    private final Handle handle;

    SegmentRows(Handle handle) {
        this.handle = handle;
    }

    /** A part, and the object that it is in. */
    record Placed(Part part, String object) {}

    /** A segment that nothing refers to. */
    record Unfinished(String id, String object) {}

    /** Notes a segment whose object is about to be put. */
    void note(Segment segment, Instant now) {
        handle.createUpdate("INSERT INTO journal_segment (segment_id, object, state, created_at_ms)"
                        + " VALUES (:id, :object, 'writing', :now)")
                .bind("id", segment.id())
                .bind("object", segment.object())
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /** Whether it was still being written, as it must be; then its parts count from this transaction on. */
    boolean complete(Segment segment, String sha256) {
        int completed = handle.createUpdate(
                        "UPDATE journal_segment SET state = 'complete', bytes = :bytes, events = :events,"
                                + " sha256 = :sha256 WHERE segment_id = :id AND state = 'writing'")
                .bind("id", segment.id())
                .bind("bytes", segment.size())
                .bind("events", segment.events())
                .bind("sha256", sha256)
                .execute();
        if (completed == 0) {
            return false;
        }
        var batch = handle.prepareBatch("INSERT INTO journal_archive"
                + " (persistence_id, from_seq, to_seq, segment_id, byte_offset, byte_length, sha256)"
                + " VALUES (:persistenceId, :from, :to, :segment, :offset, :length, :sha256)");
        for (Part part : segment.parts()) {
            batch.bind("persistenceId", part.persistenceId())
                    .bind("from", part.fromSeq())
                    .bind("to", part.toSeq())
                    .bind("segment", segment.id())
                    .bind("offset", part.offset())
                    .bind("length", part.length())
                    .bind("sha256", part.sha256())
                    .add();
        }
        batch.execute();
        return true;
    }

    /** Takes segments from whoever was writing them: these cannot be completed any more. */
    void abandon() {
        handle.execute("UPDATE journal_segment SET state = 'abandoned' WHERE state = 'writing'");
    }

    List<Unfinished> abandoned() {
        return handle.createQuery("SELECT segment_id, object FROM journal_segment WHERE state = 'abandoned'")
                .map((row, context) -> new Unfinished(row.getString("segment_id"), row.getString("object")))
                .list();
    }

    void forget(Unfinished segment) {
        handle.createUpdate("DELETE FROM journal_segment WHERE segment_id = :id AND state = 'abandoned'")
                .bind("id", segment.id())
                .execute();
    }

    /** The parts that hold an entity's events {@code from..to}, in order, the first {@code limit} of them. */
    List<Placed> parts(String persistenceId, long from, long to, int limit) {
        return handle.createQuery("SELECT a.persistence_id, a.from_seq, a.to_seq, a.byte_offset, a.byte_length,"
                        + " a.sha256, s.object FROM journal_archive a"
                        + " JOIN journal_segment s ON s.segment_id = a.segment_id"
                        + " WHERE a.persistence_id = :id AND a.to_seq >= :from AND a.from_seq <= :to"
                        + " ORDER BY a.to_seq LIMIT :limit")
                .bind("id", persistenceId)
                .bind("from", from)
                .bind("to", to)
                .bind("limit", limit)
                .map((row, context) -> new Placed(
                        new Part(
                                row.getString("persistence_id"),
                                row.getLong("from_seq"),
                                row.getLong("to_seq"),
                                row.getLong("byte_offset"),
                                row.getInt("byte_length"),
                                row.getString("sha256")),
                        row.getString("object")))
                .list();
    }
}
