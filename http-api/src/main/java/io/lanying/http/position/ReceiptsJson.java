package io.lanying.http.position;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lanying.http.call.Page;
import io.lanying.protocol.conversation.ConversationReply.Reached;
import io.lanying.protocol.conversation.ConversationReply.ReceiptsAre;
import io.lanying.protocol.conversation.MessageRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has a message and has read it, as the API shows it.
 *
 * @param members how many others were there when it was posted, and are there still
 * @param delivered how many of them have it
 * @param read how many of them have read it
 * @param items a page of them, by user id
 */
public record ReceiptsJson(
        String messageId,
        long messageSeq,
        int members,
        int delivered,
        int read,
        List<Member> items,

        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {

    /** One of the others. */
    public record Member(String userId, boolean delivered, boolean read) {

        static Member of(Reached member) {
            return new Member(member.userId(), member.delivered(), member.read());
        }
    }

    public static ReceiptsJson of(String conversationId, long messageSeq, ReceiptsAre found) {
        var rows = found.page();
        var next = found.more() ? Optional.of(rows.get(rows.size() - 1).userId()) : Optional.<String>empty();
        var page = Page.of(rows, next, Member::of);
        return new ReceiptsJson(
                MessageRef.messageId(conversationId, messageSeq),
                messageSeq,
                found.members(),
                found.delivered(),
                found.read(),
                page.items(),
                page.nextCursor());
    }
}
