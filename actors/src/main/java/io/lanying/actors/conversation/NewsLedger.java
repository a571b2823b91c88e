package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationEvent.CaughtUp;
import io.lanying.protocol.conversation.ConversationSnapshot.Behind;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.News;
import io.lanying.protocol.conversation.ConversationSnapshot.Owed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Who was told what. Immutable.
 *
 * <p>Every member knows everything up to {@code told}, but for those {@code behind}: each of them is told apart, in order, what
 * it is owed. Who leaves is behind as well, up to the event with which it left, which is the last thing it is told.
 *
 * @param last the last event that members are told of
 * @param behind by user id
 * @param givenUp how many times a user was given up
 */
record NewsLedger(long told, long last, TreePMap<String, Behind> behind, long givenUp) {

    static final NewsLedger NONE = new NewsLedger(0, 0, TreePMap.empty(), 0);

    /** Who leaves and comes back more often than this while it does not answer loses the oldest of what it is owed. */
    private static final int MAX_OWED = 16;

    /** Whether somebody is still to be told something. */
    boolean isOwed() {
        return last > told || !behind.isEmpty();
    }

    NewsLedger happened(long eventSeq) {
        return new NewsLedger(told, eventSeq, behind, givenUp);
    }

    /** Everybody was told up to this event, but for those who were missed. */
    NewsLedger told(long upTo, List<String> missed, Roster roster, Instant at) {
        var left = behind;
        for (String userId : missed) {
            var member = roster.member(userId);
            if (member.isPresent() && !left.containsKey(userId)) {
                left = left.plus(userId, new Behind(userId, at, List.of(owedTo(member.get(), Optional.empty()))));
            }
        }
        return new NewsLedger(Math.max(told, upTo), last, left, givenUp);
    }

    /** A member that is behind is owed what comes, too; one that is not is told with everybody. */
    NewsLedger joined(String userId, long eventSeq, long lastMessageSeq) {
        var known = behind.get(userId);
        if (known == null) {
            return this;
        }
        var owed = new ArrayList<>(known.owed());
        owed.add(new Owed(eventSeq, Optional.empty(), lastMessageSeq));
        boolean tooMany = owed.size() > MAX_OWED;
        var kept = tooMany ? owed.subList(1, owed.size()) : owed;
        return new NewsLedger(
                told, last, behind.plus(userId, new Behind(userId, known.since(), kept)), givenUp + (tooMany ? 1 : 0));
    }

    NewsLedger left(Member member, long eventSeq, Instant at) {
        var known = behind.get(member.userId());
        if (known == null) {
            return with(new Behind(member.userId(), at, List.of(owedTo(member, Optional.of(eventSeq)))));
        }
        var owed = known.owed().stream()
                .map(each -> each.upTo().isPresent()
                        ? each
                        : new Owed(each.after(), Optional.of(eventSeq), each.joinedSeq()))
                .toList();
        return with(new Behind(known.userId(), known.since(), owed));
    }

    NewsLedger caughtUp(List<CaughtUp> users) {
        var ledger = this;
        for (CaughtUp each : users) {
            var known = ledger.behind.get(each.userId());
            if (known != null) {
                ledger = ledger.advanced(known, each.upTo());
            }
        }
        return ledger;
    }

    NewsLedger givenUp(List<String> userIds) {
        return new NewsLedger(told, last, behind.minusAll(userIds), givenUp + userIds.size());
    }

    /** Nobody is to be told anything any more. */
    NewsLedger ended() {
        return new NewsLedger(last, last, TreePMap.empty(), givenUp);
    }

    News toSnapshot() {
        return new News(told, last, List.copyOf(behind.values()), givenUp);
    }

    static NewsLedger fromSnapshot(News news) {
        TreePMap<String, Behind> behind = TreePMap.empty();
        for (Behind each : news.behind()) {
            behind = behind.plus(each.userId(), each);
        }
        return new NewsLedger(news.told(), news.last(), behind, news.givenUp());
    }

    private NewsLedger advanced(Behind known, long upTo) {
        var owed = known.owed().stream()
                .filter(each -> each.upTo().filter(end -> end <= upTo).isEmpty())
                .map(each -> each.after() >= upTo ? each : new Owed(upTo, each.upTo(), each.joinedSeq()))
                .toList();
        boolean knowsAll = owed.stream().allMatch(each -> each.upTo().isEmpty() && each.after() >= told);
        return knowsAll
                ? new NewsLedger(told, last, behind.minus(known.userId()), givenUp)
                : with(new Behind(known.userId(), known.since(), owed));
    }

    private Owed owedTo(Member member, Optional<Long> upTo) {
        return new Owed(Math.max(told, member.joinedEvent()), upTo, member.joinedSeq());
    }

    private NewsLedger with(Behind one) {
        return new NewsLedger(told, last, behind.plus(one.userId(), one), givenUp);
    }
}
