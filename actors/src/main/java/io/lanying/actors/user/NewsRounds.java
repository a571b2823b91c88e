package io.lanying.actors.user;

import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.NewsBrought;
import io.lanying.protocol.user.UserReply.NewsLater;
import io.lanying.protocol.user.UserSnapshot.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The news that are on their way to a user's devices. Each waits for its own devices only, so that no conversation holds up
 * another. Forgetful: what is lost with the node, or never answered by a device, is brought again by its conversation.
 */
final class NewsRounds {

    /** The most devices that may owe an answer at once: some 250 KB of news. */
    static final int MAX_UNANSWERED = 1_000;

    private static final class Round {
        private final BringNews bring;
        private final Set<String> waitsFor;
        private final List<Member> later = new ArrayList<>();
        private boolean taken;
        private boolean incomplete;

        private Round(BringNews bring, Collection<Member> devices) {
            this.bring = bring;
            this.waitsFor = devices.stream().map(Member::deviceId).collect(Collectors.toCollection(HashSet::new));
        }

        /** Some device has the news now: the others get them too, so that one answer holds for all. */
        private boolean insists() {
            return taken && !later.isEmpty();
        }

        private UserReply answer() {
            var news = bring.news();
            return later.isEmpty()
                    ? new NewsBrought(news.conversationId(), news.upTo())
                    : new NewsLater(news.conversationId());
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
        var round = new Round(bring, devices);
        rounds.put(++last, round);
        unanswered += round.waitsFor.size();
        return last;
    }

    /**
     * A device has answered, or has let its time pass.
     *
     * @param told {@code UNKNOWN} unless it has the news, need not have them or would rather have them later
     * @param tell tells a device once more, which must not wait any longer
     */
    void ended(long number, Member device, Told told, BiConsumer<BringNews, Member> tell) {
        Round round = rounds.get(number);
        if (round == null || !round.waitsFor.remove(device.deviceId())) {
            return;
        }
        unanswered--;
        round.incomplete |= told == Told.UNKNOWN;
        round.taken |= told == Told.TAKEN;
        if (told == Told.LATER) {
            round.later.add(device);
        }
        if (!round.waitsFor.isEmpty()) {
            return;
        }
        if (round.insists()) {
            round.later.forEach(each -> round.waitsFor.add(each.deviceId()));
            unanswered += round.waitsFor.size();
            round.later.forEach(each -> tell.accept(round.bring, each));
            round.later.clear();
            return;
        }
        rounds.remove(number);
        if (!round.incomplete) {
            round.bring.replyTo().tell(round.answer()); // otherwise it is brought again
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
