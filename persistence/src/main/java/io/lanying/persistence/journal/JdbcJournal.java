package io.lanying.persistence.journal;

import akka.actor.typed.ActorSystem;
import io.lanying.persistence.archive.EventArchive;
import io.lanying.persistence.archive.StoredEvent;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * {@link Journal} by SQL along the journal's primary key, and through the archive where events were moved there. An event that cannot be
 * decoded or found fails the stage and says which one; it is never left out. A page that is not full is the last one.
 *
 * <p>The journal is read first and the archive after it: what is moved in between is met in the one or in the other.
 *
 * <p>Not by the plug-in's read journal: that one follows the whole journal's {@code ordering} from its beginning at each start.
 */
public final class JdbcJournal implements Journal {

    /** The most events of one answer. */
    public static final int MAX_LIMIT = 1_000;

    private static final String SQL = "SELECT \"sequence_number\", \"event_ser_id\", \"event_ser_manifest\","
            + " \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = :id"
            + " AND \"sequence_number\" BETWEEN :from AND :to AND \"deleted\" = FALSE"
            + " ORDER BY \"sequence_number\" LIMIT :limit";

    private final Database database;
    private final EventArchive archive;
    private final EventDecoder decoder;

    public JdbcJournal(ActorSystem<?> system, Database database, EventArchive archive) {
        this.database = database;
        this.archive = archive;
        this.decoder = new EventDecoder(system);
    }

    @Override
    public CompletionStage<List<JournalEvent>> events(
            EntityKind kind, EntityId entity, long fromSeq, long toSeq, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
        String persistenceId = kind.persistenceId(entity);
        long first = Math.max(1, fromSeq);
        return stored(persistenceId, first, toSeq, limit)
                .thenCompose(rows -> beginsAt(first, rows) || first > toSeq
                        ? CompletableFuture.completedFuture(rows)
                        : withArchived(persistenceId, first, toSeq, limit, rows))
                .thenApply(rows -> rows.stream()
                        .map(row -> decoder.decode(persistenceId, row.seq, row.serializer, row.manifest, row.payload))
                        .toList());
    }

    private static boolean beginsAt(long first, List<Stored> rows) {
        return !rows.isEmpty() && rows.get(0).seq == first;
    }

    private CompletionStage<List<Stored>> stored(String persistenceId, long fromSeq, long toSeq, int limit) {
        return database.read(handle -> handle.createQuery(SQL)
                .bind("id", persistenceId)
                .bind("from", fromSeq)
                .bind("to", toSeq)
                .bind("limit", limit)
                .map((row, context) -> new Stored(
                        row.getLong("sequence_number"),
                        row.getInt("event_ser_id"),
                        row.getString("event_ser_manifest"),
                        row.getBytes("event_payload")))
                .list());
    }

    /** The journal begins later, or not at all within the range: what is before is archived, always an entity's first events. */
    private CompletionStage<List<Stored>> withArchived(
            String persistenceId, long first, long toSeq, int limit, List<Stored> rows) {
        long last = rows.isEmpty() ? toSeq : rows.get(0).seq - 1;
        return archive.events(persistenceId, first, last, limit).thenApply(archived -> {
            boolean full = archived.size() == limit;
            if (!rows.isEmpty() && !full && first + archived.size() != rows.get(0).seq) {
                throw new IllegalStateException("events " + (first + archived.size()) + " to "
                        + (rows.get(0).seq - 1) + " of " + persistenceId
                        + " are neither in the journal nor in the archive");
            }
            return Stream.concat(archived.stream().map(Stored::of), rows.stream())
                    .limit(limit)
                    .toList();
        });
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(long seq, int serializer, String manifest, byte[] payload) {

        static Stored of(StoredEvent event) {
            return new Stored(event.seq(), event.serializer(), event.manifest(), event.payload());
        }
    }
}
