package io.lanying.persistence.journal;

import akka.NotUsed;
import akka.actor.Scheduler;
import akka.actor.typed.javadsl.Adapter;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.AkkaSerialization;
import akka.persistence.jdbc.config.JournalConfig;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.persistence.jdbc.journal.dao.JournalTables.JournalAkkaSerializationRow;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import akka.stream.scaladsl.Source;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.SqlFailures;
import io.lanying.persistence.journal.GatheredEvents.ReadAhead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile;

/**
 * The plug-in's journal; on PostgreSQL a batch is written by one statement ({@link EventInsert}), and entities that recover at the
 * same time read their events together ({@link GatheredEvents}).
 *
 * <p>Its primary key is the fence against two writers of one entity: this also says when the fence was
 * hit. Each entity whose number was taken is counted ({@link PersistenceStats#doubleWrites}) and logged once for each batch,
 * with its persistence id and that number.
 *
 * <p>What fails stays failed. A batch holds events of several entities and is one transaction, so the fence's hit fails its
 * innocent neighbours too: like the late writer they get the failure, restart under back-off, read their journal and find that
 * nothing of theirs was written; their callers got no answer and repeat with their keys. Nothing is lost. Neighbours are
 * neither counted nor logged.
 *
 * <p>A write that succeeds costs nothing more. After a rejected batch its keys are looked up in one go, before the failure is
 * handed on: later the neighbours would have written those very numbers themselves.
 *
 * <p>Recovery has no holes. The first events of an entity may be in the archive, which lies behind a snapshot; one that is asked to begin
 * at an event that is not here (its snapshot is gone, say) fails, is counted ({@link PersistenceStats#holes}) and does not start. So does
 * one with an event that cannot be decoded ({@link PersistenceStats#unreadable}); both are named in the log at each attempt.
 *
 * <p>The plug-in makes it by name ({@code jdbc-journal.dao}) with this constructor.
 */
public final class FencedJournalDao extends DefaultJournalDao {

    private static final Logger LOG = LoggerFactory.getLogger(FencedJournalDao.class);
    private static final String IS_TAKEN =
            "SELECT 1 FROM \"event_journal\" WHERE \"persistence_id\" = ? AND \"sequence_number\" = ?";

    private final PersistenceStats stats;
    private final Serialization serialization;
    private final JdbcWork jdbc;
    private final boolean isPostgres;
    private final Optional<GatheredEvents> recoveries;

