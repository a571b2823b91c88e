package io.lanying.http.conversation;

import io.lanying.protocol.conversation.ConversationReply.Membership;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.registry.MemberRow;
import java.time.Instant;
import java.util.Optional;

/**
 * A conversation in the list of one user's; of one that the user is in no more only its id and {@code left}.
 *
 * @param messageSeq up to which message the user has read
 * @param lastMessage the last one that the user may read, as it is now
 * @param changedAt when the user came or went
 */
record ListItemJson(
        String conversationId,
        Optional<Boolean> left,
        Optional<String> type,
        Optional<String> name,
        Optional<Boolean> archived,
        Optional<String> role,
        Optional<String> push,
        Optional<Boolean> muted,
        Optional<Boolean> pinned,
        Optional<Long> unread,
        Optional<Long> messageSeq,
        Optional<Long> lastSeq,
        Optional<MessageJson> lastMessage,
        Optional<Instant> joinedAt,
        Instant changedAt) {

    static ListItemJson of(
            MemberRow row, Membership membership, Optional<String> name, Optional<MessageJson> lastMessage) {
        var member = membership.member();
        var position = membership.position();
        return new ListItemJson(
                row.conversationId(),
                Optional.empty(),
                Optional.of(membership.conversation().type().wireName()),
                name,
                Optional.of(membership.conversation().archived()),
                Optional.of(member.role().wireName()),
                Optional.of(member.push().wireName()),
                Optional.of(member.push() == PushMode.NONE),
                Optional.of(member.pinned()),
                Optional.of(position.unread()),
                Optional.of(position.readSeq()),
                Optional.of(position.lastSeq()),
                lastMessage,
                Optional.of(member.joinedAt()),
                row.changedAt());
    }

    static ListItemJson left(MemberRow row) {
        return new ListItemJson(
                row.conversationId(),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                row.changedAt());
    }
}
