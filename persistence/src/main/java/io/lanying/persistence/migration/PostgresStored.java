package io.lanying.persistence.migration;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import io.lanying.persistence.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/** The tables of akka-persistence-jdbc in PostgreSQL. Writes go past the {@link JournalFence}; each call is one transaction. */
final class PostgresStored implements StoredJournal {

    private static final int PAGE = 500;

    // One look into the index for each id: DISTINCT would read every row.
    private static final String IDS = """
            WITH RECURSIVE id AS (
              (SELECT persistence_id FROM %1$s WHERE persistence_id > :after ORDER BY persistence_id LIMIT 1)
              UNION ALL
              SELECT (SELECT persistence_id FROM %1$s WHERE persistence_id > id.persistence_id
                      ORDER BY persistence_id LIMIT 1) FROM id WHERE id.persistence_id IS NOT NULL)
            SELECT persistence_id FROM id WHERE persistence_id IS NOT NULL LIMIT :limit""";
    private static final String EXTENT = """
            SELECT (SELECT sequence_number FROM event_journal WHERE persistence_id = :id AND NOT deleted
                    ORDER BY sequence_number LIMIT 1) AS first,
                   (SELECT MAX(sequence_number) FROM event_journal WHERE persistence_id = :id) AS last""";
    private static final String EVENTS = """
            SELECT persistence_id, sequence_number, write_timestamp, writer, adapter_manifest, event_ser_id,
                   event_ser_manifest, event_payload, meta_ser_id, meta_ser_manifest, meta_payload
            FROM event_journal WHERE persistence_id = :id AND sequence_number >= :from AND NOT deleted
            ORDER BY sequence_number LIMIT :limit""";
    private static final String APPEND = """
            INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp, adapter_manifest,
              event_ser_id, event_ser_manifest, event_payload, meta_ser_id, meta_ser_manifest, meta_payload)
            VALUES (:id, :seq, FALSE, :writer, :at, :adapter, :serializer, :manifest, :bytes,
              :metaSerializer, :metaManifest, :metaBytes)""";
    private static final String SNAPSHOTS = """
            SELECT persistence_id, sequence_number, created, snapshot_ser_id, snapshot_ser_manifest, snapshot_payload,
                   meta_ser_id, meta_ser_manifest, meta_payload
            FROM snapshot WHERE persistence_id = :id ORDER BY sequence_number""";
    private static final String SAVE = """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot_ser_id, snapshot_ser_manifest,
              snapshot_payload, meta_ser_id, meta_ser_manifest, meta_payload)
            VALUES (:id, :seq, :at, :serializer, :manifest, :bytes, :metaSerializer, :metaManifest, :metaBytes)""";

    private final Database database;

    PostgresStored(Database database) {
        this.database = database;
    }

    @Override
    public Source<String, NotUsed> ids() {
        return ids("event_journal").concat(ids("snapshot"));
    }

    private Source<String, NotUsed> ids(String table) {
        String sql = IDS.formatted(table);
        return Source.unfoldAsync("", after -> database.read(handle -> handle.createQuery(sql)
                                .bind("after", after)
                                .bind("limit", PAGE)
                                .mapTo(String.class)
                                .list())
                        .thenApply(page -> page.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Pair.create(page.get(page.size() - 1), page))))
                .mapConcat(page -> page);
    }

    /** Nothing: they are a primary key. */
    @Override
    public CompletionStage<Done> requireOneOfEach(String persistenceId) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Optional<Extent>> extent(String persistenceId) {
        return database.read(handle -> handle.createQuery(EXTENT)
                .bind("id", persistenceId)
                .map((row, context) -> {
                    long first = row.getLong("first");
                    long last = row.getLong("last");
                    if (first == 0 && last > 0) {
                        throw new IllegalStateException(persistenceId + " has deleted events only");
                    }
                    return last == 0 ? Optional.<Extent>empty() : Optional.of(new Extent(first, last));
                })
                .one());
    }

    @Override
    public CompletionStage<List<StoredEvent>> events(String persistenceId, long from, int limit) {
        return database.read(handle -> handle.createQuery(EVENTS)
                .bind("id", persistenceId)
                .bind("from", from)
                .bind("limit", limit)
                .map((row, context) -> new StoredEvent(
                        row.getString("persistence_id"),
                        row.getLong("sequence_number"),
                        row.getLong("write_timestamp"),
                        text(row, "writer"),
                        text(row, "adapter_manifest"),
                        value(row, "event"),
                        meta(row)))
                .list());
    }

    @Override
    public CompletionStage<List<StoredSnapshot>> snapshots(String persistenceId) {
        return database.read(handle -> handle.createQuery(SNAPSHOTS)
                .bind("id", persistenceId)
                .map((row, context) -> new StoredSnapshot(
                        row.getString("persistence_id"),
                        row.getLong("sequence_number"),
                        row.getLong("created"),
                        value(row, "snapshot"),
                        meta(row)))
                .list());
    }

    /** Nothing: the first row is enough. */
    @Override
    public CompletionStage<Done> begin(String persistenceId, long first) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> append(List<StoredEvent> events) {
        return database.inTransaction(handle -> {
            JournalFence.pass(handle);
            PreparedBatch batch = handle.prepareBatch(APPEND);
            events.forEach(event -> {
                batch.bind("id", event.persistenceId())
                        .bind("seq", event.seq())
                        .bind("writer", event.writer())
                        .bind("at", event.atMillis())
                        .bind("adapter", event.adapterManifest());
                bind(batch, event.event(), event.meta());
                batch.add();
            });
            batch.execute();
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<Done> keepSnapshots(String persistenceId, List<StoredSnapshot> snapshots) {
        return database.inTransaction(handle -> {
            JournalFence.pass(handle);
            handle.createUpdate("DELETE FROM snapshot WHERE persistence_id = :id")
                    .bind("id", persistenceId)
                    .execute();
            snapshots.forEach(snapshot -> bind(
                            handle.createUpdate(SAVE)
                                    .bind("id", persistenceId)
                                    .bind("seq", snapshot.seq())
                                    .bind("at", snapshot.createdMillis()),
                            snapshot.state(),
                            snapshot.meta())
                    .execute());
            return Done.getInstance();
        });
    }

    private static <S extends SqlStatement<S>> S bind(S statement, StoredValue value, Optional<StoredValue> meta) {
        statement
                .bind("serializer", value.serializer())
                .bind("manifest", value.manifest())
                .bind("bytes", value.bytes());
        meta.ifPresentOrElse(
                present -> statement
                        .bind("metaSerializer", present.serializer())
                        .bind("metaManifest", present.manifest())
                        .bind("metaBytes", present.bytes()),
                () -> statement
                        .bindNull("metaSerializer", Types.INTEGER)
                        .bindNull("metaManifest", Types.VARCHAR)
                        .bindNull("metaBytes", Types.BINARY));
        return statement;
    }

    private static StoredValue value(ResultSet row, String of) throws SQLException {
        return new StoredValue(
                row.getInt(of + "_ser_id"), text(row, of + "_ser_manifest"), row.getBytes(of + "_payload"));
    }

    private static Optional<StoredValue> meta(ResultSet row) throws SQLException {
        return row.getObject("meta_payload") == null ? Optional.empty() : Optional.of(value(row, "meta"));
    }

    /** Empty for null: the stores differ in that alone. */
    private static String text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }
}
