package io.lanying.http.journal;

import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.position.PositionsEvent.ToldRead;
import java.util.List;
import java.util.Optional;

/** The events of a conversation's companion as auditors see them: one record for each. */
final class PositionsEventJson {

    private PositionsEventJson() {}

    record PositionsMoved(String conversationId, List<Moved> positions) {}

    /**
     * @param readSeq left out where nothing was said of it
     * @param deliveredSeq left out where nothing was said of it
     * @param deviceId the device that said that it was read
     */
    record Moved(
            String userId,
            Optional<Long> readSeq,
            Optional<Long> deliveredSeq,
            Optional<String> deviceId,
            Counts counts) {}

    record ReadsTold(List<ToldRead> told) {}
}
