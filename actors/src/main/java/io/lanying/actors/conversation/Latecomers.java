package io.lanying.actors.conversation;

import io.lanying.actors.conversation.ConversationMessage.BroughtLate;
import io.lanying.actors.conversation.ConversationMessage.Told;
import io.lanying.protocol.conversation.ConversationEvent.CaughtUp;
import io.lanying.protocol.conversation.ConversationSnapshot.Behind;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.Owed;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.journal.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users that are behind, told apart from the rounds and page by page, so that nobody waits for them; who does not answer is
 * asked less and less often. Mutable, of one incarnation of the entity.
 */
final class Latecomers {

    static final int AT_ONCE = 16;

    /** How long news are gathered for who is away and far behind. */
    static final Duration GATHER = Duration.ofSeconds(30);

    private static final int NOTED_AT_ONCE = 64;

    private final Messenger messenger;
    private final ConversationEntitySettings settings;
    private final Map<String, Instant> triedAt = new HashMap<>();
    private final Map<String, Instant> later = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final List<CaughtUp> caughtUp = new ArrayList<>();
    private @Nullable NewsPage page;
    private boolean reading;

    Latecomers(Messenger messenger, ConversationEntitySettings settings) {
        this.messenger = messenger;
        this.settings = settings;
    }

    void reset() {
        triedAt.clear();
        later.clear();
        asked.clear();
        caughtUp.clear();
        page = null;
        reading = false;
    }

    boolean isBusy() {
        return reading || !asked.isEmpty() || !caughtUp.isEmpty();
    }

    /** Tells as many as may be of what they are owed next. */
    void goOn(ConversationState state, Instant now) {
        triedAt.keySet().retainAll(state.news().behind().keySet());
        later.values().removeIf(until -> !until.isAfter(now));
        for (Behind each : state.news().behind().values()) {
            if (asked.size() >= AT_ONCE || reading) {
                return;
            }
            if (!asked.contains(each.userId()) && !dueAt(each).isAfter(now) && !isCaughtUp(each)) {
                tell(state, each, now);
            }
        }
    }

    private boolean isCaughtUp(Behind user) {
        return caughtUp.stream().anyMatch(each -> each.userId().equals(user.userId()));
    }

    private void tell(ConversationState state, Behind user, Instant now) {
        Owed owed = user.owed().get(0);
        long last = owed.upTo().orElse(state.news().last());
        if (owed.after() >= last) {
            caughtUp.add(new CaughtUp(user.userId(), owed.after()));
            return;
        }
        var known = pageAfter(state, owed.after(), last);
        if (known == null) {
            return;
        }
        long upTo = Math.min(last, known.upTo());
        var push = state.roster().member(user.userId()).map(Member::push).orElse(PushMode.ALL);
        var news = known.newsFor(
                messenger.conversationId(),
                new NewsPage.Reader(user.userId(), push, owed.after(), upTo, owed.joinedSeq()));
        if (news.isEmpty()) {
            caughtUp.add(new CaughtUp(user.userId(), upTo));
            return;
        }
        asked.add(user.userId());
        triedAt.put(user.userId(), now);
        messenger.bring(state, user.userId(), news.get(), told -> new BroughtLate(user.userId(), upTo, told));
    }

    /** The page after an event, for all who are owed it; null while it is being read. */
    private @Nullable NewsPage pageAfter(ConversationState state, long after, long last) {
        var known = page;
        if (known != null && known.after() == after && (known.upTo() >= last || known.isFull())) {
            return known;
        }
        reading = true;
        messenger.read(after, Math.max(last, state.news().last()), true);
        return null;
    }

    void pageRead(ConversationState state, long after, boolean failed, List<JournalEvent> events) {
        reading = false;
        page = failed || events.isEmpty()
                ? null
                : NewsPage.of(
                        messenger.conversationId(),
                        after,
                        events.get(events.size() - 1).eventSeq(),
                        events,
                        state);
    }

    void answered(BroughtLate answer, Instant now) {
        asked.remove(answer.userId());
        if (answer.told() == Told.TAKEN) {
            triedAt.remove(answer.userId());
            caughtUp.add(new CaughtUp(answer.userId(), answer.upTo()));
        } else if (answer.told() == Told.LATER) {
            later(answer.userId(), now);
        }
    }

    /** A user's devices are away and far behind: what comes is gathered for them. */
    void later(String userId, Instant now) {
        later.put(userId, now.plus(GATHER));
    }

    /** A user's device is there again; whether it was to hear later. */
    boolean isBack(String userId) {
        return later.remove(userId) != null;
    }

    /** Who has caught up, when that is worth an event: many, or nobody else is being asked. */
    List<CaughtUp> toNote() {
        if (caughtUp.size() < NOTED_AT_ONCE && !asked.isEmpty()) {
            return List.of();
        }
        var result = List.copyOf(caughtUp);
        caughtUp.clear();
        return result;
    }

    /** Users who have not answered for too long. */
    List<String> toGiveUp(ConversationState state, Instant now) {
        return state.news().behind().values().stream()
                .filter(each -> !each.since().plus(settings.giveUpAfter()).isAfter(now))
                .map(Behind::userId)
                .toList();
    }

    /** How long until somebody is to be asked again. */
    Duration untilNext(ConversationState state, Instant now) {
        return state.news().behind().values().stream()
                .map(each -> Duration.between(now, dueAt(each)))
                .min(Duration::compareTo)
                .filter(wait -> wait.compareTo(settings.retryMin()) > 0)
                .orElse(settings.retryMin());
    }

    private Instant dueAt(Behind user) {
        Instant until = later.get(user.userId());
        if (until != null) {
            return until;
        }
        Instant tried = triedAt.get(user.userId());
        return tried == null ? Instant.MIN : tried.plus(pauseAfter(user, tried));
    }

    private Duration pauseAfter(Behind user, Instant tried) {
        return pause(Duration.between(user.since(), tried));
    }

    /** A quarter of the time for which somebody has not answered, within bounds. */
    Duration pause(Duration silentFor) {
        var quarter = silentFor.dividedBy(4);
        if (quarter.compareTo(settings.retryMin()) < 0) {
            return settings.retryMin();
        }
        return quarter.compareTo(settings.retryMax()) > 0 ? settings.retryMax() : quarter;
    }
}
