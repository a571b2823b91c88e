package io.lanying.persistence.archive;

import io.lanying.persistence.StartRefused;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.Dialect;
import org.jdbi.v3.core.Handle;

/**
 * Keeps a second archiver from doing the same work at once, as long as its connection lives; it goes with the process. Nothing is lost
 * without it: a segment that another has abandoned cannot be completed. On H2 there is one process anyway.
 */
final class ArchiverLock implements AutoCloseable {

    /** Any number that nobody else in the database uses. */
    private static final long KEY = 0x6c61_6e79_6172_6368L;

    private final Handle handle;
    private final boolean held;

    private ArchiverLock(Handle handle, boolean held) {
        this.handle = handle;
        this.held = held;
    }

    /** @throws StartRefused if another has it */
    static ArchiverLock take(Database database) {
        Handle handle = database.hold();
        if (database.dialect() != Dialect.POSTGRESQL) {
            return new ArchiverLock(handle, false);
        }
        try {
            boolean taken = handle.createQuery("SELECT pg_try_advisory_lock(:key)")
                    .bind("key", KEY)
                    .mapTo(Boolean.class)
                    .one();
            if (taken) {
                return new ArchiverLock(handle, true);
            }
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
        handle.close();
        throw new StartRefused("the journal is being archived by another command: wait for it, or stop it");
    }

    @Override
    public void close() {
        try (handle) {
            if (held) {
                handle.createQuery("SELECT pg_advisory_unlock(:key)")
                        .bind("key", KEY)
                        .mapTo(Boolean.class)
                        .one();
            }
        }
    }
}
