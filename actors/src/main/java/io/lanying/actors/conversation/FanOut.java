package io.lanying.actors.conversation;

import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.actors.conversation.ConversationMessage.Brought;
import io.lanying.actors.conversation.ConversationMessage.BroughtLate;
import io.lanying.actors.conversation.ConversationMessage.GoOn;
import io.lanying.actors.conversation.ConversationMessage.NewsRead;
import io.lanying.actors.conversation.ConversationMessage.NoteTold;
import io.lanying.actors.conversation.ConversationMessage.Told;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.NewsCaughtUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsGivenUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsTold;
import io.lanying.protocol.conversation.PositionReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells everybody: one round at a time, in which each member is told the same page, and those who did not answer apart.
 * Nobody who posts waits for it. What it learns is events; mutable, of one incarnation of the entity: another one tells again
 * what had no event yet, and who knows it already drops it.
 */
final class FanOut {

    private static final String RETRY = "retry";

    private final Messenger messenger;
    private final PositionBook book;
    private final TimerScheduler<ConversationCommand> timers;
    private final ConversationEntitySettings settings;
    private final Latecomers latecomers;
    private final FanOutWindow window = new FanOutWindow();
    private final Logger log;
    private @Nullable Round round;
    private long rounds;
    private boolean reading;

    /** Up to here everybody was told, though no event says so yet. */
    private long ended;

    FanOut(
            Messenger messenger,
            PositionBook book,
            TimerScheduler<ConversationCommand> timers,
            ConversationEntitySettings settings,
            Logger log) {
        this.messenger = messenger;
        this.book = book;
        this.timers = timers;
        this.settings = settings;
        this.latecomers = new Latecomers(messenger, settings);
        this.log = log;
    }

    void reset() {
        round = null;
        reading = false;
        ended = 0;
        latecomers.reset();
    }

    /** The event up to which everybody was told; a message's event takes it along. */
    long toldUpTo(ConversationState state) {
        return Math.max(ended, state.news().told());
    }

    /** Whether the entity must stay in memory. */
    boolean isBusy(ConversationState state) {
        return round != null
                || reading
                || latecomers.isBusy()
                || ended > state.news().told();
    }

    /** How long until the work that is open should be looked at, should this incarnation end. */
    Instant lookAgainAt(ConversationState state, Instant now) {
        var soon = now.plus(settings.lookAgain());
        if (state.news().last() > state.news().told()) {
            return soon;
        }
        return state.news().behind().values().stream()
                .map(each -> now.plus(latecomers.pause(Duration.between(each.since(), now))))
                .min(Instant::compareTo)
                .filter(soon::isBefore)
                .orElse(soon);
    }

    /** Begins what is to be begun; the result is what to journal. */
    List<ConversationEvent> goOn(ConversationState state, Recent recent, Instant now) {
        if (state.head().isEmpty() || !state.news().isOwed()) {
            return List.of();
        }
        var tooLate = latecomers.toGiveUp(state, now);
        if (!tooLate.isEmpty()) {
            log.warn(
                    "{} users did not answer for {} days and are told no more what happened by now",
                    tooLate.size(),
                    settings.giveUpAfter().toDays());
            return List.of(new NewsGivenUp(state.timeOf(now), tooLate));
        }
        var noted = tellLate(state, now);
        return noted.isEmpty() ? begin(state, recent, now) : noted;
    }

    private List<ConversationEvent> tellLate(ConversationState state, Instant now) {
        if (state.news().behind().isEmpty()) {
            return List.of();
        }
        latecomers.goOn(state, now);
        timers.startSingleTimer(RETRY, new GoOn(), latecomers.untilNext(state, now));
        return round == null ? caughtUp(state, now) : List.of();
    }

    /**
     * Not during a round, which leaves out who is behind: who caught up meanwhile would miss what the round tells. And not before
     * it is noted how far the rounds have come, for the same reason.
     */
    private List<ConversationEvent> caughtUp(ConversationState state, Instant now) {
        var users = latecomers.toNote();
        if (users.isEmpty()) {
            return List.of();
        }
        var events = new ArrayList<ConversationEvent>(noteTold(state, now));
        events.add(new NewsCaughtUp(state.timeOf(now), users));
        return events;
    }

    private List<ConversationEvent> begin(ConversationState state, Recent recent, Instant now) {
        long after = toldUpTo(state);
        long last = state.news().last();
        if (round != null || reading || last <= after || book.require(state, now) == PositionBook.Cover.ASKED) {
            return List.of();
        }
        var known = recent.between(after, last);
        if (known.isPresent()) {
            return start(NewsPage.of(messenger.conversationId(), after, last, known.get(), state), state, now);
        }
        reading = true;
        messenger.read(after, last, false);
        return List.of();
    }

    /** Events came that are not in memory any more. */
    List<ConversationEvent> newsRead(ConversationState state, NewsRead read, Instant now) {
        if (read.late()) {
            latecomers.pageRead(state, read.after(), read.failed(), read.events());
            return read.failed() ? later() : tellLate(state, now);
        }
        reading = false;
        if (read.failed() || read.events().isEmpty() || read.after() != toldUpTo(state) || round != null) {
            return later();
        }
        long upTo = read.events().get(read.events().size() - 1).eventSeq();
        return start(NewsPage.of(messenger.conversationId(), read.after(), upTo, read.events(), state), state, now);
    }

    private List<ConversationEvent> later() {
        timers.startSingleTimer(RETRY, new GoOn(), settings.retryMin());
        return List.of();
    }

    private List<ConversationEvent> start(NewsPage page, ConversationState state, Instant now) {
        round = new Round(++rounds, page, state, window);
        return proceed(state, now);
    }

    List<ConversationEvent> brought(ConversationState state, Brought answer, Instant now) {
        if (round == null) {
            return List.of();
        }
        round.answered(answer, now);
        if (answer.told() == Told.LATER) {
            latecomers.later(answer.userId(), now);
        }
        return proceed(state, now);
    }

    private List<ConversationEvent> proceed(ConversationState state, Instant now) {
        var under = round;
        if (under == null || !under.goOn(state, messenger, now)) {
            return List.of();
        }
        round = null;
        ended = under.upTo();
        if (!under.missed().isEmpty()) {
            return List.of(new NewsTold(state.timeOf(now), ended, under.missed()));
        }
        var caughtUp = caughtUp(state, now);
        if (!caughtUp.isEmpty()) {
            return caughtUp;
        }
        timers.startSingleTimer(NoteTold.class, new NoteTold(), settings.toldLater());
        if (state.news().last() > ended) {
            messenger.goOn();
        }
        return List.of();
    }

    /** The event that says that everybody was told, if no message has taken it along. */
    List<ConversationEvent> noteTold(ConversationState state, Instant now) {
        return ended > state.news().told() ? List.of(new NewsTold(state.timeOf(now), ended, List.of())) : List.of();
    }

    List<ConversationEvent> broughtLate(ConversationState state, BroughtLate answer, Instant now) {
        latecomers.answered(answer, now);
        return tellLate(state, now);
    }

    /** A device of these users was heard: what is gathered for them is told now. */
    void heard(List<PositionReport> reports) {
        boolean any = false;
        for (PositionReport each : reports) {
            any |= latecomers.isBack(each.userId());
        }
        if (any) {
            messenger.goOn();
        }
    }
}
