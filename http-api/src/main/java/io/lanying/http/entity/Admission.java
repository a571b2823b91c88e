package io.lanying.http.entity;

import io.lanying.http.error.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets at most {@code max} calls of one kind be unanswered on this node; what is refused here was not begun. Thread-safe.
 *
 * <p>Entity commands need it most: the journal's write queue behind them is bounded, and a command that overflows it costs
 * its entity a restart.
 */
public final class Admission {

    private final int max;
    private final AtomicInteger unanswered;

    /** @param kind the tag of the gauges {@code push.http.admission.unanswered} and {@code .limit} */
    public Admission(String kind, int max, MeterRegistry metrics) {
        this.max = max;
        var tags = Tags.of("kind", kind);
        this.unanswered = metrics.gauge("push.http.admission.unanswered", tags, new AtomicInteger());
        metrics.gauge("push.http.admission.limit", tags, this, admission -> admission.max);
    }

    /** The call's stage, or one failed at once if too much is unanswered. */
    public <T> CompletionStage<T> admit(Supplier<CompletionStage<T>> call) {
        if (unanswered.incrementAndGet() > max) {
            unanswered.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new Unavailable("this node has too much unanswered work and did not begin this call"));
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            unanswered.decrementAndGet();
            return CompletableFuture.failedFuture(e);
        }
        return stage.whenComplete((answer, failure) -> unanswered.decrementAndGet());
    }
}
