package io.lanying.http.journal;

import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionsSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of a conversation's companion after its first {@code eventSeq} events, as auditors see it. */
record PositionsStateJson(long eventSeq, Instant at, State state) {

    static PositionsStateJson of(PositionsSnapshot snapshot) {
        return new PositionsStateJson(
                snapshot.eventSeq(),
                snapshot.at(),
                new State(
                        snapshot.conversationId(),
                        snapshot.positions().stream().map(Member::of).toList()));
    }

    /** @param positions also of users who are members no more, until another member has their place */
    record State(Optional<String> conversationId, List<Member> positions) {}

    /**
     * @param toldSeq the position of reading that the user's devices know
     * @param receipt how far the user's messages have come
     * @param toldReceipt the receipt that the user's devices know, or need not know any more
     */
    record Member(
            String userId,
            long joinedEvent,
            long readSeq,
            long deliveredSeq,
            long toldSeq,
            Counts counts,
            Optional<Receipt> receipt,
            Optional<Receipt> toldReceipt) {

        static Member of(Position position) {
            return new Member(
                    position.userId(),
                    position.joinedEvent(),
                    position.readSeq(),
                    position.deliveredSeq(),
                    position.toldSeq(),
                    position.counts(),
                    position.receipt(),
                    position.toldReceipt());
        }
    }
}
