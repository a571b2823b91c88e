package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Snapshots;
import io.lanying.actors.conversation.ConversationMessage.GoOn;
import io.lanying.actors.conversation.ConversationMessage.Idle;
import io.lanying.actors.conversation.ConversationMessage.PositionsKept;
import io.lanying.actors.conversation.ConversationMessage.PositionsRead;
import io.lanying.actors.conversation.ConversationMessage.ReceiptsKept;
import io.lanying.actors.conversation.ConversationMessage.ReminderAnswered;
import io.lanying.actors.conversation.ConversationMessage.RowsWritten;
import io.lanying.actors.conversation.ConversationMessage.TellWatchers;
import io.lanying.actors.conversation.ConversationMessage.WasRead;
import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.actors.conversation.MessageReader.Wanted;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Unwatch;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.PushModeSet;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.session.SessionMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What carries a conversation's commands: its place in the node, what it reads and keeps beyond its own journal before it answers, its
 * wakes and its end.
 */
abstract class ConversationBehavior extends RemindedEntity<ConversationCommand, ConversationEvent, ConversationState> {

    private static final int SNAPSHOT_EVERY = 500; // of ten thousand members it is a megabyte

    /** By then the rows of a change are written, or a wake repairs them. */
    private static final Duration REGISTRY_REPAIR = Duration.ofSeconds(10);

    final ConversationEntitySettings settings;
    final PositionBook book;
    final FanOut fanOut;
    final Watchers watchers;
    final ReceiptBearer receipts;
    private final MessageReader reader;
    private final MemberRows rows;
    private final Reads reads = new Reads();
    private Recent recent = Recent.after(0);

    ConversationBehavior(
            Place<ConversationCommand> place,
            TimerScheduler<ConversationCommand> timers,
            ConversationEntity.Ports ports,
            ConversationEntitySettings settings) {
        super(EntityKind.CONVERSATION, place, terms(settings), ReminderAnswered::new, new Idle());
        this.settings = settings;
        this.reader = new MessageReader(ports.journal(), id, ForkJoinPool.commonPool());
        this.rows = new MemberRows(context, id, ports.registry(), ports.clock());
        this.book = new PositionBook(context, id, ports.companions());
        var messenger = new Messenger(context, id, ports.users(), ports.journal(), book, settings.askTimeout());
        this.receipts = new ReceiptBearer(book, timers, settings);
        this.fanOut = new FanOut(messenger, book, timers, settings, context.getLog());
        this.watchers = new Watchers(id.id(), watchersHost(context, timers));
    }

    private static Watchers.Host watchersHost(
            ActorContext<ConversationCommand> context, TimerScheduler<ConversationCommand> timers) {
        return new Watchers.Host() {
            @Override
            public void follow(ActorRef<SessionMessage> session) {
                context.watchWith(session, new Unwatch(session));
            }

            @Override
            public void unfollow(ActorRef<SessionMessage> session) {
                context.unwatch(session);
            }

            @Override
            public void tellLater() {
                timers.startSingleTimer(Watchers.class, new TellWatchers(), Watchers.PAUSE);
            }
        };
    }

    private static Terms terms(ConversationEntitySettings settings) {
        return new Terms(
                settings.reminderTimeout(),
                settings.passivateAfter(),
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                SNAPSHOT_EVERY,
                2);
    }

    @Override
    public ConversationState emptyState() {
        return ConversationState.initial();
    }

    @Override
    public EventHandler<ConversationState, ConversationEvent> eventHandler() {
        return ConversationState::apply;
    }

    final ReplyEffect<ConversationEvent, ConversationState> keep(
            ConversationState state,
            List<PositionReport> reports,
            ActorRef<ConversationReply> replyTo,
            Function<ConversationState, ConversationReply> then) {
        fanOut.heard(reports);
        var changes = book.news(state, reports);
        if (changes.isEmpty()) {
            return Effect().reply(replyTo, then.apply(state));
        }
        Supplier<ReplyEffect<ConversationEvent, ConversationState>> keep = () -> done(() -> {
            receipts.keeping();
            book.keep(changes, receipts.riding(state, changes), replyTo, then);
        });
        return receipts.areGiven(state) && !Receipts.isDirect(state)
                ? covered(now().plus(settings.lookAgain()), keep, () -> Effect()
                        .reply(replyTo, PositionBook.unavailable()))
                : keep.get();
    }

