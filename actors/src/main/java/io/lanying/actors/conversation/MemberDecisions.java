package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.ListMembers;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationEvent.PinSet;
import io.lanying.protocol.conversation.ConversationEvent.PushModeSet;
import io.lanying.protocol.conversation.ConversationEvent.RolesChanged;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationReply.MemberSaved;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationSnapshot.Head;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.NewMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a conversation decides about its members. Pure. */
record MemberDecisions(ConversationState state, Instant now) {

    Decision put(PutMember command) {
        if (state.head().isEmpty()) {
            return Decision.notFound();
        }
        if ((command.push().isPresent() || command.pinned().isPresent())
                && command.by().filter(by -> !by.equals(command.userId())).isPresent()) {
            return Rights.forbidden("what is pushed to a member, or pinned, is for the member to say");
        }
        boolean changes = command.role().isPresent()
                || state.roster().member(command.userId()).isEmpty();
        var refused = changes ? new Rights(state).unlessArchived(command.by()) : Optional.<Decision>empty();
        if (refused.isPresent()) {
            return refused.get();
        }
        return state.roster()
                .member(command.userId())
                .map(member -> change(command, member))
                .orElseGet(() -> add(command, state.head().get()));
    }

    private Decision change(PutMember command, Member member) {
        var events = new ArrayList<ConversationEvent>();
        var role = command.role().filter(wanted -> wanted != member.role());
        if (role.isPresent()) {
            var refused = new Rights(state)
                    .unlessDirect()
                    .or(() -> new Rights(state).atLeast(command.by(), MemberRole.OWNER))
                    .or(() -> member.role() == MemberRole.OWNER
                            ? Optional.of(Rights.forbidden("make another member the owner first"))
                            : Optional.empty());
            if (refused.isPresent()) {
                return refused.get();
            }
            events.add(granted(command.userId(), role.get(), command.by()));
        }
        if (command.by().isPresent()
                && state.roster().member(command.by().get()).isEmpty()) {
            return Rights.notAMember();
        }
        command.push()
                .filter(mode -> mode != member.push())
                .ifPresent(mode -> events.add(new PushModeSet(at(), command.userId(), mode, command.by())));
        command.pinned()
                .filter(pinned -> pinned != member.seat().orElseThrow().pinned())
                .ifPresent(pinned -> events.add(new PinSet(at(), command.userId(), pinned, command.by())));
        return saved(events, command.userId(), false);
    }

    private Decision add(PutMember command, Head head) {
        var rights = new Rights(state);
        var refused = rights.unlessDirect()
                .or(() -> rights.atLeast(command.by(), head.settings().mayInvite()))
                .or(() ->
                        command.role().filter(role -> role != MemberRole.MEMBER).isPresent()
                                ? rights.atLeast(command.by(), MemberRole.OWNER)
                                : Optional.empty())
                .or(() -> isKeptOut(command) ? Optional.of(Rights.forbidden("the user is banned")) : Optional.empty())
                .or(this::whenFull);
        if (refused.isPresent()) {
            return refused.get();
        }
        boolean first = state.roster().members().isEmpty();
        var role = first ? MemberRole.OWNER : command.role().orElse(MemberRole.MEMBER);
        var events = new ArrayList<ConversationEvent>();
        boolean takesOver = role == MemberRole.OWNER && !first;
        events.add(new MembersAdded(
                at(), List.of(new NewMember(command.userId(), takesOver ? MemberRole.MEMBER : role)), command.by()));
        if (takesOver) {
            events.add(granted(command.userId(), role, command.by()));
        }
        command.push().ifPresent(mode -> events.add(new PushModeSet(at(), command.userId(), mode, command.by())));
        command.pinned()
                .filter(pinned -> pinned)
                .ifPresent(pinned -> events.add(new PinSet(at(), command.userId(), true, command.by())));
        return saved(events, command.userId(), true);
    }

