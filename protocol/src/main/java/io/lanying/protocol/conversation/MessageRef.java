package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * A message where its conversation has it: what a device's item holds instead of a body.
 *
 * @param version counts the message's contents: 1 as posted, one more with each edit; the item shows this one
 */
public record MessageRef(String conversationId, long messageSeq, int version) implements Persisted, Remoted {

    /** The message's id, the same on every path: the conversation's id and the message's number. */
    public static String messageId(String conversationId, long messageSeq) {
        return conversationId + "~" + messageSeq;
    }

    public String messageId() {
        return messageId(conversationId, messageSeq);
    }
}
