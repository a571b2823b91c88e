package io.lanying.persistence.cassandra;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import akka.stream.javadsl.Source;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.protocol.internal.util.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Numbers that have two events in Cassandra: what two writers left who did not know of each other, and what no entity starts with. Only
 * reads, and the contents of such events alone. Thread-safe.
 */
public final class Branches {

    /** Partitions without a row, after which an entity has no more: one atomic write may skip a whole one. */
    private static final int EMPTY_PARTITIONS = 2;

    private static final int PARALLEL = 4;

    private final CassandraSession session;
    private final String keyspace;
    private final long partitionSize;

    Branches(ActorSystem<?> system, CassandraStore store) {
        this.session = store.session();
        this.keyspace = store.keyspace();
        this.partitionSize =
                system.settings().config().getLong(CassandraSettings.PLUGIN + ".journal.target-partition-size");
    }

    /**
     * One of the events of a number.
     *
     * @param writer the incarnation of the entity that wrote it
     * @param type what it is, by its manifest
     * @param sha256 of its contents, which are not shown
     */
    public record Event(
            String persistenceId, long seq, Instant at, String writer, String type, int bytes, String sha256) {}

    /** Of every entity, those of one number after each other; entities in no order. Reads the keys of the whole journal. */
    public Source<Event, NotUsed> all() {
        return session.select(SimpleStatement.newInstance(
                                "SELECT DISTINCT persistence_id, partition_nr FROM " + keyspace + ".messages")
                        .setExecutionProfileName(CassandraSettings.PROFILE))
                .flatMapConcat(row -> doubled(
                        Optional.ofNullable(row.getString("persistence_id")).orElseThrow(),
                        row.getLong("partition_nr")))
                .mapAsync(PARALLEL, this::event);
    }

    /** Of one entity, in the order of their numbers. */
    public Source<Event, NotUsed> of(String persistenceId) {
        return keys(persistenceId).mapAsync(PARALLEL, this::event);
    }

    /** The keys of {@link #of}. */
    Source<StoredKey, NotUsed> keys(String persistenceId) {
        return partitions(persistenceId).flatMapConcat(partition -> doubled(persistenceId, partition));
    }

    /** Every event's, by number within each partition, the partitions by their numbers. */
    Source<StoredKey, NotUsed> everyKey(String persistenceId) {
        return partitions(persistenceId)
                .flatMapConcat(partition -> select(persistenceId, partition).map(StoredKey::of));
    }

    private Source<Long, NotUsed> partitions(String persistenceId) {
        return Source.completionStage(firstPartition(persistenceId))
                .flatMapConcat(first -> Source.unfoldAsync(new At(first, 0), at -> next(persistenceId, at)));
    }

    private record At(long partition, int empty) {}

    private CompletionStage<Optional<Pair<At, Long>>> next(String persistenceId, At at) {
        if (at.empty == EMPTY_PARTITIONS) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return bound(
                        "SELECT sequence_nr FROM %s.messages WHERE persistence_id = ? AND partition_nr = ? LIMIT 1",
                        persistenceId, at.partition)
                .thenCompose(session::selectOne)
                .thenCompose(row -> row.isEmpty()
                        ? next(persistenceId, new At(at.partition + 1, at.empty + 1))
                        : CompletableFuture.completedStage(
                                Optional.of(Pair.create(new At(at.partition + 1, 0), at.partition))));
    }

    private CompletionStage<Long> firstPartition(String persistenceId) {
        return bound("SELECT deleted_to FROM %s.metadata WHERE persistence_id = ?", persistenceId)
                .thenCompose(session::selectOne)
                .thenApply(
                        row -> row.map(deleted -> deleted.getLong("deleted_to")).orElse(0L) / partitionSize);
    }

