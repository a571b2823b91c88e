package io.lanying.persistence.migration;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The rows of a journal and its snapshots, in the layout that the plug-in of the store reads. Thread-safe. A failed stage means that
 * the store failed, or, as {@link IllegalStateException} with one line, that an entity's rows cannot be moved as they are.
 */
public interface StoredJournal {

    /** Every persistence id that has events or snapshots; some more than once. */
    Source<String, NotUsed> ids();

    /** Fails if a number of the entity has two events. */
    CompletionStage<Done> requireOneOfEach(String persistenceId);

    /** The numbers of an entity's first and last event; empty if it has none. */
    CompletionStage<Optional<Extent>> extent(String persistenceId);

    /** Events from this number on, in the order of their numbers, so many unless there are no more. */
    CompletionStage<List<StoredEvent>> events(String persistenceId, long from, int limit);

    /** All of an entity's snapshots by their numbers. */
    CompletionStage<List<StoredSnapshot>> snapshots(String persistenceId);

    /** Comes before the first event of an entity that has none here, whose number this is. */
    CompletionStage<Done> begin(String persistenceId, long first);

    /** Adds events of one entity whose numbers follow those that are there. If it fails nobody knows which were written. */
    CompletionStage<Done> append(List<StoredEvent> events);

    /** From now on the entity has these snapshots and no others. */
    CompletionStage<Done> keepSnapshots(String persistenceId, List<StoredSnapshot> snapshots);

    /** From the first number to the last. */
    record Extent(long first, long last) {}
}
