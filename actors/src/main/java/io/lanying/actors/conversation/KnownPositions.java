package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The positions of members as their companions have said them, and what follows for what is unread. Mutable, of one incarnation of the
 * entity; no I/O. What was kept of an earlier membership counts no more.
 */
final class KnownPositions {

    private record Held(long joinedEvent, long readSeq, long deliveredSeq) {

        Held and(Held other) {
            if (joinedEvent != other.joinedEvent) {
                return joinedEvent > other.joinedEvent ? this : other;
            }
            return new Held(joinedEvent, Math.max(readSeq, other.readSeq), Math.max(deliveredSeq, other.deliveredSeq));
        }
    }

    private final Map<String, Held> held = new HashMap<>();

    void clear() {
        held.clear();
    }

    /** A companion has said these. */
    void take(ConversationState state, List<Position> positions) {
        for (Position each : positions) {
            var said = new Held(each.joinedEvent(), each.readSeq(), each.deliveredSeq());
            held.merge(each.userId(), said, Held::and);
        }
        var members = state.roster().members();
        if (held.size() > 2 * members.size() + ConversationParts.PLACES) {
            held.keySet().retainAll(members.keySet());
        }
    }

    Counts counts(ConversationState state, Member member) {
        return Unread.counts(state, member, of(member).readSeq);
    }

    PositionIs positionOf(ConversationState state, Member member) {
        var mine = of(member);
        long read = Unread.position(member, mine.readSeq);
        return new PositionIs(
                read,
                Math.max(read, mine.deliveredSeq),
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
                ? new Held(member.joinedEvent(), 0, 0)
                : found;
    }
}
