package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import java.util.List;

/**
 * What happened in a conversation, for one member. Repeated until answered, perhaps with more: a receiver takes what it has not.
 *
 * @param upTo the conversation's eventSeq up to which this is all there is for the member: a device that took it knows this much
 * @param notices in order. A device drops messages up to the last number it knows, and other notices up to the last eventSeq
 */
public record ConversationNews(String conversationId, long upTo, List<Notice> notices) implements Remoted {

    public ConversationNews {
        notices = notices == null ? List.of() : List.copyOf(notices);
    }
}
