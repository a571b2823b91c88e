package io.lanying.protocol.journal;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Folds an entity's past state from its events, without waking it. Empty if it has no event by then. */
public interface EntityReplay {

    CompletionStage<Optional<StateAsOf>> asOfSeq(EntityKind kind, EntityId entity, long eventSeq);

    /** The state after the last event at or before {@code time}. */
    CompletionStage<Optional<StateAsOf>> asOfTime(EntityKind kind, EntityId entity, Instant time);
}
