package io.lanying.persistence.attachment;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import io.lanying.persistence.NodeSecrets;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The store that all nodes of a database share ({@code push.persistence.attachments}): contents of attachments under {@code t-…},
 * archives of the journal under {@code journal/}. It is never listed, and nobody deletes an object but whose row says so. Closes with
 * the actor system.
 */
public final class SharedStore {

    private final AttachmentSettings settings;
    private final BlobStore blobs;
    private final StoreMark mark;

    SharedStore(AttachmentSettings settings, BlobStore blobs, StoreMark mark) {
        this.settings = settings;
        this.blobs = blobs;
        this.mark = mark;
    }

    /**
     * Opens it as the settings say; nothing is read or made yet.
     *
     * @throws io.lanying.persistence.StartRefused if settings contradict themselves
     */
    public static SharedStore open(ActorSystem<?> system, NodeSecrets secrets, Path dataDir) {
        var settings =
                AttachmentSettings.from(system.settings().config().getConfig("push.persistence.attachments"), dataDir);
        Executor executor =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("push.persistence.attachments.dispatcher"));
        BlobStore blobs = settings.store() == AttachmentSettings.Store.S3
                ? new S3Store(settings.s3(), executor)
                : new LocalDirectory(settings.directory(), settings.minFreeBytes(), executor);
        system.getWhenTerminated().whenComplete((done, failure) -> blobs.close());
        return new SharedStore(settings, blobs, new StoreMark(secrets, blobs));
    }

    public BlobStore blobs() {
        return blobs;
    }

    /** Done if it is the one that this database's objects are in, which the first that keeps something decides; else fails. */
    public CompletionStage<Done> required() {
        return mark.required();
    }

    /** Whether somebody said where it is: what a node has by itself is nobody else's. */
    public boolean isChosen() {
        return settings.isChosen();
    }

    AttachmentSettings settings() {
        return settings;
    }

    StoreMark mark() {
        return mark;
    }
}
