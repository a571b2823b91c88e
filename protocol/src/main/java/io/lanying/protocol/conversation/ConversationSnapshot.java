package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A conversation after its first {@code eventSeq} events; no contents, which are read by event number.
 *
 * @param at the last event's time
 * @param head absent while there is no conversation
 * @param creation the last command that made it; kept over its deletion
 * @param lastMessageSeq counts on over deletions
 * @param members by user id
 * @param index where messages are in the journal, one of each short run, by number
 * @param changed messages that were edited or recalled, by number
 * @param remembered what repeats of posts are recognised by, oldest first
 * @param commands which messages are the app's own, which nobody reads; snapshots from before there were positions have
 *     none
 * @param membersAt the last event that changed who is in it; absent in snapshots from before there were lists of conversations
 */
public record ConversationSnapshot(
        long eventSeq,
        Instant at,
        Optional<Head> head,
        Optional<Creation> creation,
        long lastMessageSeq,
        List<Member> members,
        List<Ban> bans,
        List<Indexed> index,
        List<ChangedMessage> changed,
        List<RememberedPost> remembered,
        News news,
        List<CommandWord> commands,
        Optional<Long> membersAt)
        implements Persisted {

    public ConversationSnapshot {
        members = members == null ? List.of() : List.copyOf(members);
        bans = bans == null ? List.of() : List.copyOf(bans);
        index = index == null ? List.of() : List.copyOf(index);
        changed = changed == null ? List.of() : List.copyOf(changed);
        remembered = remembered == null ? List.of() : List.copyOf(remembered);
        commands = commands == null ? List.of() : List.copyOf(commands);
    }

    /** A conversation without commands. */
    public ConversationSnapshot(
            long eventSeq,
            Instant at,
            Optional<Head> head,
            Optional<Creation> creation,
            long lastMessageSeq,
            List<Member> members,
            List<Ban> bans,
            List<Indexed> index,
            List<ChangedMessage> changed,
            List<RememberedPost> remembered,
            News news) {
        this(
                eventSeq,
                at,
                head,
                creation,
                lastMessageSeq,
                members,
                bans,
                index,
                changed,
                remembered,
                news,
                List.of(),
                Optional.empty());
    }

    /**
     * What the conversation is.
     *
     * @param startSeq messages up to this number are of the time before it was last created: nobody reads them
     */
    public record Head(
            ConversationType type,
            Optional<ConversationName> name,
            ConversationSettings settings,
            boolean archived,
            Instant createdAt,
            Instant changedAt,
            long startSeq)
            implements Persisted {}

    /** The command that made it. */
    public record Creation(String requestKey, String fingerprint, Instant at) implements Persisted {}

    /**
     * @param joinedEvent the event that made the user a member
     * @param joinedSeq the last message before that
     * @param seat absent only in snapshots from before there were positions
     */
    public record Member(
            String userId,
            MemberRole role,
            PushMode push,
            Instant joinedAt,
            long joinedEvent,
            long joinedSeq,
            Optional<Seat> seat)
            implements Persisted {

        /** A member without a seat. */
        public Member(
                String userId, MemberRole role, PushMode push, Instant joinedAt, long joinedEvent, long joinedSeq) {
            this(userId, role, push, joinedAt, joinedEvent, joinedSeq, Optional.empty());
        }
    }

    /**
     * What is kept of each member's positions and wishes here.
     *
     * @param place which of the conversation's companions keeps the rest; no two members have the same
     * @param postedSeq the member's own last message since it joined; 0: none
     * @param pinned whether the member wants it on top of its list
     * @param said the last of the member's own messages that have receipts; absent: none, or not known from before there were
     *     receipts
     */
    public record Seat(int place, long postedSeq, boolean pinned, Optional<Said> said) implements Persisted {

        /** A member that has said nothing. */
        public Seat(int place, long postedSeq, boolean pinned) {
            this(place, postedSeq, pinned, Optional.empty());
        }
    }

    /**
     * The last of a member's own messages since it joined, but for commands.
     *
     * @param before the one before it; 0: none
     */
    public record Said(long messageSeq, long before) implements Persisted {}

    /**
     * Which of 64 messages in a row are commands.
     *
     * @param word the messages from {@code 64 * word} on
     * @param before how many commands there are before them
     * @param bits one for each message, the lowest for the first
     */
    public record CommandWord(long word, long before, long bits) implements Persisted {}

    /** A user who is kept out. */
    public record Ban(String userId, Instant until) implements Persisted {}

    /** A message's event. */
    public record Indexed(long messageSeq, long eventSeq) implements Persisted {}

    /**
     * @param edits the events of versions 2, 3, … of the content
     * @param fingerprint of the last of them
     */
    public record ChangedMessage(
            long messageSeq,
            List<Long> edits,
            Optional<String> fingerprint,
            Optional<Instant> editedAt,
            Optional<Instant> recalledAt)
            implements Persisted {

        public ChangedMessage {
            edits = edits == null ? List.of() : List.copyOf(edits);
        }
    }

    /**
     * @param key a hash of the sender's id and its own id of the message
     * @param fingerprint of what was posted
     */
    public record RememberedPost(String key, String fingerprint, long messageSeq, Instant at) implements Persisted {}

    /**
     * Who knows what.
     *
     * @param told the event up to which everybody knows the conversation, but for those behind
     * @param last the last event that members are told of
     * @param givenUp how many times a user was given up
     */
    public record News(long told, long last, List<Behind> behind, long givenUp) implements Persisted {

        public News {
            behind = behind == null ? List.of() : List.copyOf(behind);
        }
    }

    /**
     * A user who was not told everything: has not answered, or left before everybody was told.
     *
     * @param since when that began
     * @param owed what is still to be told, in order
     */
    public record Behind(String userId, Instant since, List<Owed> owed) implements Persisted {

        public Behind {
            owed = owed == null ? List.of() : List.copyOf(owed);
        }
    }

    /**
     * Events that a user is to be told of.
     *
     * @param after they begin after this one
     * @param upTo the event with which the user ceased to be a member; absent: the user is one
     * @param joinedSeq the last message before the user was a member
     */
    public record Owed(long after, Optional<Long> upTo, long joinedSeq) implements Persisted {}
}