    final ReplyEffect<ConversationEvent, ConversationState> onPositionsKept(
            ConversationState state, PositionsKept kept) {
        kept(state, kept.positions());
        receipts.kept(state);
        return Effect()
                .reply(
                        kept.replyTo(),
                        kept.positions().isPresent() ? kept.then().apply(state) : PositionBook.unavailable());
    }

    final ReplyEffect<ConversationEvent, ConversationState> onReceiptsKept(ConversationState state, ReceiptsKept kept) {
        kept(state, kept.positions());
        return done(() -> receipts.brought(state, kept.positions().isPresent()));
    }

    /** What receipts are counted from must not be less than companions have. */
    private void kept(ConversationState state, Optional<List<Position>> positions) {
        if (positions.isPresent()) {
            book.kept(state, positions.get());
        } else if (receipts.areGiven(state)) {
            book.doubt();
        }
    }

    final ReplyEffect<ConversationEvent, ConversationState> asMember(
            ConversationState state,
            String userId,
            ActorRef<ConversationReply> replyTo,
            Function<Member, ReplyEffect<ConversationEvent, ConversationState>> then) {
        if (state.head().isEmpty()) {
            return answer(Decision.notFound(), replyTo);
        }
        var member = state.roster().member(userId);
        return member.isEmpty()
                ? answer(Rights.notAMember(), replyTo)
                : withPositions(state, replyTo, () -> then.apply(member.get()));
    }

    final ReplyEffect<ConversationEvent, ConversationState> withPositions(
            ConversationState state,
            ActorRef<ConversationReply> replyTo,
            Supplier<ReplyEffect<ConversationEvent, ConversationState>> then) {
        return switch (book.require(state, now())) {
            case KNOWN -> then.get();
            case ASKED -> Effect().stash();
            case UNAVAILABLE -> Effect().reply(replyTo, PositionBook.unavailable());
        };
    }

    final ReplyEffect<ConversationEvent, ConversationState> onPositionsRead(
            ConversationState state, PositionsRead read) {
        if (!book.read(state, read, now())) {
            return Effect().noReply();
        }
        context.getSelf().tell(new GoOn());
        return Effect().noReply().thenUnstashAll();
    }

    final ReplyEffect<ConversationEvent, ConversationState> read(
            ConversationState state,
            List<Wanted> wanted,
            ActorRef<ConversationReply> replyTo,
            BiFunction<ConversationState, List<Found>, ReplyEffect<ConversationEvent, ConversationState>> then) {
        var known = recent;
        boolean begun = reads.begin(ticket -> context.pipeToSelf(
                reader.read(state.log(), known, wanted),
                (found, failure) -> new WasRead(
                        ticket, replyTo, failure != null || found.isEmpty(), found == null ? List.of() : found, then)));
        return begun
                ? Effect().noReply()
                : Effect().reply(replyTo, new Refused(ErrorCode.TOO_MANY_REQUESTS, "too much of it is being read"));
    }

    final ReplyEffect<ConversationEvent, ConversationState> onWasRead(ConversationState state, WasRead read) {
        reads.ended(read.ticket());
        return read.failed()
                ? Effect().reply(read.replyTo(), new Refused(ErrorCode.UNAVAILABLE, "the journal cannot be read"))
                : read.then().apply(state, read.found());
    }

