package io.lanying.persistence.attachment;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import io.lanying.persistence.NodeSecrets;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.attachment.Attachments;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;

/** Puts the keeping of attachments together. */
public final class AttachmentKeeping {

    private AttachmentKeeping() {}

    /**
     * Opens the store and begins to sweep it. Blocks; for the start of a node.
     *
     * @throws io.lanying.persistence.StartRefused if settings contradict themselves, or the store is not this database's
     */
    public static Attachments start(
            ActorSystem<?> system, Database database, NodeSecrets secrets, PersistenceStats stats, Path dataDir) {
        var settings =
                AttachmentSettings.from(system.settings().config().getConfig("push.persistence.attachments"), dataDir);
        Executor executor =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("push.persistence.attachments.dispatcher"));
        BlobStore blobs = store(settings, executor);
        system.getWhenTerminated().whenComplete((done, failure) -> blobs.close());
        var mark = new StoreMark(secrets, blobs);
        mark.checkAtStart(settings.isChosen());
        var clock = Clock.systemUTC();
        var attachments = new JdbcAttachments(database, blobs, mark, settings, clock);
        new AttachmentSweep(database, blobs, attachments, stats, clock).start(system, settings);
        return attachments;
    }

    private static BlobStore store(AttachmentSettings settings, Executor executor) {
        if (settings.store() == AttachmentSettings.Store.S3) {
            return new S3Store(settings.s3(), executor);
        }
        var directory = new LocalDirectory(settings.directory(), settings.minFreeBytes(), executor);
        if (settings.directoryIsGiven()) {
            directory.make();
        }
        directory.removeLeftBehind();
        return directory;
    }
}
