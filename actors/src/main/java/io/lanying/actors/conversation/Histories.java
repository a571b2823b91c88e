package io.lanying.actors.conversation;

import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.actors.conversation.MessageReader.Wanted;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.ConversationReply.History;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.ConversationSnapshot.Head;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.StoredMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Which messages a reader may see, and in which versions. Pure. */
final class Histories {

    private Histories() {}

    /**
     * The messages of an answer.
     *
     * @param wanted in the order of reading
     * @param backwards they are read from the last one on
     * @param more there are others that were asked for
     */
    record Plan(List<Wanted> wanted, boolean backwards, boolean more) {

        History answer(String conversationId, ConversationState state, List<Found> found) {
            var messages = new ArrayList<StoredMessage>();
            found.forEach(each -> messages.add(Stored.of(conversationId, each, state)));
            if (backwards) {
                Collections.reverse(messages);
            }
            return new History(
                    messages, more || found.size() < wanted.size(), state.log().lastSeq());
        }
    }

    /** A plan, or why not. */
    record Planned(List<Decision> refused, List<Plan> plan) {

        <R> R fold(Function<Decision, R> onRefused, Function<Plan, R> onPlan) {
            return refused.isEmpty() ? onPlan.apply(plan.get(0)) : onRefused.apply(refused.get(0));
        }
    }

    static Planned plan(ConversationState state, ReadHistory command) {
        if (state.head().isEmpty()) {
            return new Planned(List.of(Decision.notFound()), List.of());
        }
        long hidden = state.head().get().startSeq();
        if (command.userId().isPresent()) {
            var member = state.roster().member(command.userId().get());
            if (member.isEmpty()) {
                return new Planned(List.of(Rights.notAMember()), List.of());
            }
            hidden = startsWithJoining(state.head().get())
                    ? Math.max(hidden, member.get().joinedSeq())
                    : hidden;
        }
        return new Planned(List.of(), List.of(plan(state, command, hidden)));
    }

    private static boolean startsWithJoining(Head head) {
        return head.settings().history() == HistoryFrom.JOINING;
    }

    private static Plan plan(ConversationState state, ReadHistory command, long hidden) {
        long after = Math.max(command.afterSeq().orElse(0L), hidden);
        long before =
                Math.min(command.beforeSeq().orElse(Long.MAX_VALUE), state.log().lastSeq() + 1);
        int limit = Math.min(command.limit(), ConversationLimits.MAX_MESSAGES);
        boolean backwards = command.afterSeq().isEmpty();
        var wanted = new ArrayList<Wanted>();
        for (int i = 1; i <= limit && after + i < before; i++) {
            long seq = backwards ? before - i : after + i;
            wanted.add(new Wanted(seq, state.log().versionOf(seq)));
        }
        return new Plan(wanted, backwards, before - 1 - after > wanted.size());
    }

    /** The last message, if the member may read it. */
    static List<Wanted> last(ConversationState state, Member member) {
        long last = state.log().lastSeq();
        boolean hidden = last <= state.head().map(Head::startSeq).orElse(last)
                || (state.head().filter(Histories::startsWithJoining).isPresent() && last <= member.joinedSeq());
        return hidden ? List.of() : List.of(new Wanted(last, state.log().versionOf(last)));
    }

    /** What devices ask for; what cannot be there is left out. */
    static List<Wanted> versions(ConversationState state, List<MessageRef> refs) {
        return refs.stream()
                .limit(ConversationLimits.MAX_MESSAGES)
                .filter(ref ->
                        ref.messageSeq() >= 1 && ref.messageSeq() <= state.log().lastSeq())
                .map(ref -> new Wanted(
                        ref.messageSeq(),
                        Math.max(1, Math.min(ref.version(), state.log().versionOf(ref.messageSeq())))))
                .toList();
    }

    static Messages messages(String conversationId, ConversationState state, List<Found> found) {
        return new Messages(
                state.head().flatMap(head -> head.name()).map(ConversationName::sealed),
                state.head().filter(head -> head.settings().preview()).isPresent(),
                found.stream()
                        .map(each -> Stored.of(conversationId, each, state))
                        .toList());
    }
}
