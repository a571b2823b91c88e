package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import java.util.Optional;

/**
 * A member's positions, and how far its own messages have come.
 *
 * @param readSeq up to which message the member has read; 0: none
 * @param deliveredSeq up to which message a device of the member has acknowledged, or the member has read; 0: none
 * @param toldSeq the position of reading that the member's devices know
 * @param deviceId the device that said it last, which need not be told
 * @param counts what was unread when it was said
 * @param receipt how far its messages have come; absent while it is to be told nothing of that
 * @param toldReceipt the receipt that its devices know, or need not know any more
 */
public record Position(
        int place,
        String userId,
        long joinedEvent,
        long readSeq,
        long deliveredSeq,
        long toldSeq,
        Optional<String> deviceId,
        Counts counts,
        Optional<Receipt> receipt,
        Optional<Receipt> toldReceipt)
        implements Persisted, Remoted {

    /** A member that is told nothing of its own messages. */
    public Position(
            int place,
            String userId,
            long joinedEvent,
            long readSeq,
            long deliveredSeq,
            long toldSeq,
            Optional<String> deviceId,
            Counts counts) {
        this(
                place,
                userId,
                joinedEvent,
                readSeq,
                deliveredSeq,
                toldSeq,
                deviceId,
                counts,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether the member's devices may not know yet up to where it has read. */
    public boolean owes() {
        return toldSeq < readSeq;
    }

    /** Whether the member's devices may not know yet how far its messages have come. */
    public boolean owesReceipt() {
        return receipt.isPresent() && !receipt.equals(toldReceipt);
    }

    /** The same with this to be told of its messages. */
    public Position withReceipt(Optional<Receipt> said, Optional<Receipt> told) {
        return new Position(place, userId, joinedEvent, readSeq, deliveredSeq, toldSeq, deviceId, counts, said, told);
    }
}
