package io.lanying.persistence.attachment;

import akka.Done;
import akka.actor.typed.ActorSystem;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes, every now and then, uploads that came to a stand, attachments of tenants that were deleted, and objects that nobody refers
 * to. Several nodes may do so at once; one that dies leaves the rest to the next time.
 */
final class AttachmentSweep {

    private static final Logger LOG = LoggerFactory.getLogger(AttachmentSweep.class);
    private static final int PAGE = 100;

    /** Of deleted tenants in one sweep, some seconds' work: what else is due waits no longer. */
    private static final int MOST_OF_TENANTS = 5_000;

    private final Database database;
    private final BlobStore blobs;
    private final JdbcAttachments attachments;
    private final PersistenceStats stats;
    private final Clock clock;
    private final AtomicBoolean underWay = new AtomicBoolean();

    AttachmentSweep(
            Database database, BlobStore blobs, JdbcAttachments attachments, PersistenceStats stats, Clock clock) {
        this.database = database;
        this.blobs = blobs;
        this.attachments = attachments;
        this.stats = stats;
        this.clock = clock;
    }

    void start(ActorSystem<?> system, AttachmentSettings settings) {
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        settings.sweepInterval(), settings.sweepInterval(), this::begin, system.executionContext());
    }

    private void begin() {
        if (!underWay.compareAndSet(false, true)) {
            return;
        }
        sweep().whenComplete((done, failure) -> {
            underWay.set(false);
            if (failure != null) {
                stats.countSweepFailure();
                LOG.warn(
                        "attachments that are no more could not be removed, and will be later: {}", failure.toString());
            }
        });
    }

    /** All that is due now. */
    CompletionStage<Done> sweep() {
        return attachments
                .removeExpired()
                .thenCompose(done -> attachments.removeOfDeletedTenants(MOST_OF_TENANTS))
                .thenCompose(done -> removeGarbage());
    }

    private CompletionStage<Done> removeGarbage() {
        return database.read(handle -> new AttachmentChores(handle).garbage(clock.instant(), PAGE))
                .thenCompose(objects -> {
                    CompletionStage<Done> all = CompletableFuture.completedFuture(Done.getInstance());
                    for (String object : objects) {
                        all = all.thenCompose(done -> remove(object));
                    }
                    return objects.size() < PAGE ? all : all.thenCompose(done -> removeGarbage());
                });
    }

    private CompletionStage<Done> remove(String object) {
        return blobs.delete(object)
                .thenCompose(gone -> database.inTransaction(handle -> {
                    new AttachmentChores(handle).removed(object);
                    return gone;
                }));
    }
}
