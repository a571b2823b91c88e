package io.lanying.persistence.cassandra;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import akka.stream.javadsl.Sink;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.protocol.internal.util.Bytes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.persistence.migration.StoredJournal;
import io.lanying.persistence.migration.StoredSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes away what some writers wrote of an entity from the first number on that has two events, after the operator has chosen them, with
 * the snapshots from there on, so that the entity starts again. All of it is in a file first. Refuses, with one line in an
 * {@link IllegalStateException} and before anything is altered, what would not leave one event for each number.
 */
public final class BranchRemoval {

    /** Events that may be taken away at once: they are in memory meanwhile. */
    private static final int MAX_EVENTS = 10_000;

    private final ActorSystem<?> system;
    private final CassandraSession session;
    private final String keyspace;
    private final Branches branches;
    private final StoredJournal stored;

    BranchRemoval(ActorSystem<?> system, CassandraStore store, Branches branches) {
        this.system = system;
        this.session = store.session();
        this.keyspace = store.keyspace();
        this.branches = branches;
        this.stored = new CassandraStored(system, store);
    }

    /** What was taken away. */
    public record Removed(long firstSeq, long events, long snapshots) {}

    /**
     * Removes them.
     *
     * @param writers whose events go
     * @param copy a file that is not there yet, of one JSON object a line with a row each, contents in Base64
     */
    public CompletionStage<Removed> remove(String persistenceId, Set<String> writers, Path copy) {
        return branches.keys(persistenceId)
                .runWith(Sink.headOption(), system)
                .thenApply(first -> first.orElseThrow(
                                () -> new IllegalStateException(persistenceId + " has no number with two events"))
                        .seq())
                .thenCompose(first -> plan(persistenceId, writers, first))
                .thenCompose(plan -> copy(plan, copy).thenCompose(done -> delete(plan)))
                .thenCompose(removed -> requireOne(persistenceId).thenApply(done -> removed));
    }

    private record Plan(String persistenceId, long first, List<StoredKey> events, List<StoredSnapshot> snapshots) {}

    private CompletionStage<Plan> plan(String persistenceId, Set<String> writers, long first) {
        List<StoredKey> gone = new ArrayList<>();
        long[] next = {first};
        return branches.everyKey(persistenceId)
                .filter(key -> key.seq() >= first)
                .runForeach(
                        key -> {
                            if (writers.contains(key.writer())) {
                                gone.add(key);
                                requireFew(gone);
                            } else {
                                requireNext(key, next[0]++);
                            }
                        },
                        system)
                .thenCompose(done -> stored.snapshots(persistenceId))
                .thenCompose(snapshots -> {
                    requireAll(persistenceId, writers, gone);
                    return requireStart(persistenceId, first, snapshots)
                            .thenApply(done -> new Plan(
                                    persistenceId,
                                    first,
                                    gone,
                                    snapshots.stream()
                                            .filter(snapshot -> snapshot.seq() >= first)
                                            .toList()));
                });
    }

    private static void requireFew(List<StoredKey> gone) {
        if (gone.size() > MAX_EVENTS) {
            throw new IllegalStateException(
                    "these are more than " + MAX_EVENTS + " events: they must be taken away by hand");
        }
    }

    private static void requireNext(StoredKey key, long expected) {
        if (key.seq() != expected) {
            throw new IllegalStateException("without these writers' events " + key.persistenceId()
                    + (key.seq() < expected
                            ? " would still have two of number " + key.seq() + ", one by " + key.writer()
                            : " would lack number " + expected));
        }
    }

    private static void requireAll(String persistenceId, Set<String> writers, List<StoredKey> gone) {
        for (String writer : writers) {
            if (gone.stream().noneMatch(key -> key.writer().equals(writer))) {
                throw new IllegalStateException(
                        "writer " + writer + " has no event of " + persistenceId + " from the first doubled number on");
            }
        }
    }

    /** What comes before must be there, as events or as a snapshot. */
    private CompletionStage<Done> requireStart(String persistenceId, long first, List<StoredSnapshot> snapshots) {
        return stored.extent(persistenceId).thenApply(extent -> {
            long begin = extent.orElseThrow().first();
            boolean starts = begin == 1
                    || snapshots.stream().anyMatch(snapshot -> snapshot.seq() >= begin - 1 && snapshot.seq() < first);
            if (!starts) {
                throw new IllegalStateException("no snapshot of " + persistenceId + " is older than number " + first
                        + ", and its events before " + begin + " are deleted: it could not start");
            }
            return Done.getInstance();
        });
    }

