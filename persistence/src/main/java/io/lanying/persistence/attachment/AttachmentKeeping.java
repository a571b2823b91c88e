package io.lanying.persistence.attachment;

import akka.actor.typed.ActorSystem;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.attachment.Attachments;
import java.time.Clock;

/** Puts the keeping of attachments together. */
public final class AttachmentKeeping {

    private AttachmentKeeping() {}

    /**
     * Begins to keep them in the store, and to sweep it. Blocks; for the start of a node.
     *
     * @throws io.lanying.persistence.StartRefused if the store is not this database's
     */
    public static Attachments start(
            ActorSystem<?> system, Database database, PersistenceStats stats, SharedStore store) {
        var settings = store.settings();
        if (store.blobs() instanceof LocalDirectory directory) {
            if (settings.directoryIsGiven()) {
                directory.make();
            }
            directory.removeLeftBehind();
        }
        store.mark().checkAtStart(settings.isChosen());
        var clock = Clock.systemUTC();
        var attachments = new JdbcAttachments(database, store.blobs(), store.mark(), settings, clock);
        new AttachmentSweep(database, store.blobs(), attachments, stats, clock).start(system, settings);
        return attachments;
    }
}
