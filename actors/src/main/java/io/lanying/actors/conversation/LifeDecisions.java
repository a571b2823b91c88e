package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationChanged;
import io.lanying.protocol.conversation.ConversationEvent.ConversationCreated;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Created;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot.Creation;
import io.lanying.protocol.conversation.ConversationSnapshot.Head;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.NewMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a conversation decides about its beginning, its name and settings, and its end. Pure. */
record LifeDecisions(ConversationState state, Instant now) {

    Decision create(Create command) {
        var before = state.creation().filter(creation -> isRemembered(creation, command));
        if (before.isPresent()) {
            return before.get().fingerprint().equals(command.fingerprint())
                    ? repeated()
                    : Decision.refuse(ErrorCode.IDEMPOTENCY_KEY_REUSED, "the key was used for something else");
        }
        if (state.head().isPresent()) {
            return command.type() == ConversationType.DIRECT
                    ? Decision.answer(new Created(false, false, state.view().orElseThrow()))
                    : Decision.refuse(ErrorCode.CONVERSATION_EXISTS, "there is a conversation with this id");
        }
        var wrong = problemOf(command);
        if (wrong.isPresent()) {
            return Decision.refuse(ErrorCode.INVALID_REQUEST, wrong.get());
        }
        var event = new ConversationCreated(
                state.timeOf(now),
                command.type(),
                command.name(),
                command.settings(),
                command.type() == ConversationType.DIRECT ? command.members() : withOwner(command.members()),
                command.requestKey(),
                command.fingerprint());
        return decided(event, new Created(true, false, state.apply(event).view().orElseThrow()));
    }

    private boolean isRemembered(Creation creation, Create command) {
        return creation.requestKey().equals(command.requestKey())
                && creation.at().isAfter(now.minus(ConversationLimits.REMEMBERED_FOR));
    }

    private Decision repeated() {
        return state.view()
                .map(view -> Decision.answer(new Created(false, true, view)))
                .orElseGet(() -> Decision.refuse(ErrorCode.NOT_FOUND, "it was created, and deleted since"));
    }

    private static Optional<String> problemOf(Create command) {
        var ids = command.members().stream().map(NewMember::userId).distinct().count();
        if (ids != command.members().size()) {
            return Optional.of("a user is named twice");
        }
        if (command.type() == ConversationType.DIRECT) {
            boolean plain = command.members().stream().allMatch(member -> member.role() == MemberRole.MEMBER);
            return ids == 2 && plain && command.name().isEmpty() && suitsTwo(command.settings())
                    ? Optional.empty()
                    : Optional.of("a direct conversation has two members without roles, and no name");
        }
        if (ids < 1 || ids > ConversationLimits.MAX_MEMBERS_AT_ONCE) {
            return Optional.of("a group begins with 1 to " + ConversationLimits.MAX_MEMBERS_AT_ONCE + " members");
        }
        return owners(command.members()) > 1 ? Optional.of("a group has one owner") : Optional.empty();
    }

    private static long owners(List<NewMember> members) {
        return members.stream()
                .filter(member -> member.role() == MemberRole.OWNER)
                .count();
    }

    private static List<NewMember> withOwner(List<NewMember> members) {
        if (owners(members) == 1) {
            return members;
        }
        var result = new ArrayList<>(members);
        result.set(0, new NewMember(members.get(0).userId(), MemberRole.OWNER));
        return result;
    }

    /** Two people of the same rank: what only an admin may do, nobody could. */
    private static boolean suitsTwo(ConversationSettings settings) {
        return settings.mayPost() == MemberRole.MEMBER;
    }

    Decision get() {
        return state.view()
                .<ConversationReply>map(view -> view)
                .map(Decision::answer)
                .orElseGet(Decision::notFound);
    }

    Decision change(Change command) {
        var head = state.head();
        if (head.isEmpty()) {
            return Decision.notFound();
        }
        var refused =
                new Rights(state).atLeast(command.by(), head.get().settings().mayChange());
        if (refused.isPresent()) {
            return refused.get();
        }
        var settings = command.settings()
                .map(change -> change.applyTo(head.get().settings()))
                .orElse(head.get().settings());
        if (head.get().type() == ConversationType.DIRECT && (command.name().isPresent() || !suitsTwo(settings))) {
            return Decision.refuse(
                    ErrorCode.INVALID_REQUEST, "a direct conversation has no name, and both of its members may post");
        }
        var name = command.name().map(change -> change.name()).orElse(head.get().name());
        boolean archived = command.archived().orElse(head.get().archived());
        if (sameName(head.get(), name)
                && settings.equals(head.get().settings())
                && archived == head.get().archived()) {
            return get();
        }
        var event = new ConversationChanged(state.timeOf(now), name, settings, archived, command.by());
        return decided(event, state.apply(event).view().orElseThrow());
    }

    private static boolean sameName(Head head, Optional<ConversationName> name) {
        return head.name().map(ConversationName::fingerprint).equals(name.map(ConversationName::fingerprint));
    }

    Decision delete(Delete command) {
        if (state.head().isEmpty()) {
            return Decision.answer(new Gone());
        }
        var refused = new Rights(state).atLeast(command.by(), MemberRole.OWNER);
        return refused.orElseGet(() -> decided(new ConversationDeleted(state.timeOf(now), command.by()), new Gone()));
    }

    private static Decision decided(ConversationEvent event, ConversationReply reply) {
        return new Decision(List.of(event), reply);
    }
}
