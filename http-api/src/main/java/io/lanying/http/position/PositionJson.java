package io.lanying.http.position;

import io.lanying.protocol.conversation.ConversationReply.PositionIs;

/**
 * A member's positions as the API shows them.
 *
 * @param messageSeq up to which message the member has read; its own messages count as read with all before them
 * @param deliveredSeq up to which message a device of the member has acknowledged
 * @param unread how many messages the member has not read
 * @param lastSeq the conversation's last message
 */
public record PositionJson(long messageSeq, long deliveredSeq, long unread, long lastSeq) {

    public static PositionJson of(PositionIs position) {
        return new PositionJson(position.readSeq(), position.deliveredSeq(), position.unread(), position.lastSeq());
    }
}
