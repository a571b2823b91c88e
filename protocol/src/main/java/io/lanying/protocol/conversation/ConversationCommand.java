package io.lanying.protocol.conversation;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.session.SessionMessage;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of a conversation. Every reply comes after what it says is in the journal; no reply means unknown: ask
 * again with the same ids. {@code by} is the user in whose name something is done, and whose role decides; absent: the
 * tenant's service, which may do everything.
 */
public sealed interface ConversationCommand {

    /**
     * Begin it. Answered with {@code Created}, also by a repeat of the same command, and by a direct conversation that exists.
     *
     * @param members of a direct one exactly two; the first of a group is its owner if no other is
     * @param requestKey of the command: with another content it is refused for 7 days
     */
    record Create(
            ConversationType type,
            Optional<ConversationName> name,
            ConversationSettings settings,
            List<NewMember> members,
            String requestKey,
            String fingerprint,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public Create {
            members = members == null ? List.of() : List.copyOf(members);
        }
    }

    /** Answered with {@code ConversationView}. */
    record Get(ActorRef<ConversationReply> replyTo) implements ConversationCommand, Remoted {}

    /** Change some of it. Answered with {@code ConversationView}. */
    record Change(
            Optional<NameChange> name,
            Optional<SettingsChange> settings,
            Optional<Boolean> archived,
            Optional<String> by,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /** @param name absent: it has none from here on */
    record NameChange(Optional<ConversationName> name) implements Remoted {}

    /** End it. Answered with {@code Gone}, also if there is none. */
    record Delete(Optional<String> by, ActorRef<ConversationReply> replyTo) implements ConversationCommand, Remoted {}

    /**
     * Make a user a member, or change one. Answered with {@code MemberSaved}.
     *
     * @param role absent: as it is, or {@code MEMBER} for a new one. {@code OWNER} makes the owner so far an admin
     * @param pinned whether it is on top of the member's list; absent: as it is
     */
    record PutMember(
            String userId,
            Optional<MemberRole> role,
            Optional<PushMode> push,
            Optional<Boolean> pinned,
            Optional<String> by,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        /** Says nothing of the member's list. */
        public PutMember(
                String userId,
                Optional<MemberRole> role,
                Optional<PushMode> push,
                Optional<String> by,
                ActorRef<ConversationReply> replyTo) {
            this(userId, role, push, Optional.empty(), by, replyTo);
        }
    }

    /**
     * Remove a member, or keep a user out. Answered with {@code Gone}, also if it was no member. When the owner goes, the
     * longest-standing admin follows, or else the longest-standing member.
     *
     * @param banSeconds above 0: who may invite cannot add the user again for so long, only the service, an admin or the owner
     */
    record RemoveMember(String userId, long banSeconds, Optional<String> by, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * Look at members by user id. Answered with {@code Members}.
     *
     * @param after the user id the page begins after
     * @param limit at most 200
     */
    record ListMembers(Optional<String> after, int limit, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * Post a message. Answered with {@code Posted}, by a repeat within 7 days with the first answer.
     *
     * @param clientMessageId the sender's own id of it
     * @param fingerprint of all that is posted, under the sender's key: a repeat with another one is refused
     * @param mentions users, or {@code *} for everybody; at most 100
     * @param silent nobody is alerted
     */
    record Post(
            String senderId,
            String clientMessageId,
            String fingerprint,
            MessageType type,
            SealedContent content,
            List<String> mentions,
            Optional<Long> replyToSeq,
            boolean silent,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public Post {
            mentions = mentions == null ? List.of() : List.copyOf(mentions);
        }
    }

    /**
     * Give a message another content. Answered with {@code Edited}; the same content again is no further version.
     *
     * @param senderId who posted it: nobody else may
     * @param type the message's
     */
    record Edit(
            long messageSeq,
            String senderId,
            String fingerprint,
            MessageType type,
            SealedContent content,
            List<String> mentions,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public Edit {
            mentions = mentions == null ? List.of() : List.copyOf(mentions);
        }
    }

    /**
     * Look whether a message would be taken now. Answered with {@code Acceptable}, or as the command itself would be where that
     * changes nothing: a repeat with the first answer, or a refusal. The answer goes to the command's {@code replyTo}.
     */
    record CheckPost(Post post) implements ConversationCommand, Remoted {}

    /** Look whether an edit would be taken now. Answered as {@link CheckPost} is. */
    record CheckEdit(Edit edit) implements ConversationCommand, Remoted {}

    /** Take a message back. Answered with {@code Recalled}. The service may at any time. */
    record Recall(long messageSeq, Optional<String> by, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * Read messages as they are now. Answered with {@code History}.
     *
     * @param userId the member for whom it is read; absent: the service, which sees all
     * @param afterSeq the first ones after it
     * @param beforeSeq the last ones before it; both: the first ones between them; neither: the last ones
     * @param limit at most 200
     */
    record ReadHistory(
            Optional<String> userId,
            Optional<Long> afterSeq,
            Optional<Long> beforeSeq,
            int limit,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * Read messages in the versions that a device's items hold, for delivery. Answered with {@code Messages}, as many of them,
     * in order, as fit one answer, at least one; {@code Refused(NOT_FOUND)} if there is no such conversation.
     *
     * @param refs of this conversation, at most 200
     */
    record ReadVersions(List<MessageRef> refs, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public ReadVersions {
            refs = refs == null ? List.of() : List.copyOf(refs);
        }
    }

    /**
     * A user's session looks at the conversation from here on. Said again, it counts once; a conversation that moved or rested
     * knows nobody until then. Answered with {@code SessionMessage.Present}, or {@code NotWatching}: no member, or too many.
     */
    record Watch(String userId, ActorRef<SessionMessage> session) implements ConversationCommand, Remoted {}

    /** A session looks at it no longer. Answered with nothing. */
    record Unwatch(ActorRef<SessionMessage> session) implements ConversationCommand, Remoted {}

    /** A user types; ignored unless the session watches for that user. Answered with nothing. */
    record Typing(String userId, ActorRef<SessionMessage> session) implements ConversationCommand, Remoted {}

    /**
     * Ask whether there is such a conversation, and whether somebody is let in. Answered with {@code Admitted}.
     *
     * @param userId who has to be a member; absent: the service
     * @param toPost whether it is about something new, which has to be allowed to whoever posts
     */
    record Admit(Optional<String> userId, boolean toPost, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * A member has read up to a message, or up to the last one if that is less. Answered with {@code PositionIs} once it is kept;
     * a lower number than is known changes nothing.
     *
     * @param deviceId the device on which it was read, which need not be told; absent: all are
     */
    record SetRead(String userId, long messageSeq, Optional<String> deviceId, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /**
     * What a node knows of its users' positions. Answered with {@code Reported} once it is kept; what is said of users who are no
     * members is left out.
     *
     * @param reports of different users, at most {@link ConversationLimits#MAX_REPORTS}
     */
    record Report(List<PositionReport> reports, ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {

        public Report {
            reports = reports == null ? List.of() : List.copyOf(reports);
        }
    }

    /**
     * Look who has a message and has read it. Answered with {@code ReceiptsAre}.
     *
     * @param userId on whose behalf: only the message's sender, and only while the conversation gives receipts; absent: the
     *     service
     * @param after the user id the page begins after
     * @param limit at most 200
     */
    record GetReceipts(
            long messageSeq,
            Optional<String> userId,
            Optional<String> after,
            int limit,
            ActorRef<ConversationReply> replyTo)
            implements ConversationCommand, Remoted {}

    /** The conversation as one member's list of conversations shows it. Answered with {@code Membership}. */
    record GetMembership(String userId, ActorRef<ConversationReply> replyTo) implements ConversationCommand, Remoted {}

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements ConversationCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends ConversationCommand {}
}
