package io.lanying.channels.fcm;

import io.lanying.channels.adapter.VendorAnswer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt between its call and its answer. It knows whether the message may have left, which decides between "try again"
 * and "may have been taken" when no answer comes: the first byte of the body leaves only after a compare-and-set, so that an
 * attempt given up before can never leave later.
 */
final class FcmAttempt {

    private enum Stage {
        WAITING,
        LEFT,
        OVER
    }

    private final CompletableFuture<VendorAnswer> answer = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final AtomicReference<@Nullable Cancellable> running = new AtomicReference<>();
    private final AtomicReference<@Nullable Future<?>> deadline = new AtomicReference<>();
    private volatile boolean left;

    CompletableFuture<VendorAnswer> answer() {
        return answer;
    }

    boolean isOver() {
        return stage.get() == Stage.OVER;
    }

    /** Whether the message may have reached the vendor. */
    boolean hasLeft() {
        return left;
    }

    /** The timer that gives it up; cancelled when it has ended before. */
    void endsWith(Future<?> timer) {
        deadline.set(timer);
        if (isOver()) {
            timer.cancel(false);
        }
    }

    /** Called with the request about to run, so that the deadline can break it off. */
    void runs(Cancellable request) throws IOException {
        running.set(request);
        if (isOver()) {
            throw new InterruptedIOException("given up");
        }
    }

    /** Called before the first byte of the message is written. */
    void leaves() throws IOException {
        if (!stage.compareAndSet(Stage.WAITING, Stage.LEFT)) {
            throw new InterruptedIOException("given up");
        }
        left = true;
    }

    /** Ends it with what was found out; ignored if it has ended. */
    void end(VendorAnswer found) {
        stage.set(Stage.OVER);
        running.set(null);
        Future<?> timer = deadline.get();
        if (timer != null) {
            timer.cancel(false);
        }
        answer.complete(found);
    }

    /** Ends it because its time is over: breaks the request off, whatever it waits for. */
    void giveUp(VendorAnswer ifNotLeft, VendorAnswer ifLeft) {
        Stage before = stage.getAndSet(Stage.OVER);
        if (before == Stage.OVER) {
            return;
        }
        answer.complete(before == Stage.LEFT ? ifLeft : ifNotLeft);
        Cancellable request = running.getAndSet(null);
        if (request != null) {
            request.cancel();
        }
    }
}
