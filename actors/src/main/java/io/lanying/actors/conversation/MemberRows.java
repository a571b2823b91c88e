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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The registry's rows of who is in the conversation: those that a change touches are written before it is answered, and all of them
 * should an earlier change be missing. One write is under way at a time, and what changes meanwhile is in the next: side by side
 * each would miss the rows of the one before and write all. Mutable, of one incarnation of the entity; another one looks when its reminder wakes it.
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
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean whole;
    private boolean writing;

    /** Whether the next write is asked for, and whether it is to be of all rows. */
    private boolean asked;

    private boolean all;

    /** Up to which change of members rows are there, or under way, before the next write. */
    private long after;

    MemberRows(ActorContext<ConversationCommand> context, EntityId conversation, MemberRegistry registry, Clock clock) {
        this.context = context;
        this.conversation = conversation;
        this.registry = registry;
        this.clock = clock;
    }

    /** @param untouched nothing ever happened to the conversation, so there need be no rows */
    void reset(boolean untouched) {
        whole = untouched;
        writing = false;
        forgetAsked();
    }

    private void forgetAsked() {
        touched.clear();
        waiting.clear();
        asked = false;
        all = false;
    }

    /** Whether the registry is known to say what the state says. */
    boolean isWhole() {
        return whole;
    }

    /** Writes what events have changed. */
    void write(
            ConversationState before, ConversationState now, List<ConversationEvent> events, Optional<Waiting> answer) {
        whole = false;
        after = asked ? after : before.membersAt();
        asked = true;
        boolean unknown = before.membersAt() == 0 && !before.roster().members().isEmpty();
        all = all || unknown || events.stream().anyMatch(ConversationDeleted.class::isInstance);
        touched.addAll(touched(events));
        answer.ifPresent(waiting::add);
        begin(now);
    }

    /** Looks whether the rows are there. */
    void check(ConversationState state) {
        write(state, state, List.of(), Optional.empty());
    }

    private void begin(ConversationState state) {
        if (writing || !asked) {
            return;
        }
        writing = true;
        var answers = List.copyOf(waiting);
        var stage = all
                ? registry.replace(conversation, state.membersAt(), clock.instant(), rows(state, everybody(state)))
                        .thenApply(done -> Outcome.WRITTEN)
                : registry.write(conversation, after, rows(state, touched))
                        .thenApply(written -> written ? Outcome.WRITTEN : Outcome.INCOMPLETE);
        forgetAsked();
        context.pipeToSelf(
                stage,
                (outcome, failure) -> new ConversationMessage.RowsWritten(
                        state.membersAt(), failure == null ? outcome : Outcome.FAILED, answers));
    }

    /** A write has ended, and the next may begin; whom to answer. */
    List<Waiting> ended(ConversationState state, ConversationMessage.RowsWritten written) {
        writing = false;
        if (written.outcome() == Outcome.INCOMPLETE) {
            asked = true;
            all = true;
            waiting.addAll(0, written.waiting());
        }
        whole = written.outcome() == Outcome.WRITTEN && written.membersAt() == state.membersAt() && !asked;
        begin(state);
        return written.outcome() == Outcome.WRITTEN ? written.waiting() : List.of();
    }

    /** Whether events change who is in. */
    static boolean concerns(List<ConversationEvent> events) {
        return events.stream()
                .anyMatch(event -> event instanceof ConversationDeleted
                        || !touched(List.of(event)).isEmpty());
    }

    private static Set<String> everybody(ConversationState state) {
        return state.roster().members().keySet();
    }

    private List<MemberRow> rows(ConversationState state, Set<String> userIds) {
        return userIds.stream().map(userId -> row(state, userId)).toList();
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