    /** Those of a partition, and those that it shares with the one before, where the beginning of an atomic write may be. */
    private Source<StoredKey, NotUsed> doubled(String persistenceId, long partition) {
        return Source.completionStage(shared(persistenceId, partition))
                .mapConcat(keys -> keys)
                .concat(select(persistenceId, partition).map(StoredKey::of).statefulMapConcat(() -> {
                    List<StoredKey> last = new ArrayList<>();
                    return key -> sameNumber(last, key);
                }));
    }

    /** The first one of a number is told with the second. */
    private static List<StoredKey> sameNumber(List<StoredKey> last, StoredKey key) {
        boolean same = !last.isEmpty() && last.get(0).seq() == key.seq();
        if (!same) {
            last.clear();
        }
        last.add(key);
        return !same ? List.of() : last.size() == 2 ? List.copyOf(last) : List.of(key);
    }

    private CompletionStage<List<StoredKey>> shared(String persistenceId, long partition) {
        if (partition == 0) {
            return CompletableFuture.completedStage(List.of());
        }
        long lastOfBefore = partition * partitionSize;
        return keys(persistenceId, partition, 0, lastOfBefore)
                .thenCompose(early -> early.isEmpty()
                        ? CompletableFuture.completedStage(List.of())
                        : keys(persistenceId, partition - 1, early.get(0).seq(), lastOfBefore)
                                .thenApply(before -> inBoth(before, early)));
    }

    private static List<StoredKey> inBoth(List<StoredKey> before, List<StoredKey> early) {
        Set<Long> numbers = new HashSet<>();
        before.forEach(key -> numbers.add(key.seq()));
        Set<Long> both = new HashSet<>();
        early.stream().map(StoredKey::seq).filter(numbers::contains).forEach(both::add);
        List<StoredKey> all = new ArrayList<>(before);
        all.addAll(early);
        return all.stream()
                .filter(key -> both.contains(key.seq()))
                .sorted(Comparator.comparingLong(StoredKey::seq))
                .toList();
    }

    private CompletionStage<List<StoredKey>> keys(String persistenceId, long partition, long from, long to) {
        return statement(persistenceId, partition, from, to)
                .thenCompose(session::selectAll)
                .thenApply(rows -> rows.stream().map(StoredKey::of).toList());
    }

    private Source<Row, NotUsed> select(String persistenceId, long partition) {
        return session.select(statement(persistenceId, partition, 0, Long.MAX_VALUE));
    }

    private CompletionStage<Statement<?>> statement(String persistenceId, long partition, long from, long to) {
        return bound(
                "SELECT " + StoredKey.COLUMNS + " FROM %s.messages WHERE persistence_id = ? AND partition_nr = ?"
                        + " AND sequence_nr >= ? AND sequence_nr <= ?",
                persistenceId,
                partition,
                from,
                to);
    }

    private CompletionStage<Event> event(StoredKey key) {
        return bound(
                        "SELECT ser_manifest, event FROM %s.messages WHERE persistence_id = ? AND partition_nr = ?"
                                + " AND sequence_nr = ? AND timestamp = ?",
                        key.persistenceId(), key.partition(), key.seq(), key.time())
                .thenCompose(session::selectOne)
                .thenApply(row -> row.map(found -> event(key, found))
                        .orElseThrow(() ->
                                new IllegalStateException("an event went away while it was looked at: look again")));
    }

    private static Event event(StoredKey key, Row row) {
        ByteBuffer contents = Optional.ofNullable(row.getByteBuffer("event")).orElse(ByteBuffer.allocate(0));
        byte[] bytes = Bytes.getArray(contents);
        return new Event(
                key.persistenceId(),
                key.seq(),
                key.at(),
                key.writer(),
                Optional.ofNullable(row.getString("ser_manifest")).orElse(""),
                bytes.length,
                HexFormat.of().formatHex(sha256(bytes)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletionStage<Statement<?>> bound(String template, Object... values) {
        return session.prepare(template.formatted(keyspace))
                .thenApply(prepared -> prepared.bind(values).setExecutionProfileName(CassandraSettings.PROFILE));
    }
}
