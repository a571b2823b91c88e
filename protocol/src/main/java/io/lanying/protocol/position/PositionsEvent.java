package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.Receipt;
import java.time.Instant;
import java.util.List;

/** What happened to a conversation's companion. {@code at} never runs backwards within a journal. */
public sealed interface PositionsEvent extends Persisted {

    Instant at();

    /**
     * Members have read, or have on a device, what they had not: of what was reported only what was news.
     *
     * @param receipts what members are to be told of their own messages
     */
    record PositionsMoved(Instant at, String conversationId, List<PositionChange> changes, List<ReceiptChange> receipts)
            implements PositionsEvent {

        public PositionsMoved {
            changes = changes == null ? List.of() : List.copyOf(changes);
            receipts = receipts == null ? List.of() : List.copyOf(receipts);
        }

        /** Nobody is to be told of its own messages. */
        public PositionsMoved(Instant at, String conversationId, List<PositionChange> changes) {
            this(at, conversationId, changes, List.of());
        }
    }

    /**
     * All devices of these members know up to where their person has read.
     *
     * @param receipts whose devices know how far their person's messages have come
     */
    record ReadsTold(Instant at, List<ToldRead> told, List<ToldReceipt> receipts) implements PositionsEvent {

        public ReadsTold {
            told = told == null ? List.of() : List.copyOf(told);
            receipts = receipts == null ? List.of() : List.copyOf(receipts);
        }

        /** Of nobody's own messages. */
        public ReadsTold(Instant at, List<ToldRead> told) {
            this(at, told, List.of());
        }
    }

    /** A member of {@link ReadsTold}. */
    record ToldRead(int place, String userId, long readSeq) implements Persisted {}

    /** A member of {@link ReadsTold}. */
    record ToldReceipt(int place, String userId, Receipt receipt) implements Persisted {}
}
