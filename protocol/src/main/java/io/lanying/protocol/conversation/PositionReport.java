package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import java.util.Optional;

/**
 * What a node knows of one member's positions.
 *
 * @param readSeq up to which message the person has read; 0: nothing is said of it
 * @param deliveredSeq up to which message a device has acknowledged; 0: nothing is said of it
 * @param deviceId the one device on which it was read
 */
public record PositionReport(String userId, long readSeq, long deliveredSeq, Optional<String> deviceId)
        implements Remoted {

    /** What both say together, of the same user. */
    public PositionReport and(PositionReport other) {
        boolean otherReadMore = other.readSeq > readSeq;
        var device = readSeq == other.readSeq && !deviceId.equals(other.deviceId)
                ? Optional.<String>empty()
                : otherReadMore ? other.deviceId : deviceId;
        return new PositionReport(
                userId, Math.max(readSeq, other.readSeq), Math.max(deliveredSeq, other.deliveredSeq), device);
    }
}
