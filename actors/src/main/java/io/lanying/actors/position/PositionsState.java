package io.lanying.actors.position;

import io.lanying.actors.EventTime;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import io.lanying.protocol.position.PositionsEvent.ReadsTold;
import io.lanying.protocol.position.PositionsEvent.ToldRead;
import io.lanying.protocol.position.PositionsEvent.ToldReceipt;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.position.ReceiptChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The positions of one share of a conversation's members, as the fold of events. Pure. At most one for each of the share's places:
 * a new member takes over the place, and the positions, of one that left.
 */
public record PositionsState(
        long eventSeq, Instant at, Optional<String> conversationId, TreePMap<Integer, Position> positions) {

    /** Of a place of which only its owner's receipt is known. */
    private static final Counts NOTHING_SAID = new Counts(0, 0, false);

    /** Before the first event. */
    public static PositionsState initial() {
        return new PositionsState(0, Instant.EPOCH, Optional.empty(), TreePMap.empty());
    }

    /** What of these is news: the rest was known, or is said of an earlier membership. */
    List<PositionChange> news(List<PositionChange> changes) {
        var news = new ArrayList<PositionChange>();
        var after = this;
        for (PositionChange each : changes) {
            if (after.changes(each)) {
                news.add(each);
                after = after.with(moved(after.positions.get(each.place()), each));
            }
        }
        return news;
    }

    /** What of these is news, after the positions have moved. */
    List<ReceiptChange> receiptNews(List<PositionChange> moved, List<ReceiptChange> receipts) {
        var after = this;
        for (PositionChange each : moved) {
            after = after.with(moved(after.positions.get(each.place()), each));
        }
        var news = new ArrayList<ReceiptChange>();
        for (ReceiptChange each : receipts) {
            var known = after.positions.get(each.place());
            if (isCurrent(known, each) && !receipt(known, each).equals(known)) {
                news.add(each);
                after = after.with(receipt(known, each));
            }
        }
        return news;
    }

    /** Not of an earlier membership; and there is nothing to call off for whom nothing is known. */
    private static boolean isCurrent(@Nullable Position known, ReceiptChange change) {
        return known == null
                ? change.receipt().isPresent()
                : known.joinedEvent() == change.joinedEvent()
                        || (known.joinedEvent() < change.joinedEvent()
                                && change.receipt().isPresent());
    }

    private static Position receipt(@Nullable Position before, ReceiptChange change) {
        var known = before == null || before.joinedEvent() != change.joinedEvent()
                ? anew(change.place(), change.userId(), change.joinedEvent(), NOTHING_SAID)
                : before;
        var told = known.receipt();
        return change.receipt()
                .map(said -> known.withReceipt(
                        Optional.of(told.map(earlier -> earlier.and(said)).orElse(said)), known.toldReceipt()))
                .orElseGet(() -> known.withReceipt(told, told));
    }

    private boolean changes(PositionChange change) {
        var known = positions.get(change.place());
        if (known != null && known.joinedEvent() > change.joinedEvent()) {
            return false;
        }
        return known == null
                || known.joinedEvent() < change.joinedEvent()
                || change.readSeq() > known.readSeq()
                || change.deliveredSeq() > known.deliveredSeq();
    }

    /** The state after one more event. */
    public PositionsState apply(PositionsEvent event) {
        var after = new PositionsState(eventSeq + 1, event.at(), conversationId, positions);
        return event instanceof PositionsMoved moved ? after.onMoved(moved) : after.onTold((ReadsTold) event);
    }

    private PositionsState onMoved(PositionsMoved event) {
        var after = new PositionsState(eventSeq, at, Optional.of(event.conversationId()), positions);
        for (PositionChange each : event.changes()) {
            after = after.with(moved(after.positions.get(each.place()), each));
        }
        for (ReceiptChange each : event.receipts()) {
            after = after.with(receipt(after.positions.get(each.place()), each));
        }
        return after;
    }

    private static Position moved(@Nullable Position before, PositionChange change) {
        var known = before == null || before.joinedEvent() != change.joinedEvent()
                ? anew(change.place(), change.userId(), change.joinedEvent(), change.counts())
                : before;
        boolean readsOn = change.readSeq() > known.readSeq();
        long read = Math.max(known.readSeq(), change.readSeq());
        return new Position(
                change.place(),
                change.userId(),
                change.joinedEvent(),
                read,
                Math.max(read, Math.max(known.deliveredSeq(), change.deliveredSeq())),
                known.toldSeq(),
                readsOn ? change.deviceId() : known.deviceId(),
                readsOn ? change.counts() : known.counts(),
                known.receipt(),
                known.toldReceipt());
    }

    /** Before the first thing that is said of a membership. */
    private static Position anew(int place, String userId, long joinedEvent, Counts counts) {
        return new Position(place, userId, joinedEvent, 0, 0, 0, Optional.empty(), counts);
    }

    private PositionsState onTold(ReadsTold event) {
        var after = this;
        for (ToldRead each : event.told()) {
            var known = after.positions.get(each.place());
            if (known != null && known.userId().equals(each.userId()) && known.readSeq() >= each.readSeq()) {
                after = after.with(told(known, Math.max(known.toldSeq(), each.readSeq())));
            }
        }
        for (ToldReceipt each : event.receipts()) {
            var known = after.positions.get(each.place());
            if (known != null && known.userId().equals(each.userId())) {
                after = after.with(known.withReceipt(known.receipt(), Optional.of(each.receipt())));
            }
        }
        return after;
    }

    private static Position told(Position known, long toldSeq) {
        return new Position(
                known.place(),
                known.userId(),
                known.joinedEvent(),
                known.readSeq(),
                known.deliveredSeq(),
                toldSeq,
                known.deviceId(),
                known.counts(),
                known.receipt(),
                known.toldReceipt());
    }

    /** Whose devices may not know yet up to where they have read, or how far their messages have come. */
    List<Position> owed() {
        return positions.values().stream()
                .filter(each -> each.owes() || each.owesReceipt())
                .toList();
    }

    boolean owes() {
        return positions.values().stream().anyMatch(each -> each.owes() || each.owesReceipt());
    }

    /** The time of an event that happens now. */
    Instant timeOf(Instant now) {
        return EventTime.next(at, now);
    }

    private PositionsState with(Position position) {
        return new PositionsState(eventSeq, at, conversationId, positions.plus(position.place(), position));
    }

    public PositionsSnapshot toSnapshot() {
        return new PositionsSnapshot(eventSeq, at, conversationId, List.copyOf(positions.values()));
    }

    /** The state that the snapshot is of. */
    public static PositionsState fromSnapshot(PositionsSnapshot snapshot) {
        TreePMap<Integer, Position> positions = TreePMap.empty();
        for (Position each : snapshot.positions()) {
            positions = positions.plus(each.place(), each);
        }
        return new PositionsState(snapshot.eventSeq(), snapshot.at(), snapshot.conversationId(), positions);
    }
}
