package io.lanying.persistence.archive;

import io.lanying.persistence.archive.Segment.Part;
import io.lanying.persistence.archive.SegmentRows.Placed;
import io.lanying.persistence.archive.SegmentRows.Unfinished;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.persistence.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the events of a segment out of the journal, safely: the segment is noted, its object is put, read back and compared with the
 * journal; then one transaction says where the events are and deletes their rows, or does nothing if there are not exactly these. What
 * ends before that has changed nothing that counts, and {@link #removeUnfinished} removes it. Blocks.
 */
final class SegmentMove {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentMove.class);

    /** For one object, which has some megabytes. */
    private static final long STORE_MINUTES = 5;

    /** What has just been done, for tests that stop there. */
    enum Step {
        NOTED,
        PUT,
        VERIFIED,
        DELETED_UNCOMMITTED,
        MOVED
    }

    private final Database database;
    private final SharedStore store;
    private final Consumer<Step> done;

    SegmentMove(Database database, SharedStore store, Consumer<Step> done) {
        this.database = database;
        this.store = store;
        this.done = done;
    }

    /** @throws RuntimeException if anything fails; unless the commit did, the events are still in the journal */
    void move(Segment segment, Instant now) {
        byte[] bytes = segment.bytes();
        await(store.required());
        database.blocking(handle -> {
            new SegmentRows(handle).note(segment, now);
            return segment;
        });
        done.accept(Step.NOTED);
        await(store.blobs().put(segment.object(), bytes));
        done.accept(Step.PUT);
        verify(segment, bytes.length, Segment.sha256(bytes));
        done.accept(Step.VERIFIED);
        take(segment, Segment.sha256(bytes));
        done.accept(Step.MOVED);
        LOG.info("archived {} events as {}, {} bytes", segment.events(), segment.object(), bytes.length);
    }

    /** Compares what the store has with what the journal has, not with what was meant to be put. */
    private void verify(Segment segment, int length, String sha256) {
        byte[] kept = await(store.blobs().read(segment.object(), 0, length));
        if (!Segment.sha256(kept).equals(sha256)) {
            throw new IllegalStateException(segment.object() + " was not kept as it was put");
        }
        for (Part part : segment.parts()) {
            byte[] member =
                    java.util.Arrays.copyOfRange(kept, (int) part.offset(), (int) part.offset() + part.length());
            List<StoredEvent> archived = EventArchive.verified(new Placed(part, segment.object()), member);
            List<StoredEvent> journaled = database.blocking(handle -> new JournalRows(handle)
                    .events(part.persistenceId(), part.fromSeq(), part.toSeq(), archived.size() + 1));
            if (!same(archived, journaled)) {
                throw new IllegalStateException("events " + part.fromSeq() + " to " + part.toSeq() + " of "
                        + part.persistenceId() + " are not in the journal as they were archived");
            }
        }
    }

    private static boolean same(List<StoredEvent> archived, List<StoredEvent> journaled) {
        if (archived.size() != journaled.size()) {
            return false;
        }
        for (int i = 0; i < archived.size(); i++) {
            if (!archived.get(i).sameAs(journaled.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void take(Segment segment, String sha256) {
        database.blocking(handle -> {
            if (!new SegmentRows(handle).complete(segment, sha256)) {
                throw new IllegalStateException("another archiver has taken " + segment.object() + " for left behind");
            }
            var journal = new JournalRows(handle);
            for (Part part : segment.parts()) {
                long deleted = journal.delete(part);
                if (deleted != part.toSeq() - part.fromSeq() + 1) {
                    throw new IllegalStateException("of events " + part.fromSeq() + " to " + part.toSeq() + " of "
                            + part.persistenceId() + " the journal had " + deleted);
                }
            }
            done.accept(Step.DELETED_UNCOMMITTED);
            return segment;
        });
    }

    /** Removes what earlier runs left behind. */
    void removeUnfinished() {
        List<Unfinished> left = database.blocking(handle -> {
            var rows = new SegmentRows(handle);
            rows.abandon();
            return rows.abandoned();
        });
        if (left.isEmpty()) {
            return;
        }
        await(store.required());
        for (Unfinished each : left) {
            await(store.blobs().delete(each.object()));
            database.blocking(handle -> {
                new SegmentRows(handle).forget(each);
                return each;
            });
            LOG.info("removed {}, which was not finished", each.object());
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(STORE_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the store of the archive failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the store of the archive does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
