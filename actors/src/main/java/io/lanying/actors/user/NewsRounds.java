package io.lanying.actors.user;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.NewsBrought;
import io.lanying.protocol.user.UserSnapshot.Member;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The news that are on their way to a user's devices. Each waits for its own devices only, so that no conversation holds up
 * another. Forgetful: what is lost with the node, or never answered by a device, is brought again by its conversation.
 */
final class NewsRounds {

    /** The most devices that may owe an answer at once: some 250 KB of news. */
    static final int MAX_UNANSWERED = 1_000;

    private static final class Round {
        private final ActorRef<UserReply> replyTo;
        private final NewsBrought answer;
        private final Set<String> waitsFor;
        private boolean incomplete;

        private Round(ActorRef<UserReply> replyTo, NewsBrought answer, Set<String> waitsFor) {
            this.replyTo = replyTo;
            this.answer = answer;
            this.waitsFor = waitsFor;
        }
    }

    private final Map<Long, Round> rounds = new HashMap<>();
    private long last;
    private int unanswered;
    private long leftOut;

    /** Whether these devices may be told as well; news that may not are counted. */
    boolean admits(int devices) {
        boolean room = unanswered + devices <= MAX_UNANSWERED;
        leftOut += room ? 0 : 1;
        return room;
    }

    /** Begins to wait for all these devices; the round's number. */
    long begin(BringNews bring, Collection<Member> devices) {
        var answer = new NewsBrought(bring.news().conversationId(), bring.news().upTo());
        var waitsFor = devices.stream().map(Member::deviceId).collect(Collectors.toCollection(HashSet::new));
        rounds.put(++last, new Round(bring.replyTo(), answer, waitsFor));
        unanswered += waitsFor.size();
        return last;
    }

    /**
     * A device has answered, or has let its time pass.
     *
     * @param has whether it has the news, or need not have them
     */
    void ended(long number, String deviceId, boolean has) {
        Round round = rounds.get(number);
        if (round == null || !round.waitsFor.remove(deviceId)) {
            return;
        }
        unanswered--;
        round.incomplete |= !has;
        if (round.waitsFor.isEmpty()) {
            rounds.remove(number);
            if (!round.incomplete) {
                round.replyTo.tell(round.answer); // otherwise it is brought again
            }
        }
    }

    /** How many news were not told since this was asked last, once nothing is under way any more; 0 before that. */
    long leftOut() {
        long count = unanswered == 0 ? leftOut : 0;
        leftOut -= count;
        return count;
    }

    /** What was under way belongs to an earlier incarnation. */
    void reset() {
        rounds.clear();
        unanswered = 0;
    }
}
