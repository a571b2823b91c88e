package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.Counts;
import java.util.Optional;

/**
 * What was said of a member's positions. They only grow: a lower number than is known changes nothing.
 *
 * @param place the member's in the conversation
 * @param joinedEvent the conversation's event that made the user a member: what is said of an earlier membership counts no more
 * @param readSeq up to which message the member has read; 0: nothing is said of it
 * @param deliveredSeq up to which message a device of the member has acknowledged; 0: nothing is said of it
 * @param deviceId the device that said that it was read, which need not be told
 * @param counts what is unread then
 */
public record PositionChange(
        int place,
        String userId,
        long joinedEvent,
        long readSeq,
        long deliveredSeq,
        Optional<String> deviceId,
        Counts counts)
        implements Persisted, Remoted {}
