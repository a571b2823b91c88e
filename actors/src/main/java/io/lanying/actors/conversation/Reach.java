package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.Receipt;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The positions of all members, each kind in order, so that a receipt costs the logarithm of their number. A sender is among them:
 * it has, and has read, its own messages, and is counted off.
 */
final class Reach {

    /** The last message before each was a member: it, and those before, are not for the member, whose positions begin there. */
    private final long[] joined;

    private final long[] delivered;
    private final long[] read;

    private Reach(long[] joined, long[] delivered, long[] read) {
        this.joined = joined;
        this.delivered = delivered;
        this.read = read;
    }

    static Reach of(ConversationState state, KnownPositions known) {
        return new Reach(sorted(state, Member::joinedSeq), sorted(state, known::delivered), sorted(state, known::read));
    }

    private static long[] sorted(ConversationState state, ToLongFunction<Member> position) {
        long[] all =
                state.roster().members().values().stream().mapToLong(position).toArray();
        Arrays.sort(all);
        return all;
    }

    /** What the sender of this message, its newest, is to be told; empty if it is for nobody. */
    Optional<Receipt> receipt(long messageSeq, long membersAt) {
        int later = from(joined, messageSeq);
        int others = joined.length - later - 1;
        return others < 1
                ? Optional.empty()
                : Optional.of(new Receipt(
                        membersAt,
                        messageSeq,
                        Math.min(delivered[0], messageSeq),
                        Math.min(read[0], messageSeq),
                        others,
                        from(delivered, messageSeq) - later - 1,
                        from(read, messageSeq) - later - 1));
    }

    /** How many are at least this. */
    private static int from(long[] sorted, long least) {
        int place = Arrays.binarySearch(sorted, least);
        if (place < 0) {
            return sorted.length - (-place - 1);
        }
        while (place > 0 && sorted[place - 1] == least) {
            place--;
        }
        return sorted.length - place;
    }
}
