package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who was a member while something happened, as far as clients can know: what is answered happened between its beginning and
 * its answer, so that what overlaps it may have come before or after.
 */
final class Memberships {

    /** Whether somebody was a member. */
    enum Was {
        MEMBER,
        STRANGER,
        EITHER
    }

    /** The places in the history between which something happened. */
    record Span(int from, int to) {

        /** From the beginning of this to the end of that. */
        Span until(Span later) {
            return new Span(from, later.to);
        }
    }

    private record User(Talks.Conversation in, String user) {}

    private record Change(boolean joins, Span span) {}

    private final Map<User, List<Change>> changes = new HashMap<>();

    private Memberships() {}

    static Memberships of(History history, Talks.Outcomes outcomes) {
        Memberships all = new Memberships();
        for (int place = 0; place < history.events().size(); place++) {
            HistoryEvent event = history.events().get(place);
            if (event instanceof TalkEvent.Begun begun) {
                Talks.Conversation in = new Talks.Conversation(begun.tenant(), begun.conversation());
                for (String member : begun.members()) {
                    all.add(new User(in, member), new Change(true, new Span(place, place)));
                }
            } else if (event instanceof TalkEvent.MemberInvoked move && !outcomes.isRefused(move.op())) {
                Talks.Conversation in = new Talks.Conversation(move.tenant(), move.conversation());
                Span span = new Span(place, outcomes.doneAt(move.op()));
                all.add(new User(in, move.user()), new Change(move.joins(), span));
            }
        }
        return all;
    }

    /** A repeat that was answered says that what it repeats is over, too. */
    private void add(User user, Change next) {
        List<Change> known = changes.computeIfAbsent(user, each -> new ArrayList<>());
        known.replaceAll(before -> before.span().to() == Integer.MAX_VALUE && before.joins() == next.joins()
                ? new Change(
                        before.joins(),
                        new Span(before.span().from(), next.span().to()))
                : before);
        known.add(next);
    }

    Was was(Talks.Conversation in, String user, Span when) {
        boolean member = false;
        for (Change change : changes.getOrDefault(new User(in, user), List.of())) {
            if (change.span().to() < when.from()) {
                member = change.joins();
            } else if (change.span().from() <= when.to()) {
                return Was.EITHER;
            }
        }
        return member ? Was.MEMBER : Was.STRANGER;
    }
}
