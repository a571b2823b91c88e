package io.lanying.protocol.journal;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads one entity's events by number. Never used to drive delivery. A failed stage means unavailable: repeat. */
public interface Journal {

    /**
     * Events {@code fromSeq..toSeq}, both included, at most {@code limit} of them, in order.
     *
     * @param limit at most 1,000
     */
    CompletionStage<List<JournalEvent>> events(EntityKind kind, EntityId entity, long fromSeq, long toSeq, int limit);
}
