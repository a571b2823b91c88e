package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A conversation's companion after its first {@code eventSeq} events.
 *
 * @param conversationId absent before the first event
 * @param positions by place; those of users who are members no more among them, until another has their place
 */
public record PositionsSnapshot(long eventSeq, Instant at, Optional<String> conversationId, List<Position> positions)
        implements Persisted {

    public PositionsSnapshot {
        positions = positions == null ? List.of() : List.copyOf(positions);
    }
}
