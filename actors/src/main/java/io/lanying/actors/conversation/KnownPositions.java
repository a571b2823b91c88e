package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.ReceiptChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The positions of members as their companions have said them, and what follows for what is unread. Mutable, of one incarnation of the
 * entity; no I/O. What was kept of an earlier membership counts no more.
 */
final class KnownPositions {

    /** @param owes whether the companion may not have told the receipt yet */
    private record Held(
            int place, long joinedEvent, long readSeq, long deliveredSeq, Optional<Receipt> receipt, boolean owes) {

        static Held of(Position said) {
            return new Held(
                    said.place(),
                    said.joinedEvent(),
                    said.readSeq(),
                    said.deliveredSeq(),
                    said.receipt(),
                    said.owesReceipt());
        }

        /** @param other said after this one */
        Held and(Held other) {
            if (joinedEvent != other.joinedEvent) {
                return joinedEvent > other.joinedEvent ? this : other;
            }
            boolean newer = receipt.isEmpty()
                    || other.receipt
                            .filter(said -> receipt.get().and(said).equals(said))
                            .isPresent();
            return new Held(
                    place,
                    joinedEvent,
                    Math.max(readSeq, other.readSeq),
                    Math.max(deliveredSeq, other.deliveredSeq),
                    newer ? other.receipt : receipt,
                    newer ? other.owes : owes);
        }
    }

    private final Map<String, Held> held = new HashMap<>();

    /** Some companion may owe somebody a receipt: spares looking through all. */
    private boolean owing;

    void clear() {
        held.clear();
        owing = false;
    }

    /** A companion has said these. */
    void take(ConversationState state, List<Position> positions) {
        for (Position each : positions) {
            held.merge(each.userId(), Held.of(each), Held::and);
            owing |= each.owesReceipt();
        }
        var members = state.roster().members();
        if (held.size() > 2 * members.size() + ConversationParts.PLACES) {
            held.keySet().retainAll(members.keySet());
        }
    }

    /** As they will be once companions have kept these changes. */
    KnownPositions after(Collection<PositionChange> changes) {
        var after = new KnownPositions();
        after.held.putAll(held);
        after.owing = owing;
        for (PositionChange each : changes) {
            after.held.merge(
                    each.userId(),
                    new Held(
                            each.place(),
                            each.joinedEvent(),
                            each.readSeq(),
                            Math.max(each.readSeq(), each.deliveredSeq()),
                            Optional.empty(),
                            false),
                    KnownPositions::moved);
        }
        return after;
    }

    private static Held moved(Held before, Held change) {
        return before.joinedEvent != change.joinedEvent
                ? before.and(change)
                : new Held(
                        before.place,
                        before.joinedEvent,
                        Math.max(before.readSeq, change.readSeq),
                        Math.max(before.deliveredSeq, change.deliveredSeq),
                        before.receipt,
                        before.owes);
    }

    /** Up to which message the member has read or need not read. */
    long read(Member member) {
        return Unread.position(member, of(member).readSeq);
    }

    /** Up to which message a device of the member has, or need not have. */
    long delivered(Member member) {
        return Math.max(read(member), of(member).deliveredSeq);
    }

    /** What the member's companion tells, or has told, of how far its messages have come. */
    Optional<Receipt> receiptOf(Member member) {
        return of(member).receipt;
    }

    boolean mayOweReceipts() {
        return owing;
    }

    /** What companions may still tell, and must not any more: to who is no member, or to anybody. */
    List<ReceiptChange> calledOff(ConversationState state, boolean given) {
        var all = new ArrayList<ReceiptChange>();
        owing = owing && held.values().stream().anyMatch(Held::owes);
        if (!owing) {
            return all;
        }
        held.forEach((userId, each) -> {
            boolean isMember = state.roster()
                    .member(userId)
                    .filter(member -> member.joinedEvent() == each.joinedEvent)
                    .isPresent();
            if (each.owes && !(given && isMember)) {
                all.add(new ReceiptChange(each.place, userId, each.joinedEvent, Optional.empty()));
            }
        });
        return all;
    }

    Counts counts(ConversationState state, Member member) {
        return Unread.counts(state, member, of(member).readSeq);
    }

    PositionIs positionOf(ConversationState state, Member member) {
        var mine = of(member);
        return new PositionIs(
                read(member),
                delivered(member),
                Unread.count(state, member, mine.readSeq),
                state.log().lastSeq());
    }

    /** What of these reports is news about members, by companion. Nobody has read, or has, what is not there. */
    Map<Integer, List<PositionChange>> news(ConversationState state, List<PositionReport> reports) {
        var changes = new HashMap<Integer, List<PositionChange>>();
        for (PositionReport each : reports) {
            state.roster()
                    .member(each.userId())
                    .flatMap(member -> change(state, member, each))
                    .ifPresent(change -> changes.computeIfAbsent(
                                    ConversationParts.of(change.place()), any -> new ArrayList<>())
                            .add(change));
        }
        return changes;
    }

    private Optional<PositionChange> change(ConversationState state, Member member, PositionReport report) {
        long last = state.log().lastSeq();
        var mine = of(member);
        long read = Math.min(report.readSeq(), last);
        long delivered = Math.min(report.deliveredSeq(), last);
        long position = Unread.position(member, mine.readSeq);
        boolean readsOn = read > position;
        if (!readsOn && delivered <= Math.max(position, mine.deliveredSeq)) {
            return Optional.empty();
        }
        return Optional.of(new PositionChange(
                member.seat().orElseThrow().place(),
                member.userId(),
                member.joinedEvent(),
                readsOn ? read : 0,
                Math.max(0, delivered),
                readsOn ? report.deviceId() : Optional.empty(),
                Unread.counts(state, member, Math.max(read, mine.readSeq))));
    }

    private Held of(Member member) {
        var found = held.get(member.userId());
        return found == null || found.joinedEvent != member.joinedEvent()
                ? new Held(0, member.joinedEvent(), 0, 0, Optional.empty(), false)
                : found;
    }
}
