package io.lanying.http.journal;

import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationSnapshot.Behind;
import io.lanying.protocol.conversation.ConversationSnapshot.Head;
import io.lanying.protocol.conversation.ConversationSnapshot.Seat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A conversation's state after its first {@code eventSeq} events, as auditors see it; name and contents are in the events. */
record ConversationStateJson(long eventSeq, Instant at, ConversationState state) {

    static ConversationStateJson of(ConversationSnapshot snapshot) {
        return new ConversationStateJson(snapshot.eventSeq(), snapshot.at(), ConversationState.of(snapshot));
    }

    /**
     * @param type absent while there is no conversation
     * @param startSeq messages up to this number are of the time before it was last created
     * @param remembered how many of its messages' repeats are recognised
     */
    record ConversationState(
            Optional<String> type,
            Optional<ConversationEventJson.Settings> settings,
            Optional<Boolean> archived,
            Optional<Instant> createdAt,
            Optional<Instant> changedAt,
            Optional<Long> startSeq,
            long lastMessageSeq,
            List<Member> members,
            List<ConversationSnapshot.Ban> bans,
            List<Changed> changed,
            int remembered,
            News news) {

        static ConversationState of(ConversationSnapshot snapshot) {
            var head = snapshot.head();
            return new ConversationState(
                    head.map(is -> is.type().wireName()),
                    head.map(is -> ConversationRendering.settings(is.settings())),
                    head.map(Head::archived),
                    head.map(Head::createdAt),
                    head.map(Head::changedAt),
                    head.map(Head::startSeq),
                    snapshot.lastMessageSeq(),
                    snapshot.members().stream().map(Member::of).toList(),
                    snapshot.bans(),
                    snapshot.changed().stream().map(Changed::of).toList(),
                    snapshot.remembered().size(),
                    new News(
                            snapshot.news().told(),
                            snapshot.news().behind().stream().map(Waiting::of).toList(),
                            snapshot.news().givenUp()));
        }
    }

    /**
     * @param joinedSeq the last message before the user was a member
     * @param postedSeq its own last message since; 0: none
     * @param place of its positions, 500 of which are in one companion
     */
    record Member(
            String userId,
            String role,
            String push,
            Instant joinedAt,
            long joinedSeq,
            Optional<Long> postedSeq,
            Optional<Integer> place,
            Optional<Boolean> pinned) {

        static Member of(ConversationSnapshot.Member member) {
            return new Member(
                    member.userId(),
                    member.role().wireName(),
                    member.push().wireName(),
                    member.joinedAt(),
                    member.joinedSeq(),
                    member.seat().map(Seat::postedSeq),
                    member.seat().map(Seat::place),
                    member.seat().map(Seat::pinned));
        }
    }

    /**
     * A message that was edited or recalled.
     *
     * @param edits the events that have its later contents
     */
    record Changed(long messageSeq, List<Long> edits, Optional<Instant> recalledAt) {

        static Changed of(ConversationSnapshot.ChangedMessage message) {
            return new Changed(message.messageSeq(), message.edits(), message.recalledAt());
        }
    }

    /**
     * Who was told.
     *
     * @param toldUpTo the event up to which everybody knows the conversation, but for those behind
     * @param givenUp how many times a user that did not answer was given up
     */
    record News(long toldUpTo, List<Waiting> behind, long givenUp) {}

    /** A user that was not told everything yet. */
    record Waiting(String userId, Instant since) {

        static Waiting of(Behind user) {
            return new Waiting(user.userId(), user.since());
        }
    }
}
