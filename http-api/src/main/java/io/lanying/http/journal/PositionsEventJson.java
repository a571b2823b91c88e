package io.lanying.http.journal;

import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.PositionsEvent.ToldRead;
import io.lanying.protocol.position.PositionsEvent.ToldReceipt;
import java.util.List;
import java.util.Optional;

/** The events of a conversation's companion as auditors see them: one record for each. */
final class PositionsEventJson {

    private PositionsEventJson() {}

    /** @param receipts left out where nobody is to be told of its own messages */
    record PositionsMoved(String conversationId, List<Moved> positions, Optional<List<Owed>> receipts) {}

    /** @param receipt left out where what was not told yet is called off */
    record Owed(String userId, Optional<Receipt> receipt) {}

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

    /** @param receipts left out where nobody was told of its own messages */
    record ReadsTold(List<ToldRead> told, Optional<List<ToldReceipt>> receipts) {}
}
