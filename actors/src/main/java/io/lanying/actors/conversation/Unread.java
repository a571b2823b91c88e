package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.Seat;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.PushMode;

/**
 * What a member has not read: the messages after the position of reading, without commands and without those recalled. Pure.
 *
 * <p>Who posts has read what came before, so own messages are never among them; neither is what was posted before the member joined,
 * though it may be readable.
 */
final class Unread {

    private Unread() {}

    /**
     * Up to which message the member has read or need not read.
     *
     * @param readSeq as kept for the present membership; 0: nothing
     */
    static long position(Member member, long readSeq) {
        long posted = member.seat().map(Seat::postedSeq).orElse(0L);
        return Math.max(Math.max(readSeq, posted), member.joinedSeq());
    }

    static long count(ConversationState state, Member member, long readSeq) {
        long after = position(member, readSeq);
        long last = state.log().lastSeq();
        if (after >= last) {
            return 0;
        }
        return last - after - state.commands().between(after, last);
    }

    static Counts counts(ConversationState state, Member member, long readSeq) {
        return new Counts(count(state, member, readSeq), state.log().lastSeq(), member.push() == PushMode.NONE);
    }
}
