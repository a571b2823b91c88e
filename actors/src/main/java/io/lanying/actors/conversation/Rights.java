package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import java.util.Optional;

/** Who may do what. The tenant's service, which names nobody, may do everything that the kind of conversation allows. */
record Rights(ConversationState state) {

    /** The refusal, if somebody is named who is no member or has a lesser role. */
    Optional<Decision> atLeast(Optional<String> by, MemberRole least) {
        if (by.isEmpty()) {
            return Optional.empty();
        }
        var member = state.roster().member(by.get());
        if (member.isEmpty()) {
            return Optional.of(notAMember());
        }
        return member.get().role().isAtLeast(least) ? Optional.empty() : Optional.of(forbidden("needs another role"));
    }

    /** Whether this user, or the service, has at least this role. */
    boolean has(Optional<String> by, MemberRole least) {
        return by.isEmpty()
                || state.roster()
                        .member(by.get())
                        .map(Member::role)
                        .filter(role -> role.isAtLeast(least))
                        .isPresent();
    }

    /** The refusal, if the conversation is between two for ever. */
    Optional<Decision> unlessDirect() {
        return state.head()
                .filter(head -> head.type() == ConversationType.DIRECT)
                .map(head -> forbidden("a direct conversation keeps its two members"));
    }

    /** The refusal, if it is archived and a user, not the service, wants to change something. */
    Optional<Decision> unlessArchived(Optional<String> by) {
        return state.head()
                .filter(head -> head.archived() && by.isPresent())
                .map(head -> Decision.refuse(ErrorCode.CONVERSATION_ARCHIVED, "the conversation is archived"));
    }

    static Decision forbidden(String detail) {
        return Decision.refuse(ErrorCode.NOT_PERMITTED, detail);
    }

    static Decision notAMember() {
        return Decision.refuse(ErrorCode.NOT_A_MEMBER, "the user is no member of this conversation");
    }
}
