package io.lanying.actors.replay;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.EntityReplay;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.journal.StateAsOf;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;

/**
 * State as it was, folded from the journal page by page with the entities' own pure states.
 *
 * <p>Holds one page of {@value #PAGE} events at a time, whatever the journal's length, and blocks no thread. A number above
 * the last event's gives the state after the last. The stage fails as the journal's does (unavailable: repeat), and with
 * {@link IllegalStateException} if the journal has a gap or an event of another kind: such a state is never guessed.
 */
public final class FoldedReplay implements EntityReplay {

    static final int PAGE = 1_000;

    private final Journal journal;
    private final Executor executor;

    /** Folds on the common pool, which neither the dispatchers nor the database's threads share. */
    public FoldedReplay(Journal journal) {
        this(journal, ForkJoinPool.commonPool());
    }

    FoldedReplay(Journal journal, Executor executor) {
        this.journal = journal;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Optional<StateAsOf>> asOfSeq(EntityKind kind, EntityId entity, long eventSeq) {
        return start(kind, entity, eventSeq, at -> true);
    }

    @Override
    public CompletionStage<Optional<StateAsOf>> asOfTime(EntityKind kind, EntityId entity, Instant time) {
        // Event times never run backwards within a journal, so the first later one ends the fold.
        return start(kind, entity, Long.MAX_VALUE, at -> !at.isAfter(time));
    }

    private CompletionStage<Optional<StateAsOf>> start(
            EntityKind kind, EntityId entity, long toSeq, Predicate<Instant> wanted) {
        var run = new Run(kind, entity, toSeq, wanted);
        run.next();
        return run.result;
    }

    /** One replay: pages follow each other, so its fields need no lock; the executor's hand-overs make them visible. */
    private final class Run {

        private final EntityKind kind;
        private final EntityId entity;
        private final long toSeq;
        private final Predicate<Instant> wanted;
        private final CompletableFuture<Optional<StateAsOf>> result = new CompletableFuture<>();
        private EntityFold fold;
        private long eventSeq;
        private Instant at = Instant.EPOCH;

        Run(EntityKind kind, EntityId entity, long toSeq, Predicate<Instant> wanted) {
            this.kind = kind;
            this.entity = entity;
            this.toSeq = toSeq;
            this.wanted = wanted;
            this.fold = EntityFold.of(kind);
        }

        void next() {
            if (eventSeq >= toSeq) {
                finish();
                return;
            }
            // A page may be short though more follows, so only an empty one is the end.
            journal.events(kind, entity, eventSeq + 1, toSeq, PAGE).whenCompleteAsync(this::onPage, executor);
        }

        private void onPage(List<JournalEvent> page, Throwable failure) {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            try {
                if (!page.isEmpty() && applyAll(page)) {
                    next();
                } else {
                    finish();
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        /** Whether all of the page was wanted. */
        private boolean applyAll(List<JournalEvent> page) {
            for (JournalEvent each : page) {
                if (each.eventSeq() != eventSeq + 1) {
                    throw new IllegalStateException("event " + each.eventSeq() + " after " + eventSeq);
                }
                Instant time = fold.timeOf(each.event());
                if (!wanted.test(time)) {
                    return false;
                }
                fold = fold.apply(each.event());
                eventSeq = each.eventSeq();
                at = time;
            }
            return true;
        }

        private void finish() {
            result.complete(
                    eventSeq == 0 ? Optional.empty() : Optional.of(new StateAsOf(eventSeq, at, fold.toSnapshot())));
        }
    }
}
