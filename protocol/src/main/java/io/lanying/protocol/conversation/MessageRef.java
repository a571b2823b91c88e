package io.lanying.protocol.conversation;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A message where its conversation has it: what a device's item holds instead of a body.
 *
 * @param version counts the message's contents: 1 as posted, one more with each edit; the item shows this one
 */
public record MessageRef(String conversationId, long messageSeq, int version) implements Persisted, Remoted {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    /** The message's id, the same on every path: the conversation's id and the message's number. */
    public static String messageId(String conversationId, long messageSeq) {
        return conversationId + "~" + messageSeq;
    }

    /** The number in the id of a message of this conversation; empty if it is none. */
    public static OptionalLong seqOf(String conversationId, String messageId) {
        String prefix = conversationId + "~";
        String number = messageId.startsWith(prefix) ? messageId.substring(prefix.length()) : "";
        return NUMBER.matcher(number).matches() ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }

    /** Whether it can be the id of a message of some conversation. */
    public static boolean isMessageId(String id) {
        int end = id.lastIndexOf('~');
        return end > 0
                && EntityId.isValid(id.substring(0, end))
                && NUMBER.matcher(id.substring(end + 1)).matches();
    }

    public String messageId() {
        return messageId(conversationId, messageSeq);
    }
}
