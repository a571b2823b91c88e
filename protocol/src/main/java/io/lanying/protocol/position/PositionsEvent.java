package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;

/** What happened to a conversation's companion. {@code at} never runs backwards within a journal. */
public sealed interface PositionsEvent extends Persisted {

    Instant at();

    /** Members have read, or have on a device, what they had not: of what was reported only what was news. */
    record PositionsMoved(Instant at, String conversationId, List<PositionChange> changes) implements PositionsEvent {

        public PositionsMoved {
            changes = changes == null ? List.of() : List.copyOf(changes);
        }
    }

    /** All devices of these members know up to where their person has read. */
    record ReadsTold(Instant at, List<ToldRead> told) implements PositionsEvent {

        public ReadsTold {
            told = told == null ? List.of() : List.copyOf(told);
        }
    }

    /** A member of {@link ReadsTold}. */
    record ToldRead(int place, String userId, long readSeq) implements Persisted {}
}
