package io.lanying.protocol.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.Seat;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a conversation answers, after the journal has it. */
public sealed interface ConversationReply extends Remoted {

    /**
     * @param created this command made it
     * @param repeated this command had made it before
     */
    record Created(boolean created, boolean repeated, ConversationView conversation) implements ConversationReply {}

    /** @param lastSeq its last message's number; 0: none yet */
    record ConversationView(
            ConversationType type,
            Optional<ConversationName> name,
            ConversationSettings settings,
            boolean archived,
            int members,
            long lastSeq,
            Instant createdAt,
            Instant changedAt)
            implements ConversationReply {}

    /** @param createdAt when the conversation began; a later one of the same id is another */
    record Admitted(Instant createdAt) implements ConversationReply {}

    /** It is not there, or not any more. */
    record Gone() implements ConversationReply {}

    record MemberSaved(boolean added, MemberView member) implements ConversationReply {}

    /** A member as callers see it. */
    record MemberView(String userId, MemberRole role, PushMode push, boolean pinned, Instant joinedAt)
            implements Remoted {

        public static MemberView of(Member member) {
            boolean pinned = member.seat().filter(Seat::pinned).isPresent();
            return new MemberView(member.userId(), member.role(), member.push(), pinned, member.joinedAt());
        }

        /** A member that has not pinned it. */
        public MemberView(String userId, MemberRole role, PushMode push, Instant joinedAt) {
            this(userId, role, push, false, joinedAt);
        }
    }

    /** @param more whether others follow */
    record Members(List<MemberView> members, boolean more) implements ConversationReply {

        public Members {
            members = members == null ? List.of() : List.copyOf(members);
        }
    }

    /** @param repeated it had been posted before: this is the first answer */
    record Posted(long messageSeq, Instant sentAt, boolean repeated) implements ConversationReply {}

    /** A message or an edit would be taken now; nothing was changed. */
    record Acceptable() implements ConversationReply {}

    record Edited(long messageSeq, int version, Instant editedAt) implements ConversationReply {}

    record Recalled(long messageSeq, Instant recalledAt) implements ConversationReply {}

    /**
     * Messages as they are now, in order of their numbers.
     *
     * @param more whether there are others that were asked for and did not fit
     * @param lastSeq the conversation's last message
     */
    record History(List<StoredMessage> messages, boolean more, long lastSeq) implements ConversationReply {

        public History {
            messages = messages == null ? List.of() : List.copyOf(messages);
        }
    }

    /**
     * Messages with their contents.
     *
     * @param name the conversation's, sealed under the tenant's key as field {@code name} of the conversation's id; absent: none
     * @param preview whether a push vendor may show contents
     */
    record Messages(Optional<Sealed> name, boolean preview, List<StoredMessage> messages) implements ConversationReply {

        public Messages {
            messages = messages == null ? List.of() : List.copyOf(messages);
        }
    }

    /**
     * A member's positions.
     *
     * @param readSeq up to which message the member has read or need not read; its own messages count as read with all before them
     * @param deliveredSeq up to which message a device of the member has acknowledged, or the member has read
     * @param unread how many messages the member has not read
     * @param lastSeq the conversation's last message
     */
    record PositionIs(long readSeq, long deliveredSeq, long unread, long lastSeq) implements ConversationReply {}

    /**
     * Who has a message and has read it, of the members but for its sender who were there when it was posted.
     *
     * @param members how many they are
     * @param delivered how many of them have it
     * @param read how many of them have read it
     * @param page some of them by user id
     * @param more whether others follow
     */
    record ReceiptsAre(int members, int delivered, int read, List<Reached> page, boolean more)
            implements ConversationReply {

        public ReceiptsAre {
            page = page == null ? List.of() : List.copyOf(page);
        }
    }

    /** Whether a member has a message on a device, and has read it. */
    record Reached(String userId, boolean delivered, boolean read) implements Remoted {}

    /** @param members of how many the positions were taken or known; the others are no members */
    record Reported(int members) implements ConversationReply {}

    /**
     * A conversation as one member sees it.
     *
     * @param last the last message that the member may read, as it is now
     */
    record Membership(
            ConversationView conversation, MemberView member, PositionIs position, Optional<StoredMessage> last)
            implements ConversationReply {}

    /** Refused; nothing changed. */
    record Refused(ErrorCode code, String detail) implements ConversationReply {}
}
