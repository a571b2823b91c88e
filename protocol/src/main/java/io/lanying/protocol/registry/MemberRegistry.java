package io.lanying.protocol.registry;

import akka.Done;
import io.lanying.protocol.EntityId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Conversations write who is in them here, before they answer. A failed stage means unknown: write again, it is harmless. */
public interface MemberRegistry {

    /**
     * Writes rows that changed, if those of all earlier changes are there; the stage is whether. If not, nothing is written.
     *
     * @param after the event up to which the rows must be there; 0: there need be none
     * @param rows of this conversation, may be none
     */
    CompletionStage<Boolean> write(EntityId conversation, long after, List<MemberRow> rows);

    /**
     * Writes all rows of a conversation: these, and whoever else has one is gone.
     *
     * @param version the last event that changed members
     */
    CompletionStage<Done> replace(EntityId conversation, long version, Instant changedAt, List<MemberRow> rows);
}
