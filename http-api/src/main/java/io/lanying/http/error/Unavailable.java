package io.lanying.http.error;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Something this node needs did not answer: whether the call was carried out is unknown. Becomes 503; the caller repeats
 * with the same key. Everything else that is thrown is a bug and becomes 500.
 */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unavailable(String what, Throwable cause) {
        super(what, cause, false, false);
    }

    /** Refused at this node's door: nothing was carried out. */
    public Unavailable(String what) {
        super(what, null, false, false);
    }

    /** The stage, with any failure, also one thrown at once, told as unavailable. */
    public static <T> CompletionStage<T> when(String what, Supplier<CompletionStage<T>> call) {
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new Unavailable(what, e));
        }
        return stage.exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                unwrap(failure) instanceof Unavailable known ? known : new Unavailable(what, failure)));
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
