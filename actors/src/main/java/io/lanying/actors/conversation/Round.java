package io.lanying.actors.conversation;

import io.lanying.actors.conversation.ConversationMessage.Brought;
import io.lanying.actors.conversation.ConversationMessage.Told;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** One page of news on its way to every member; mutable, of one incarnation of the entity. */
final class Round {

    private final long number;
    private final FanOutWindow window;
    private final NewsPage page;
    private final Iterator<Member> rest;
    private final Map<String, Instant> asked = new HashMap<>();
    private final List<String> missed = new ArrayList<>();

    Round(long number, NewsPage page, ConversationState state, FanOutWindow window) {
        this.number = number;
        this.window = window;
        this.page = page;
        this.rest = state.roster().members().values().iterator();
    }

    long upTo() {
        return page.upTo();
    }

    /** Who did not answer, or would rather hear of it later. */
    List<String> missed() {
        return List.copyOf(missed);
    }

    /** Asks as many as may be; whether everybody has answered or was missed. */
    boolean goOn(ConversationState state, Messenger messenger, Instant now) {
        while (asked.size() < window.size() && rest.hasNext()) {
            tell(rest.next().userId(), state, messenger, now);
        }
        return asked.isEmpty() && !rest.hasNext();
    }

    /** Who has left meanwhile, or is behind, is told apart. */
    private void tell(String userId, ConversationState state, Messenger messenger, Instant now) {
        var member = state.roster().member(userId);
        if (member.isEmpty() || state.news().behind().containsKey(userId)) {
            return;
        }
        var reader = new NewsPage.Reader(
                userId,
                member.get().push(),
                Math.max(page.after(), member.get().joinedEvent()),
                page.upTo(),
                member.get().joinedSeq());
        page.newsFor(messenger.conversationId(), reader).ifPresent(news -> {
            asked.put(userId, now);
            messenger.bring(state, userId, news, told -> new Brought(number, userId, told));
        });
    }

    /** Takes an answer. */
    void answered(Brought answer, Instant now) {
        Instant since = answer.round() == number ? asked.remove(answer.userId()) : null;
        if (since == null) {
            return;
        }
        window.answered(since, now);
        if (answer.told() != Told.TAKEN) {
            missed.add(answer.userId());
        }
    }
}
