package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import java.util.Collection;
import org.pcollections.TreePSet;

/**
 * Which places members have: each joins at the lowest that is free, so that few companions hold the positions of few members.
 * Immutable.
 *
 * @param free the free places below the highest that is taken
 */
record Seats(TreePSet<Integer> free) {

    static final Seats NONE = new Seats(TreePSet.empty());

    /** @param taken how many places are */
    int next(int taken) {
        return free.isEmpty() ? taken : free.first();
    }

    Seats took(int place) {
        return new Seats(free.minus(place));
    }

    /** @param taken how many places are, from now on */
    Seats left(int place, int taken) {
        var rest = free.plus(place);
        while (!rest.isEmpty() && rest.last() == taken + rest.size() - 1) {
            rest = rest.minus(rest.last());
        }
        return new Seats(rest);
    }

    /** How many places there are up to the highest that is taken. */
    int size(int taken) {
        return taken + free.size();
    }

    static Seats of(Collection<Member> members) {
        int highest = members.stream()
                .flatMap(member -> member.seat().stream())
                .mapToInt(seat -> seat.place())
                .max()
                .orElse(-1);
        TreePSet<Integer> free = TreePSet.empty();
        for (int place = 0; place < highest; place++) {
            free = free.plus(place);
        }
        for (Member member : members) {
            free = member.seat().isPresent() ? free.minus(member.seat().get().place()) : free;
        }
        return new Seats(free);
    }
}
