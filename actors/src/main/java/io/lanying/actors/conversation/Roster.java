package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationReply.Members;
import io.lanying.protocol.conversation.ConversationSnapshot.Ban;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.Said;
import io.lanying.protocol.conversation.ConversationSnapshot.Seat;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.position.ConversationParts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * Who is in and who is kept out. Immutable; each change costs the logarithm of the members.
 *
 * @param members by user id, at most {@link ConversationLimits#MAX_MEMBERS}
 * @param bans until when, by user id, at most {@link ConversationLimits#MAX_BANS}
 * @param seats the places that members have
 */
record Roster(TreePMap<String, Member> members, TreePMap<String, Instant> bans, Seats seats) {

    static final Roster NONE = new Roster(TreePMap.empty(), TreePMap.empty(), Seats.NONE);

    private static final Comparator<Member> FIRST_IN_LINE = Comparator.comparing(Member::role)
            .reversed()
            .thenComparing(Member::joinedEvent)
            .thenComparing(Member::userId);

    Optional<Member> member(String userId) {
        return Optional.ofNullable(members.get(userId));
    }

    Optional<Member> owner() {
        return members.values().stream()
                .filter(member -> member.role() == MemberRole.OWNER)
                .findFirst();
    }

    /** Who follows an owner that goes: the admin, or else the member, who has been there longest. */
    Optional<Member> heirOf(String userId) {
        return members.values().stream()
                .filter(member -> !member.userId().equals(userId))
                .min(FIRST_IN_LINE);
    }

    boolean isBanned(String userId, Instant now) {
        Instant until = bans.get(userId);
        return until != null && until.isAfter(now);
    }

    /** Whether no other user can be kept out at this time. */
    boolean isFullOfBans(Instant now) {
        return bans.size() >= ConversationLimits.MAX_BANS
                && bans.values().stream().filter(until -> until.isAfter(now)).count() >= ConversationLimits.MAX_BANS;
    }

    Members page(Optional<String> after, int limit) {
        var rest = after.map(id -> members.tailMap(id, false)).orElse(members);
        List<MemberView> page =
                rest.values().stream().limit(limit).map(MemberView::of).toList();
        return new Members(page, rest.size() > page.size());
    }

    Roster added(List<NewMember> all, Instant at, long eventSeq, long lastMessageSeq) {
        var in = members;
        var out = bans;
        var places = seats;
        for (NewMember each : all) {
            var before = in.get(each.userId());
            int place = before == null
                    ? places.next(in.size())
                    : before.seat().orElseThrow().place();
            places = places.took(place);
            in = in.plus(
                    each.userId(),
                    new Member(
                            each.userId(),
                            each.role(),
                            PushMode.ALL,
                            at,
                            eventSeq,
                            lastMessageSeq,
                            Optional.of(new Seat(place, 0, false))));
            out = out.minus(each.userId());
        }
        return new Roster(in, out, places);
    }

    /** Bans that have ended by then are forgotten on the way. */
    Roster removed(String userId, Optional<Instant> bannedUntil, Instant at) {
        var out = bannedUntil.map(until -> bans.plus(userId, until)).orElse(bans);
        if (out.size() > ConversationLimits.MAX_BANS) {
            for (var ban : out.entrySet()) {
                out = ban.getValue().isAfter(at) ? out : out.minus(ban.getKey());
            }
        }
        var gone = members.get(userId);
        var in = members.minus(userId);
        return new Roster(
                in,
                out,
                gone == null ? seats : seats.left(gone.seat().orElseThrow().place(), in.size()));
    }

    /**
     * After a member posted.
     *
     * @param hasReceipts whether the member is told how far the message comes
     */
    Roster posted(String userId, long messageSeq, boolean hasReceipts) {
        return withSeat(
                userId,
                seat -> new Seat(
                        seat.place(),
                        messageSeq,
                        seat.pinned(),
                        hasReceipts
                                ? Optional.of(new Said(
                                        messageSeq,
                                        seat.said().map(Said::messageSeq).orElse(seat.postedSeq())))
                                : seat.said()));
    }

    Roster withPin(String userId, boolean pinned) {
        return withSeat(userId, seat -> new Seat(seat.place(), seat.postedSeq(), pinned, seat.said()));
    }

    private Roster withSeat(String userId, UnaryOperator<Seat> change) {
        var member = members.get(userId);
        return member == null
                ? this
                : new Roster(
                        members.plus(
                                userId,
                                seated(member, change.apply(member.seat().orElseThrow()))),
                        bans,
                        seats);
    }

    private static Member seated(Member member, Seat seat) {
        return new Member(
                member.userId(),
                member.role(),
                member.push(),
                member.joinedAt(),
                member.joinedEvent(),
                member.joinedSeq(),
                Optional.of(seat));
    }

    /** How many companions keep the positions of members. */
    int parts() {
        int places = seats.size(members.size());
        return places == 0 ? 0 : ConversationParts.of(places - 1) + 1;
    }

    Roster withRoles(List<NewMember> roles) {
        var in = members;
        for (NewMember each : roles) {
            var member = in.get(each.userId());
            if (member != null) {
                in = in.plus(each.userId(), with(member, each.role(), member.push()));
            }
        }
        return new Roster(in, bans, seats);
    }

    Roster withPush(String userId, PushMode mode) {
        var member = members.get(userId);
        return member == null ? this : new Roster(members.plus(userId, with(member, member.role(), mode)), bans, seats);
    }

    List<Ban> bansToSnapshot() {
        return bans.entrySet().stream()
                .map(ban -> new Ban(ban.getKey(), ban.getValue()))
                .toList();
    }

    static Roster fromSnapshot(List<Member> members, List<Ban> bans) {
        TreePMap<String, Member> in = TreePMap.empty();
        for (Member member : members) {
            in = in.plus(member.userId(), member);
        }
        TreePMap<String, Instant> out = TreePMap.empty();
        for (Ban ban : bans) {
            out = out.plus(ban.userId(), ban.until());
        }
        return new Roster(in, out, Seats.of(members)).seated();
    }

    /** Who has no place yet, in a snapshot from before there were any, gets one in the order of joining. */
    private Roster seated() {
        var roster = this;
        var standing = members.values().stream()
                .filter(member -> member.seat().isEmpty())
                .sorted(Comparator.comparing(Member::joinedEvent).thenComparing(Member::userId))
                .toList();
        int taken = members.size() - standing.size();
        for (Member member : standing) {
            int place = roster.seats.next(taken++);
            var seated = seated(member, new Seat(place, 0, false));
            roster = new Roster(roster.members.plus(member.userId(), seated), bans, roster.seats.took(place));
        }
        return roster;
    }

    private static Member with(Member before, MemberRole role, PushMode push) {
        return new Member(
                before.userId(),
                role,
                push,
                before.joinedAt(),
                before.joinedEvent(),
                before.joinedSeq(),
                before.seat());
    }
}
