package io.lanying.persistence.journal;

import akka.actor.typed.ActorSystem;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@link Journal} by SQL along the journal's primary key. An event that cannot be decoded fails the stage and says which one;
 * it is never left out.
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
    private final EventDecoder decoder;

    public JdbcJournal(ActorSystem<?> system, Database database) {
        this.database = database;
        this.decoder = new EventDecoder(system);
    }

    @Override
    public CompletionStage<List<JournalEvent>> events(
            EntityKind kind, EntityId entity, long fromSeq, long toSeq, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
        String persistenceId = kind.persistenceId(entity);
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
                        .list())
                .thenApply(rows -> rows.stream()
                        .map(row -> decoder.decode(persistenceId, row.seq, row.serializer, row.manifest, row.payload))
                        .toList());
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(long seq, int serializer, String manifest, byte[] payload) {}
}
