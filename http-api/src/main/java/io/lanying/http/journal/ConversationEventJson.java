package io.lanying.http.journal;

import io.lanying.protocol.conversation.ConversationEvent.CaughtUp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A conversation's events as auditors see them: one record for each. {@code by} is absent for the tenant's service. */
final class ConversationEventJson {

    private ConversationEventJson() {}

    /** @param name as text, or {@code {"erased":true}} */
    record ConversationCreated(
            String conversationType,
            Optional<Object> name,
            Settings settings,
            List<Member> members,
            String requestKey) {}

    record ConversationChanged(Optional<Object> name, Settings settings, boolean archived, Optional<String> by) {}

    record ConversationDeleted(Optional<String> by) {}

    record MembersAdded(List<Member> members, Optional<String> by) {}

    record MemberRemoved(String userId, Optional<Instant> bannedUntil, Optional<String> by) {}

    record RolesChanged(List<Member> members, Optional<String> by) {}

    record PushModeSet(String userId, String push, Optional<String> by) {}

    record PinSet(String userId, boolean pinned, Optional<String> by) {}

    /** @param content the message, or {@code {"erased":true}}, also of one that was edited or recalled since */
    record MessagePosted(
            String messageId,
            long messageSeq,
            String senderId,
            String clientMessageId,
            String messageType,
            Object content,
            int bytes,
            List<String> mentions,
            Optional<String> replyTo,
            boolean silent,
            long toldUpTo,
            Optional<Object> push) {}

    record MessageEdited(
            String messageId,
            long messageSeq,
            int version,
            String senderId,
            Object content,
            int bytes,
            List<String> mentions) {}

    record MessageRecalled(String messageId, long messageSeq, Optional<String> by) {}

    record NewsTold(long upTo, List<String> missed) {}

    record NewsCaughtUp(List<CaughtUp> users) {}

    record NewsGivenUp(List<String> userIds) {}

    record Member(String userId, String role) {}

    record Settings(
            String mayPost,
            String mayInvite,
            String mayChange,
            String history,
            long editSeconds,
            long recallSeconds,
            boolean preview,
            boolean receipts) {}
}
