package io.lanying.actors.position;

import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import io.lanying.protocol.position.PositionsEvent.ReadsTold;
import io.lanying.protocol.position.PositionsEvent.ToldReceipt;
import io.lanying.protocol.position.ReceiptChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A companion's state for tests of other packages: what it keeps, and from where it has recovered each time. */
public final class PositionsFold {

    private PositionsState state = PositionsState.initial();

    /** What the companion answers. */
    public List<Position> keep(String conversationId, List<PositionChange> changes, Instant now) {
        return keep(conversationId, changes, List.of(), now);
    }

    /** What the companion answers. */
    public List<Position> keep(
            String conversationId, List<PositionChange> changes, List<ReceiptChange> receipts, Instant now) {
        var news = state.news(changes);
        var owed = state.receiptNews(news, receipts);
        if (!news.isEmpty() || !owed.isEmpty()) {
            apply(new PositionsMoved(state.timeOf(now), conversationId, news, owed));
        }
        return Stream.concat(
                        changes.stream().map(PositionChange::place),
                        receipts.stream().map(ReceiptChange::place))
                .distinct()
                .map(state.positions()::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Tells what is owed of the members' own messages; the receipts, by member. */
    public Map<String, Receipt> tell(Instant now) {
        var owed = state.owed().stream().filter(Position::owesReceipt).toList();
        if (!owed.isEmpty()) {
            apply(new ReadsTold(
                    state.timeOf(now),
                    List.of(),
                    owed.stream()
                            .map(each -> new ToldReceipt(
                                    each.place(), each.userId(), each.receipt().orElseThrow()))
                            .toList()));
        }
        return owed.stream().collect(Collectors.toMap(Position::userId, each -> each.receipt()
                .orElseThrow()));
    }

    private void apply(PositionsEvent event) {
        state = PositionsState.fromSnapshot(state.apply(event).toSnapshot());
    }

    public List<Position> all() {
        return List.copyOf(state.positions().values());
    }
}
