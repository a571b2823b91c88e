package io.lanying.actors.position;

import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import java.time.Instant;
import java.util.List;

/** A companion's state for tests of other packages: what it keeps, and from where it has recovered each time. */
public final class PositionsFold {

    private PositionsState state = PositionsState.initial();

    /** What the companion answers. */
    public List<Position> keep(String conversationId, List<PositionChange> changes, Instant now) {
        var news = state.news(changes);
        if (!news.isEmpty()) {
            state = PositionsState.fromSnapshot(state.apply(new PositionsMoved(state.timeOf(now), conversationId, news))
                    .toSnapshot());
        }
        return changes.stream()
                .map(change -> state.positions().get(change.place()))
                .toList();
    }

    public List<Position> all() {
        return List.copyOf(state.positions().values());
    }
}
