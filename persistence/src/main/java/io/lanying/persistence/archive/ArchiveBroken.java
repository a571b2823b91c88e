package io.lanying.persistence.archive;

/**
 * Archived events are not as they were put, or not there: what is missing is never left out silently. Repeating does not help; the
 * object has to come back from a backup.
 */
public final class ArchiveBroken extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ArchiveBroken(String what) {
        super(what);
    }

    ArchiveBroken(String what, Throwable cause) {
        super(what, cause);
    }
}
