package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.Counts;
import java.util.Optional;

/**
 * A member's positions.
 *
 * @param readSeq up to which message the member has read; 0: none
 * @param deliveredSeq up to which message a device of the member has acknowledged, or the member has read; 0: none
 * @param toldSeq the position of reading that the member's devices know
 * @param deviceId the device that said it last, which need not be told
 * @param counts what was unread when it was said
 */
public record Position(
        int place,
        String userId,
        long joinedEvent,
        long readSeq,
        long deliveredSeq,
        long toldSeq,
        Optional<String> deviceId,
        Counts counts)
        implements Persisted, Remoted {

    /** Whether the member's devices may not know yet up to where it has read. */
    public boolean owes() {
        return toldSeq < readSeq;
    }
}
