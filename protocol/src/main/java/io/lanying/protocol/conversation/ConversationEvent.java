package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a conversation. {@code at} never runs backwards within a journal. {@code by} is the user who did it; absent:
 * the tenant's service.
 */
public sealed interface ConversationEvent extends Persisted {

    Instant at();

    /**
     * It began, or began again after it was deleted: then its messages count on, and the earlier ones stay unreadable.
     *
     * @param requestKey of the command; its repeats within 7 days get the first answer
     * @param fingerprint of what was asked for
     */
    record ConversationCreated(
            Instant at,
            ConversationType type,
            Optional<ConversationName> name,
            ConversationSettings settings,
            List<NewMember> members,
            String requestKey,
            String fingerprint)
            implements ConversationEvent {

        public ConversationCreated {
            members = members == null ? List.of() : List.copyOf(members);
        }
    }

    /** This is its name, and these its settings, from here on. */
    record ConversationChanged(
            Instant at,
            Optional<ConversationName> name,
            ConversationSettings settings,
            boolean archived,
            Optional<String> by)
            implements ConversationEvent {}

    /** It is no more: nobody is a member, nothing can be read, nobody is told what they were not told yet. */
    record ConversationDeleted(Instant at, Optional<String> by) implements ConversationEvent {}

    /** They are members from here on; a ban on them has ended. */
    record MembersAdded(Instant at, List<NewMember> members, Optional<String> by) implements ConversationEvent {

        public MembersAdded {
            members = members == null ? List.of() : List.copyOf(members);
        }
    }

    /**
     * A user is no member from here on.
     *
     * @param by the user itself: it left
     * @param bannedUntil absent: the user may be added again by anybody who may invite
     */
    record MemberRemoved(Instant at, String userId, Optional<Instant> bannedUntil, Optional<String> by)
            implements ConversationEvent {}

    /** Members have other roles from here on. */
    record RolesChanged(Instant at, List<NewMember> members, Optional<String> by) implements ConversationEvent {

        public RolesChanged {
            members = members == null ? List.of() : List.copyOf(members);
        }
    }

    /** What a member wants push vendors to show. */
    record PushModeSet(Instant at, String userId, PushMode mode, Optional<String> by) implements ConversationEvent {}

    /** Whether a member wants it on top of its list of conversations. */
    record PinSet(Instant at, String userId, boolean pinned, Optional<String> by) implements ConversationEvent {}

    /**
     * A message with its number.
     *
     * @param clientMessageId the sender's own id of it, by which repeats are recognised for 7 days
     * @param fingerprint of what was posted, under the sender's key
     * @param mentions users, or {@code *} for everybody
     * @param replyToSeq the number of the message that is answered
     * @param silent nobody is alerted
     * @param toldUpTo the event up to which everybody had been told when this was written
     */
    record MessagePosted(
            Instant at,
            long messageSeq,
            String senderId,
            String clientMessageId,
            String fingerprint,
            MessageType type,
            SealedContent content,
            List<String> mentions,
            Optional<Long> replyToSeq,
            boolean silent,
            long toldUpTo)
            implements ConversationEvent {

        public MessagePosted {
            mentions = mentions == null ? List.of() : List.copyOf(mentions);
        }
    }

    /**
     * Its sender gave a message another content.
     *
     * @param version of the content: 2 or more
     */
    record MessageEdited(
            Instant at,
            long messageSeq,
            int version,
            String senderId,
            String fingerprint,
            SealedContent content,
            List<String> mentions)
            implements ConversationEvent {

        public MessageEdited {
            mentions = mentions == null ? List.of() : List.copyOf(mentions);
        }
    }

    /** A message was taken back: its contents are readable by audit only. */
    record MessageRecalled(Instant at, long messageSeq, Optional<String> by) implements ConversationEvent {}

    /**
     * Everybody was told up to this event, but for those who did not answer.
     *
     * @param missed the users who did not; they are told again
     */
    record NewsTold(Instant at, long upTo, List<String> missed) implements ConversationEvent {

        public NewsTold {
            missed = missed == null ? List.of() : List.copyOf(missed);
        }
    }

    /** Users who had not answered know the conversation now, each up to an event. */
    record NewsCaughtUp(Instant at, List<CaughtUp> users) implements ConversationEvent {

        public NewsCaughtUp {
            users = users == null ? List.of() : List.copyOf(users);
        }
    }

    /** A user of {@link NewsCaughtUp}. */
    record CaughtUp(String userId, long upTo) implements Persisted {}

    /** Users who did not answer for so long that they are not told any more what they were not told by now. */
    record NewsGivenUp(Instant at, List<String> userIds) implements ConversationEvent {

        public NewsGivenUp {
            userIds = userIds == null ? List.of() : List.copyOf(userIds);
        }
    }
}