    /** Everybody has to be told: not before it is sure that this is not forgotten. */
    final ReplyEffect<ConversationEvent, ConversationState> covered(
            Decision decision, ActorRef<ConversationReply> replyTo) {
        return decision.events().isEmpty()
                ? answer(decision, replyTo)
                : covered(now().plus(settings.lookAgain()), () -> answer(decision, replyTo), () -> Effect()
                        .reply(replyTo, new Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored")));
    }

    /** Who is in is told to the registry before it is answered; a repeat of what is not known to be there looks again. */
    final ReplyEffect<ConversationEvent, ConversationState> listed(
            ConversationState state, Decision decision, ActorRef<ConversationReply> replyTo) {
        boolean changes = MemberRows.concerns(decision.events());
        if (!changes && (rows.isWhole() || !decision.events().isEmpty() || decision.reply() instanceof Refused)) {
            boolean told = decision.events().stream().anyMatch(PushModeSet.class::isInstance);
            return told ? covered(decision, replyTo) : answer(decision, replyTo);
        }
        var waiting = Optional.of(new MemberRows.Waiting(replyTo, decision.reply()));
        return covered(
                now().plus(REGISTRY_REPAIR),
                () -> Effect()
                        .persist(decision.events())
                        .thenRun((ConversationState after) -> {
                            rows.write(state, after, decision.events(), waiting);
                            journaled(after, decision.events());
                        })
                        .thenNoReply(),
                () -> Effect().reply(replyTo, new Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored")));
    }

    /** Who waits is not answered while it is unknown: it asks again. */
    final ReplyEffect<ConversationEvent, ConversationState> onRowsWritten(
            ConversationState state, RowsWritten written) {
        rows.ended(state, written).forEach(waiting -> waiting.replyTo().tell(waiting.reply()));
        return Effect().noReply();
    }

    final ReplyEffect<ConversationEvent, ConversationState> answer(
            Decision decision, ActorRef<ConversationReply> replyTo) {
        return decision.events().isEmpty()
                ? Effect().reply(replyTo, decision.reply())
                : Effect()
                        .persist(decision.events())
                        .thenRun((ConversationState after) -> journaled(after, decision.events()))
                        .thenReply(replyTo, after -> decision.reply());
    }

    final ReplyEffect<ConversationEvent, ConversationState> journal(List<ConversationEvent> events) {
        return events.isEmpty()
                ? Effect().noReply()
                : Effect()
                        .persist(events)
                        .thenRun((ConversationState after) -> journaled(after, events))
                        .thenNoReply();
    }

    final ReplyEffect<ConversationEvent, ConversationState> done(Runnable step) {
        step.run();
        return Effect().noReply();
    }

    private void journaled(ConversationState after, List<ConversationEvent> events) {
        long seq = after.eventSeq() - events.size();
        for (ConversationEvent event : events) {
            recent = recent.plus(++seq, event);
        }
        if (events.stream().anyMatch(Watchers::concerns)) {
            watchers.membersChanged(after);
        }
        if (events.stream().anyMatch(Receipts::concerns)) {
            receipts.changed(after);
        }
        if (after.head().isEmpty()) {
            fanOut.reset();
        } else if (after.news().isOwed()) {
            context.getSelf().tell(new GoOn());
        }
    }

    final ReplyEffect<ConversationEvent, ConversationState> onWake(ConversationState state, Wake wake) {
        if (!rows.isWhole()) {
            rows.check(state);
        }
        receipts.bring(state, now());
        if (state.news().isOwed() || !rows.isWhole() || receipts.isOpen()) {
            reminders.rearm(wake.reminderVersion(), fanOut.lookAgainAt(state, now()));
        } else {
            reminders.done(wake.reminderVersion());
        }
        return journal(fanOut.goOn(state, recent, now()));
    }

    @Override
    protected void onRecovered(ConversationState state) {
        recent = Recent.after(state.eventSeq());
        rows.reset(state.eventSeq() == 0);
        reads.reset();
        book.reset();
        fanOut.reset();
        watchers.reset();
        receipts.reset(state);
        if (state.news().isOwed()) {
            context.getSelf().tell(new GoOn());
        }
    }

    final Instant now() {
        return clock.instant();
    }

    @Override
    public SnapshotAdapter<ConversationState> snapshotAdapter() {
        return new Snapshots<>(
                ConversationSnapshot.class, ConversationState::toSnapshot, ConversationState::fromSnapshot);
    }

    /** Looks whether somebody is to be told something. */
    final ReplyEffect<ConversationEvent, ConversationState> goOn(ConversationState state) {
        receipts.goOn(state);
        return journal(fanOut.goOn(state, recent, now()));
    }
}