    public FencedJournalDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            JournalConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
        this.stats = PersistenceStats.of(Adapter.toTyped(materializer.system()));
        this.serialization = serialization;
        this.jdbc = new JdbcWork(database);
        this.isPostgres = profile instanceof PostgresProfile;
        this.recoveries = isPostgres ? Optional.of(new GatheredEvents(jdbc)) : Optional.empty();
    }

    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
        return recoveries
                .map(events -> FutureConverters.asScala(events.read(persistenceId, fromSequenceNr)
                        .thenCompose(ahead -> ahead.isAll()
                                ? CompletableFuture.<Object>completedStage(ahead.last())
                                : FutureConverters.asJava(super.highestSequenceNr(persistenceId, fromSequenceNr)))))
                .orElseGet(() -> super.highestSequenceNr(persistenceId, fromSequenceNr));
    }

    @Override
    public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messagesWithBatch(
            String persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            int batchSize,
            Option<Tuple2<FiniteDuration, Scheduler>> refreshInterval) {
        return withoutHoles(
                persistenceId,
                fromSequenceNr,
                read(persistenceId, fromSequenceNr, toSequenceNr, batchSize, refreshInterval));
    }

    private Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> read(
            String persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            int batchSize,
            Option<Tuple2<FiniteDuration, Scheduler>> refreshInterval) {
        return recoveries
                .flatMap(events -> events.take(persistenceId, fromSequenceNr))
                .map(ahead -> replay(ahead, fromSequenceNr, toSequenceNr)
                        .concatLazy(akka.stream.javadsl.Source.lazySource(() -> ahead.isAll()
                                ? akka.stream.javadsl.Source.empty()
                                : super.messagesWithBatch(
                                                persistenceId,
                                                ahead.last() + 1,
                                                toSequenceNr,
                                                batchSize,
                                                refreshInterval)
                                        .asJava()))
                        .asScala())
                .orElseGet(() -> super.messagesWithBatch(
                        persistenceId, fromSequenceNr, toSequenceNr, batchSize, refreshInterval));
    }

    private akka.stream.javadsl.Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> replay(
            ReadAhead ahead, long from, long to) {
        return akka.stream.javadsl.Source.from(ahead.rows())
                .filter(row -> !row.deleted() && row.sequenceNumber() >= from && row.sequenceNumber() <= to)
                .map(row -> AkkaSerialization.fromRow(serialization, row));
    }

    private Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> withoutHoles(
            String persistenceId, long fromSeq, Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> events) {
        return events.asJava()
                .statefulMapConcat(() -> {
                    var next = new AtomicLong(Math.max(1, fromSeq));
                    return read -> {
                        look(persistenceId, next.getAndIncrement(), read);
                        return List.of(read);
                    };
                })
                .asScala();
    }

    private void look(String persistenceId, long expected, Try<Tuple2<PersistentRepr, Object>> read) {
        if (read.isFailure()) {
            stats.countUnreadable();
            LOG.error("event {} of {} cannot be read: the entity does not start", expected, persistenceId);
        } else {
            requireNext(persistenceId, expected, read);
        }
    }

    private void requireNext(String persistenceId, long expected, Try<Tuple2<PersistentRepr, Object>> read) {
        if (read.get()._1().sequenceNr() != expected) {
            stats.countHole();
            String hole = "events " + expected + " to " + (read.get()._1().sequenceNr() - 1) + " of " + persistenceId
                    + " are not in the journal, and no snapshot covers them";
            LOG.error("{}: the entity does not start", hole);
            throw new IllegalStateException(hole);
        }
    }

    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalAkkaSerializationRow, Set<String>>> rows) {
        return write(rows)
                .transformWith(
                        result -> isFenceHit(result)
                                ? takenOf(keys(rows)).transformWith(taken -> told(taken, result), ec())
                                : Future.fromTry(result),
                        ExecutionContext.parasitic$.MODULE$);
    }

    private Future<BoxedUnit> write(Seq<Tuple2<JournalAkkaSerializationRow, Set<String>>> rows) {
        var events = CollectionConverters.asJava(rows).stream()
                .filter(row -> row._2().isEmpty() && EventInsert.takes(row._1()))
                .map(Tuple2::_1)
                .toList();
        return isPostgres && events.size() == rows.size()
                ? jdbc.start(connection -> EventInsert.write(connection, events))
                : super.writeJournalRows(rows);
    }

    private static boolean isFenceHit(Try<BoxedUnit> result) {
        return result.isFailure() && SqlFailures.isDuplicate(result.failed().get());
    }

    private Future<BoxedUnit> told(Try<List<Key>> taken, Try<BoxedUnit> result) {
        if (taken.isSuccess() && !taken.get().isEmpty()) {
            stats.countDoubleWrites(taken.get().size());
            taken.get()
                    .forEach(key -> LOG.error(
                            "two writers of one entity: event {} of {} was written by another",
                            key.sequenceNumber,
                            key.persistenceId));
        } else {
            // The database did not say whose number it was, or no longer answers: the alarm counts more than the name.
            stats.countDoubleWrites(1);
            LOG.error("two writers of one entity: an event number was taken, and it cannot be found out which");
        }
        return Future.fromTry(result);
    }

    private Future<List<Key>> takenOf(List<Key> keys) {
        return FutureConverters.asScala(jdbc.run(connection -> taken(connection, keys)));
    }

    /** The first taken number of each entity. The batch itself was rolled back, so what is there is another writer's. */
    private static List<Key> taken(Connection connection, List<Key> keys) throws SQLException {
        Map<String, Key> taken = new LinkedHashMap<>();
        var seen = new HashSet<Key>();
        try (var statement = connection.prepareStatement(IS_TAKEN)) {
            for (Key key : keys) {
                // Two incarnations on one node can meet within one batch, of which nothing is left to be looked up.
                if (!seen.add(key) || isTaken(statement, key)) {
                    taken.putIfAbsent(key.persistenceId, key);
                }
            }
        }
        return List.copyOf(taken.values());
    }

    private static boolean isTaken(PreparedStatement statement, Key key) throws SQLException {
        statement.setString(1, key.persistenceId);
        statement.setLong(2, key.sequenceNumber);
        try (var result = statement.executeQuery()) {
            return result.next();
        }
    }

    private static List<Key> keys(Seq<Tuple2<JournalAkkaSerializationRow, Set<String>>> rows) {
        List<Key> keys = new ArrayList<>(rows.size());
        CollectionConverters.asJava(rows)
                .forEach(row ->
                        keys.add(new Key(row._1().persistenceId(), row._1().sequenceNumber())));
        return keys;
    }

    private record Key(String persistenceId, long sequenceNumber) {}
}
