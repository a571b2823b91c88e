package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a conversation, for one member. Repeated until answered, perhaps with more: a receiver takes what it has not.
 *
 * @param upTo the conversation's eventSeq up to which this is all there is for the member: a device that took it knows this much
 * @param notices in order. A device drops messages up to the last number it knows, positions of reading up to the last it knows, receipts that
 *     add nothing to the last it knows, and other notices up to the last eventSeq
 * @param counts what is unread for the member; absent: not known just now
 */
public record ConversationNews(String conversationId, long upTo, List<Notice> notices, Optional<Counts> counts)
        implements Remoted {

    public ConversationNews {
        notices = notices == null ? List.of() : List.copyOf(notices);
    }

    /** News that say nothing of what is unread. */
    public ConversationNews(String conversationId, long upTo, List<Notice> notices) {
        this(conversationId, upTo, notices, Optional.empty());
    }

    /** Of these news only what is unread. */
    public ConversationNews counting() {
        return new ConversationNews(conversationId, upTo, List.of(), counts);
    }

    /** The same news with what is unread. */
    public ConversationNews with(Optional<Counts> known) {
        return new ConversationNews(conversationId, upTo, notices, known);
    }
}
