package io.lanying.persistence.archive;

import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.archive.Segment.Part;
import io.lanying.persistence.archive.SegmentRows.Placed;
import io.lanying.persistence.attachment.BlobStore;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.persistence.database.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads archived events. Each run of them is verified by its hash before anything of it is used. Holds one run at a time, beside what
 * was asked for. Thread-safe.
 *
 * <p>A stage fails with {@link ArchiveBroken} if events are missing or are not as they were put, and otherwise if the store or the
 * database does not answer: unavailable, repeat. Either is logged and counted ({@link PersistenceStats#archiveFailures}).
 */
public final class EventArchive {

    private static final Logger LOG = LoggerFactory.getLogger(EventArchive.class);

    private final Database database;
    private final SharedStore store;
    private final PersistenceStats stats;

    public EventArchive(Database database, SharedStore store, PersistenceStats stats) {
        this.database = database;
        this.store = store;
        this.stats = stats;
    }

    /**
     * An entity's events {@code from..to} as far as they are archived, at most {@code limit} of them, in order and without a gap from
     * {@code from} on; empty if {@code from} is not archived.
     *
     * <p>Whoever reads the journal first, and asks for what was not in it, gets it: events are in the archive from the very transaction on
     * that takes them out of the journal.
     */
    public CompletionStage<List<StoredEvent>> events(String persistenceId, long from, long to, int limit) {
        return database.read(handle -> new SegmentRows(handle).parts(persistenceId, from, to, limit))
                .thenCompose(parts -> parts.isEmpty()
                        ? CompletableFuture.completedFuture(List.<StoredEvent>of())
                        : store.required()
                                .thenCompose(right -> new Reading(persistenceId, to, limit).read(parts, 0, from))
                                .whenComplete((events, failure) -> told(persistenceId, failure)));
    }

    private void told(String persistenceId, @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure == null) {
            return;
        }
        stats.countArchiveFailure();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ArchiveBroken) {
            LOG.error("the archive is broken: {}", cause.getMessage());
        } else {
            LOG.warn("archived events of {} cannot be read now: {}", persistenceId, cause.toString());
        }
    }

    /** One answer in the making. */
    private final class Reading {

        private final String persistenceId;
        private final long to;
        private final int limit;
        private final List<StoredEvent> found = new ArrayList<>();

        Reading(String persistenceId, long to, int limit) {
            this.persistenceId = persistenceId;
            this.to = to;
            this.limit = limit;
        }

        CompletionStage<List<StoredEvent>> read(List<Placed> parts, int at, long next) {
            if (at == parts.size() || found.size() == limit) {
                return CompletableFuture.completedFuture(found);
            }
            var placed = parts.get(at);
            if (placed.part().fromSeq() > next) {
                return CompletableFuture.failedFuture(new ArchiveBroken(
                        "events " + next + " to " + (placed.part().fromSeq() - 1) + " of " + persistenceId
                                + " are neither in the journal nor in the archive"));
            }
            return bytes(placed).thenCompose(bytes -> {
                stats.countArchiveRead();
                verified(placed, bytes).stream()
                        .filter(event -> event.seq() >= next && event.seq() <= to)
                        .limit(limit - found.size())
                        .forEach(found::add);
                return read(parts, at + 1, placed.part().toSeq() + 1);
            });
        }

        private CompletionStage<byte[]> bytes(Placed placed) {
            return store.blobs()
                    .read(placed.object(), placed.part().offset(), placed.part().length())
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                            isMissing(failure) ? broken(placed, "is not in the store", failure) : failure));
        }
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof BlobStore.Missing || failure.getCause() instanceof BlobStore.Missing;
    }

    /** The events of a part. */
    static List<StoredEvent> verified(Placed placed, byte[] bytes) {
        Part part = placed.part();
        if (!Segment.sha256(bytes).equals(part.sha256())) {
            throw broken(placed, "has another hash than was recorded");
        }
        List<StoredEvent> events;
        try {
            events = EventLines.events(bytes);
        } catch (IOException e) {
            throw broken(placed, "cannot be read as events", e);
        }
        long next = part.fromSeq();
        for (StoredEvent event : events) {
            if (event.seq() != next || !event.persistenceId().equals(part.persistenceId())) {
                throw broken(placed, "holds other events than was recorded");
            }
            next++;
        }
        if (next != part.toSeq() + 1) {
            throw broken(placed, "holds other events than was recorded");
        }
        return events;
    }

    private static ArchiveBroken broken(Placed placed, String what) {
        return new ArchiveBroken(message(placed, what));
    }

    private static ArchiveBroken broken(Placed placed, String what, Throwable cause) {
        return new ArchiveBroken(message(placed, what), cause);
    }

    private static String message(Placed placed, String what) {
        Part part = placed.part();
        return "object " + placed.object() + " with events " + part.fromSeq() + " to " + part.toSeq() + " of "
                + part.persistenceId() + " " + what;
    }
}