    private boolean isKeptOut(PutMember command) {
        return state.roster().isBanned(command.userId(), now) && !new Rights(state).has(command.by(), MemberRole.ADMIN);
    }

    private Optional<Decision> whenFull() {
        if (state.roster().members().size() >= ConversationLimits.MAX_MEMBERS) {
            return Optional.of(
                    Decision.refuse(ErrorCode.LIMIT_REACHED, "at most " + ConversationLimits.MAX_MEMBERS + " members"));
        }
        // Those who left are remembered until they were told: without a bound, who comes and goes would fill the
        // memory.
        return state.news().behind().size() >= 2 * ConversationLimits.MAX_MEMBERS
                ? Optional.of(Decision.refuse(ErrorCode.UNAVAILABLE, "too many users are still to be told of messages"))
                : Optional.empty();
    }

    private RolesChanged granted(String userId, MemberRole role, Optional<String> by) {
        var grants = new ArrayList<NewMember>();
        grants.add(new NewMember(userId, role));
        if (role == MemberRole.OWNER) {
            state.roster().owner().ifPresent(owner -> grants.add(new NewMember(owner.userId(), MemberRole.ADMIN)));
        }
        return new RolesChanged(at(), grants, by);
    }

    private Decision saved(List<ConversationEvent> events, String userId, boolean added) {
        var member = state.applyAll(events).roster().member(userId).orElseThrow();
        return new Decision(events, new MemberSaved(added, MemberView.of(member)));
    }

    Decision remove(RemoveMember command) {
        if (state.head().isEmpty()) {
            return Decision.notFound();
        }
        var refused = new Rights(state).unlessDirect().or(() -> new Rights(state).unlessArchived(command.by()));
        if (refused.isPresent()) {
            return refused.get();
        }
        var member = state.roster().member(command.userId());
        if (member.isEmpty() && command.banSeconds() == 0) {
            return Decision.answer(new Gone());
        }
        return mayRemove(command, member)
                .or(() -> command.banSeconds() > 0 && state.roster().isFullOfBans(now)
                        ? Optional.of(Decision.refuse(
                                ErrorCode.LIMIT_REACHED, "at most " + ConversationLimits.MAX_BANS + " bans"))
                        : Optional.empty())
                .orElseGet(() -> new Decision(removal(command, member), new Gone()));
    }

    private Optional<Decision> mayRemove(RemoveMember command, Optional<Member> member) {
        boolean itself = command.by().filter(command.userId()::equals).isPresent();
        if (itself) {
            return command.banSeconds() > 0 || member.isEmpty()
                    ? Optional.of(Rights.forbidden("nobody bans themselves"))
                    : Optional.empty();
        }
        return new Rights(state).atLeast(command.by(), MemberRole.ADMIN).or(() -> member.map(Member::role)
                .filter(role -> role != MemberRole.MEMBER)
                .filter(role -> !new Rights(state).has(command.by(), MemberRole.OWNER))
                .map(role -> Rights.forbidden("only the owner removes an admin")));
    }

    private List<ConversationEvent> removal(RemoveMember command, Optional<Member> member) {
        var events = new ArrayList<ConversationEvent>();
        var until = command.banSeconds() > 0
                ? Optional.of(at().plusSeconds(command.banSeconds()))
                : Optional.<Instant>empty();
        events.add(new MemberRemoved(at(), command.userId(), until, command.by()));
        member.filter(gone -> gone.role() == MemberRole.OWNER)
                .flatMap(gone -> state.roster().heirOf(gone.userId()))
                .ifPresent(heir -> events.add(
                        new RolesChanged(at(), List.of(new NewMember(heir.userId(), MemberRole.OWNER)), command.by())));
        return events;
    }

    Decision list(ListMembers command) {
        boolean readable = state.head().isPresent() && command.limit() > 0;
        return readable ? Decision.answer(state.roster().page(command.after(), command.limit())) : Decision.notFound();
    }

    private Instant at() {
        return state.timeOf(now);
    }
}
