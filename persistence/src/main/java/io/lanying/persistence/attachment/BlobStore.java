package io.lanying.persistence.attachment;

import akka.Done;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * A store of objects that never change: what attachments and archives of the journal need of a disk or of a service. Names are made
 * by us; one that is not {@link #isName} throws {@link IllegalArgumentException}. Thread-safe; a failed stage means unavailable or unknown:
 * repeat.
 */
public interface BlobStore extends AutoCloseable {

    /** No segment begins with a dot, so none leads out of the store. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){0,3}");

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name, if it is one. */
    static String checked(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of an object");
        }
        return name;
    }

    /** Keeps an object, whole or not at all, durable when the stage completes. */
    CompletionStage<Done> put(String name, byte[] bytes);

    /** This part of an object. Fails with {@link Missing} if there is no such object, and also if it is shorter. */
    CompletionStage<byte[]> read(String name, long offset, int length);

    /** Removes an object; also done if there is none. */
    CompletionStage<Done> delete(String name);

    /** Gives back what it holds; calls under way may fail. */
    @Override
    void close();

    /** The store answers, and has no such object. */
    final class Missing extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Missing(String name) {
            super("no object " + name, null, false, false);
        }
    }
}
