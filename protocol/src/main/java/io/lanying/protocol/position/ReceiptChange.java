package io.lanying.protocol.position;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.Receipt;
import java.util.Optional;

/**
 * What a member is to be told of how far its messages have come.
 *
 * @param place the member's in the conversation
 * @param joinedEvent the conversation's event that made the user a member: what is said of an earlier membership counts no more
 * @param receipt absent: what was not told yet is called off
 */
public record ReceiptChange(int place, String userId, long joinedEvent, Optional<Receipt> receipt)
        implements Persisted, Remoted {}
