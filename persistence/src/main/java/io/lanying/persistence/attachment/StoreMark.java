package io.lanying.persistence.attachment;

import akka.Done;
import io.lanying.persistence.NodeSecrets;
import io.lanying.persistence.StartRefused;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the store is the one in which the database's contents are: an object in it has the name that the database
 * knows. Without that, a node with a directory of its own, or one that is not mounted, would serve none of them and keep others
 * where nobody finds them.
 */
final class StoreMark {

    private static final Logger LOG = LoggerFactory.getLogger(StoreMark.class);
    private static final String SECRET = "attachments-store";
    private static final String NAME = "lanying-store/";
    private static final long START_SECONDS = 10;

    private final NodeSecrets secrets;
    private final BlobStore blobs;
    private volatile boolean seen;

    StoreMark(NodeSecrets secrets, BlobStore blobs) {
        this.secrets = secrets;
        this.blobs = blobs;
    }

    /**
     * Blocks; for the start of a node. A store that does not answer is not refused: messages do without.
     *
     * @param chosen somebody said that this is the store; else it is what a node has by itself, and attachments are only unavailable
     */
    void checkAtStart(boolean chosen) {
        try {
            secrets.get(SECRET)
                    .thenCompose(known -> known.map(this::look)
                            .orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance())))
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while starting", e);
        } catch (TimeoutException e) {
            LOG.warn("the store of attachments does not answer: they are unavailable until it does");
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof BlobStore.Missing) {
                String what =
                        "the store of attachments is not the one that this database's attachments are in: nodes share"
                                + " one directory (push.persistence.attachments.directory) or an S3-compatible store";
                if (chosen) {
                    throw new StartRefused(what, e);
                }
                LOG.warn("{}; until then they are unavailable here", what);
                return;
            }
            LOG.warn("the store of attachments cannot be read: they are unavailable until it can", e.getCause());
        }
    }

    /** Done if the store is the right one, which the first that keeps something decides; else fails. */
    CompletionStage<Done> required() {
        if (seen) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return secrets.get(SECRET)
                .thenCompose(known -> known.map(StoreMark::done).orElseGet(this::make))
                .thenCompose(this::look)
                .exceptionallyCompose(failure -> {
                    if (failure instanceof CompletionException && failure.getCause() instanceof BlobStore.Missing) {
                        LOG.error("the store of attachments is not the one that this database's attachments are in");
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    /** Several may do so at once: each makes its own, and the database takes one. */
    private CompletionStage<String> make() {
        String mine = UUID.randomUUID().toString();
        return blobs.put(NAME + mine, mine.getBytes(StandardCharsets.UTF_8))
                .thenCompose(put -> secrets.putIfAbsent(SECRET, mine));
    }

    private CompletionStage<Done> look(String known) {
        return blobs.read(NAME + known, 0, known.length()).thenApply(mark -> {
            seen = true;
            return Done.getInstance();
        });
    }

    private static CompletionStage<String> done(String known) {
        return CompletableFuture.completedFuture(known);
    }
}
