package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** One attempt: opened, then handed to the adapter, unless it was given up in between. Thread-safe. */
final class Attempt {

    private enum Stage {
        OPENING,
        SENT,
        GIVEN_UP
    }

    private final Work work;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPENING);

    Attempt(Work work) {
        this.work = work;
    }

    Work work() {
        return work;
    }

    /** Makes it; a failed stage is to be read with {@link #failed}. */
    CompletionStage<AttemptResult> make(MessageOpener opener, VendorAdapter adapter) {
        return CompletableFuture.completedStage(work.request())
                .thenCompose(opener::open)
                .thenCompose(opened -> send(opened, adapter));
    }

    private CompletionStage<AttemptResult> send(MessageOpener.Opened opened, VendorAdapter adapter) {
        if (opened instanceof MessageOpener.Unusable unusable) {
            return CompletableFuture.completedStage(new AttemptResult.Unusable(unusable.code()));
        }
        if (opened instanceof MessageOpener.Ready ready && stage.compareAndSet(Stage.OPENING, Stage.SENT)) {
            return adapter.send(ready.message()).thenApply(AttemptResult.Answered::new);
        }
        return CompletableFuture.completedStage(new AttemptResult.Unprepared());
    }

    /** What its failure means: before it was handed to the adapter the keys were unavailable, after that anything may be. */
    AttemptResult failed() {
        return stage.get() == Stage.SENT
                ? new AttemptResult.Answered(VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, Codes.ADAPTER_FAILED))
                : new AttemptResult.Unprepared();
    }

    /** Gives it up; says whether it may have left. */
    boolean giveUp() {
        return stage.getAndSet(Stage.GIVEN_UP) == Stage.SENT;
    }
}
