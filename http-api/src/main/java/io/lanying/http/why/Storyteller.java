package io.lanying.http.why;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import io.lanying.http.entity.Admission;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells stories from journals, a page of events in memory at a time. Costs time in the length of the device's journal. */
public final class Storyteller {

    private static final int PAGE = 1_000;

    private final ActorSystem<?> system;
    private final Journal journal;
    private final Admission admission;

    /** @param admission bounds the stories told at once */
    public Storyteller(ActorSystem<?> system, Journal journal, Admission admission) {
        this.system = system;
        this.journal = journal;
        this.admission = admission;
    }

    /** The story of a notification on a device; a failed stage if the journal cannot be read. */
    public CompletionStage<Story> tell(EntityId device, String notificationId) {
        return admission.admit(() -> pages(device)
                .runFold(
                        new StoryFold(notificationId),
                        (fold, page) -> {
                            page.forEach(each -> fold.next(each.event()));
                            return fold;
                        },
                        system)
                .thenApply(StoryFold::story));
    }

    private Source<List<JournalEvent>, NotUsed> pages(EntityId device) {
        return Source.unfoldAsync(
                1L, from -> from == 0 ? CompletableFuture.completedFuture(Optional.empty()) : page(device, from));
    }

    private CompletionStage<Optional<Pair<Long, List<JournalEvent>>>> page(EntityId device, long from) {
        return Unavailable.when(
                        "the journal cannot be read",
                        () -> journal.events(EntityKind.DEVICE, device, from, Long.MAX_VALUE, PAGE))
                .thenApply(events -> {
                    // A page that is not full is the last one: 0 ends the story.
                    long next = events.size() < PAGE
                            ? 0
                            : events.get(events.size() - 1).eventSeq() + 1;
                    return Optional.of(Pair.create(next, events));
                });
    }
}
