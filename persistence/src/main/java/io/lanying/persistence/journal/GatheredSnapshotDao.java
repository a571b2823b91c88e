package io.lanying.persistence.journal;

import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile;

/**
 * The plug-in's snapshots; on PostgreSQL entities that recover at the same time look for theirs together, in one statement. Most
 * have none. A large one is read by itself, so that what is in memory at once stays as small as with the plug-in.
 *
 * <p>The plug-in makes it by name ({@code jdbc-snapshot-store.dao}) with this constructor.
 */
public final class GatheredSnapshotDao extends DefaultSnapshotDao {

    private static final int ENTITIES = 32;
    private static final int PARALLELISM = 2;
    private static final int LARGE_BYTES = 32 * 1024;

    // Snapshots have no metadata but with replicated event sourcing, which is not used here.
    private static final String SQL =
            "SELECT found.* FROM unnest(?::varchar[]) AS wanted (id) CROSS JOIN LATERAL (SELECT persistence_id,"
                    + " sequence_number, created, snapshot_ser_id, snapshot_ser_manifest, CASE WHEN meta_payload IS NULL"
                    + " AND octet_length(snapshot_payload) <= " + LARGE_BYTES + " THEN snapshot_payload END AS payload"
                    + " FROM snapshot WHERE persistence_id = wanted.id ORDER BY sequence_number DESC LIMIT 1) found";

    private final Serialization serialization;
    private final Optional<Gathered<String, Stored>> reads;

    /** @param payload null if it is large: then it is read by itself */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(
            SnapshotMetadata metadata,
            int serializer,
            String manifest,
            byte @org.jspecify.annotations.Nullable [] payload) {}

    public GatheredSnapshotDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
        this.serialization = serialization;
        JdbcWork jdbc = new JdbcWork(database);
        this.reads = profile instanceof PostgresProfile
                ? Optional.of(new Gathered<>(
                        ENTITIES, PARALLELISM, wanted -> jdbc.run(connection -> read(connection, wanted))))
                : Optional.empty();
    }

    @Override
    public Future<Option<Tuple2<SnapshotMetadata, Object>>> latestSnapshot(String persistenceId) {
        return reads.map(gathered -> FutureConverters.asScala(
                        gathered.ask(persistenceId).thenCompose(found -> found.map(this::snapshot)
                                .orElseGet(() -> CompletableFuture.completedStage(Option.empty())))))
                .orElseGet(() -> super.latestSnapshot(persistenceId));
    }

    private CompletionStage<Option<Tuple2<SnapshotMetadata, Object>>> snapshot(Stored stored) {
        if (stored.payload() == null) {
            return FutureConverters.asJava(
                    super.latestSnapshot(stored.metadata().persistenceId()));
        }
        Try<Object> snapshot = serialization.deserialize(stored.payload(), stored.serializer(), stored.manifest());
        return snapshot.isSuccess()
                ? CompletableFuture.completedStage(Option.apply(new Tuple2<>(stored.metadata(), snapshot.get())))
                : CompletableFuture.failedStage(snapshot.failed().get());
    }

    private static Map<String, Stored> read(Connection connection, List<String> wanted) throws SQLException {
        Map<String, Stored> found = new HashMap<>();
        try (var statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("varchar", wanted.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String persistenceId = rows.getString("persistence_id");
                    found.put(
                            persistenceId,
                            new Stored(
                                    new SnapshotMetadata(
                                            persistenceId, rows.getLong("sequence_number"), rows.getLong("created")),
                                    rows.getInt("snapshot_ser_id"),
                                    rows.getString("snapshot_ser_manifest"),
                                    rows.getBytes("payload")));
                }
            }
        }
        return found;
    }
}