    private CompletionStage<Done> copy(Plan plan, Path file) {
        CompletionStage<List<String>> lines = CompletableFuture.completedStage(new ArrayList<>());
        ObjectMapper json = new ObjectMapper();
        for (StoredKey key : plan.events) {
            lines = lines.thenCombine(row(key), (before, row) -> {
                before.add(line(json, "messages", key.persistenceId(), row));
                return before;
            });
        }
        return lines.thenApply(events -> {
            plan.snapshots.forEach(snapshot -> events.add(line(json, snapshot)));
            write(file, events);
            return Done.getInstance();
        });
    }

    private CompletionStage<Row> row(StoredKey key) {
        return bound("SELECT * FROM %s.messages", key)
                .thenCompose(session::selectOne)
                .thenApply(row -> row.orElseThrow(
                        () -> new IllegalStateException("an event went away meanwhile: look at the entity again")));
    }

    private static String line(ObjectMapper json, String table, String persistenceId, Row row) {
        ObjectNode node = json.createObjectNode();
        node.put("table", table);
        node.put("persistence_id", persistenceId);
        row.getColumnDefinitions().forEach(column -> {
            String name = column.getName().asInternal();
            Object value = row.getObject(column.getName());
            if (value instanceof ByteBuffer bytes) {
                node.put(name, Bytes.getArray(bytes));
            } else if (value instanceof Number number) {
                node.put(name, number.longValue());
            } else if (value != null) {
                node.put(name, value.toString());
            }
        });
        return node.toString();
    }

    private static String line(ObjectMapper json, StoredSnapshot snapshot) {
        ObjectNode node = json.createObjectNode();
        node.put("table", "snapshots");
        node.put("persistence_id", snapshot.persistenceId());
        node.put("sequence_nr", snapshot.seq());
        node.put("timestamp", snapshot.createdMillis());
        node.put("ser_id", snapshot.state().serializer());
        node.put("ser_manifest", snapshot.state().manifest());
        node.put("snapshot_data", snapshot.state().bytes());
        return node.toString();
    }

    /** A new file of its owner's, on the disk when this returns. */
    private static void write(Path file, List<String> lines) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the copy cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private CompletionStage<Removed> delete(Plan plan) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        // Snapshots first: one that holds what is gone must not be used.
        for (StoredSnapshot snapshot : plan.snapshots) {
            all = all.thenCompose(done -> session.prepare(
                            "DELETE FROM " + keyspace + ".snapshots WHERE persistence_id = ? AND sequence_nr = ?")
                    .thenCompose(prepared -> session.executeWrite(prepared.bind(plan.persistenceId, snapshot.seq())
                            .setExecutionProfileName(CassandraSettings.PROFILE))));
        }
        // From the end: whatever is left after a failure begins with the same number as before.
        for (int i = plan.events.size() - 1; i >= 0; i--) {
            StoredKey key = plan.events.get(i);
            all = all.thenCompose(done -> bound("DELETE FROM %s.messages", key).thenCompose(session::executeWrite));
        }
        return all.thenApply(done -> new Removed(plan.first, plan.events.size(), plan.snapshots.size()));
    }

    private CompletionStage<Statement<?>> bound(String what, StoredKey key) {
        return session.prepare(what.formatted(keyspace)
                        + " WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr = ? AND timestamp = ?")
                .thenApply(prepared -> prepared.bind(key.persistenceId(), key.partition(), key.seq(), key.time())
                        .setExecutionProfileName(CassandraSettings.PROFILE));
    }

    private CompletionStage<Done> requireOne(String persistenceId) {
        return branches.keys(persistenceId).runWith(Sink.headOption(), system).thenApply(left -> {
            left.ifPresent(key -> {
                throw new IllegalStateException("number " + key.seq() + " of " + persistenceId
                        + " has two events again: a node writes it; stop the nodes and give the command again");
            });
            return Done.getInstance();
        });
    }
}
