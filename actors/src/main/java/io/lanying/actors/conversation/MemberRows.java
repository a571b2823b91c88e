package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationCreated;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.MemberRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The registry's rows of who is in the conversation: those that a change touches are written before it is answered, and all of them
 * should an earlier change be missing. Mutable, of one incarnation of the entity; another one looks when its reminder wakes it.
 */
final class MemberRows {

    /** What became of a write. */
    enum Outcome {
        WRITTEN,
        /** Nothing was: rows of an earlier change are missing. */
        INCOMPLETE,
        /** Not known: the reminder has it looked at again. */
        FAILED
    }

    /** Whom to answer once rows are written. */
    record Waiting(ActorRef<ConversationReply> replyTo, ConversationReply reply) {}

    private final ActorContext<ConversationCommand> context;
    private final EntityId conversation;
    private final MemberRegistry registry;
    private final Clock clock;
    private boolean whole;

    MemberRows(ActorContext<ConversationCommand> context, EntityId conversation, MemberRegistry registry, Clock clock) {
        this.context = context;
        this.conversation = conversation;
        this.registry = registry;
        this.clock = clock;
    }

    /** @param untouched nothing ever happened to the conversation, so there need be no rows */
    void reset(boolean untouched) {
        whole = untouched;
    }

    /** Whether the registry is known to say what the state says. */
    boolean isWhole() {
        return whole;
    }

    /** Writes what events have changed. */
    void write(
            ConversationState before,
            ConversationState after,
            List<ConversationEvent> events,
            Optional<Waiting> waiting) {
        whole = false;
        boolean unknown = before.membersAt() == 0 && !before.roster().members().isEmpty();
        if (unknown || events.stream().anyMatch(ConversationDeleted.class::isInstance)) {
            replace(after, waiting);
            return;
        }
        var rows = new ArrayList<MemberRow>();
        for (String userId : touched(events)) {
            rows.add(row(after, userId));
        }
        said(
                after,
                waiting,
                registry.write(conversation, before.membersAt(), rows)
                        .thenApply(written -> written ? Outcome.WRITTEN : Outcome.INCOMPLETE));
    }

    /** Looks whether the rows are there. */
    void check(ConversationState state) {
        write(state, state, List.of(), Optional.empty());
    }

    /** Writes all rows. */
    void replace(ConversationState state, Optional<Waiting> waiting) {
        var rows = state.roster().members().keySet().stream()
                .map(userId -> row(state, userId))
                .toList();
        said(
                state,
                waiting,
                registry.replace(conversation, state.membersAt(), clock.instant(), rows)
                        .thenApply(done -> Outcome.WRITTEN));
    }

    /** A write has ended. */
    void ended(ConversationState state, ConversationMessage.RowsWritten written) {
        whole = written.outcome() == Outcome.WRITTEN && written.membersAt() == state.membersAt();
    }

    /** Whether events change who is in. */
    static boolean concerns(List<ConversationEvent> events) {
        return events.stream()
                .anyMatch(event -> event instanceof ConversationDeleted
                        || !touched(List.of(event)).isEmpty());
    }

    private void said(ConversationState state, Optional<Waiting> waiting, CompletionStage<Outcome> stage) {
        context.pipeToSelf(
                stage,
                (outcome, failure) -> new ConversationMessage.RowsWritten(
                        state.membersAt(), failure == null ? outcome : Outcome.FAILED, waiting));
    }

    private MemberRow row(ConversationState state, String userId) {
        return new MemberRow(
                conversation.tenant(),
                userId,
                conversation.id(),
                state.membersAt(),
                state.roster().member(userId).isEmpty(),
                clock.instant());
    }

    private static List<String> touched(List<ConversationEvent> events) {
        var users = new ArrayList<String>();
        for (ConversationEvent event : events) {
            if (event instanceof ConversationCreated created) {
                created.members().stream().map(NewMember::userId).forEach(users::add);
            } else if (event instanceof MembersAdded added) {
                added.members().stream().map(NewMember::userId).forEach(users::add);
            } else if (event instanceof MemberRemoved removed) {
                users.add(removed.userId());
            }
        }
        return users;
    }
}
