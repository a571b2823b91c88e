package io.lanying.http.conversation;

import io.lanying.protocol.conversation.ConversationReply.ConversationView;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationSettings;
import java.time.Instant;
import java.util.Optional;

/**
 * A conversation as the API shows it.
 *
 * @param members how many
 * @param lastSeq its last message's number; 0: none yet
 */
record ConversationJson(
        String conversationId,
        String type,
        Optional<String> name,
        Settings settings,
        boolean archived,
        int members,
        long lastSeq,
        Instant createdAt,
        Instant changedAt) {

    static ConversationJson of(String id, Optional<String> name, ConversationView view) {
        return new ConversationJson(
                id,
                view.type().wireName(),
                name,
                Settings.of(view.settings()),
                view.archived(),
                view.members(),
                view.lastSeq(),
                view.createdAt(),
                view.changedAt());
    }

    /** What holds for everybody in it. */
    record Settings(
            String mayPost,
            String mayInvite,
            String mayChange,
            String history,
            long editSeconds,
            long recallSeconds,
            boolean preview,
            boolean receipts) {

        static Settings of(ConversationSettings settings) {
            return new Settings(
                    settings.mayPost().wireName(),
                    settings.mayInvite().wireName(),
                    settings.mayChange().wireName(),
                    settings.history().wireName(),
                    settings.editSeconds(),
                    settings.recallSeconds(),
                    settings.preview(),
                    settings.givesReceipts());
        }
    }

    /** One member. */
    record Member(String userId, String role, String push, boolean pinned, Instant joinedAt) {

        static Member of(MemberView member) {
            return new Member(
                    member.userId(),
                    member.role().wireName(),
                    member.push().wireName(),
                    member.pinned(),
                    member.joinedAt());
        }
    }
}
