package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Snapshots;
import io.lanying.actors.conversation.ConversationMessage.Brought;
import io.lanying.actors.conversation.ConversationMessage.BroughtLate;
import io.lanying.actors.conversation.ConversationMessage.GoOn;
import io.lanying.actors.conversation.ConversationMessage.Idle;
import io.lanying.actors.conversation.ConversationMessage.NewsRead;
import io.lanying.actors.conversation.ConversationMessage.NoteTold;
import io.lanying.actors.conversation.ConversationMessage.ReminderAnswered;
import io.lanying.actors.conversation.ConversationMessage.Stop;
import io.lanying.actors.conversation.ConversationMessage.TellWatchers;
import io.lanying.actors.conversation.ConversationMessage.WasRead;
import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.actors.conversation.MessageReader.Wanted;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.CheckEdit;
import io.lanying.protocol.conversation.ConversationCommand.CheckPost;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Get;
import io.lanying.protocol.conversation.ConversationCommand.ListMembers;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationCommand.ReadVersions;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Typing;
import io.lanying.protocol.conversation.ConversationCommand.Unwatch;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationCommand.Watch;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.session.SessionMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One conversation: who is in it, its messages, and the telling of everybody.
 *
 * <p>Promises: an answer follows the journal; messages are numbered without gaps; a repeated post gets the first answer; who was
 * a member when a message was posted is told of it, unless it does not answer for days, also when this node dies meanwhile. No
 * sender waits for that. Holds no contents but the last ones; others are read from its journal, a few reads at a time.
 */
final class ConversationEntity extends RemindedEntity<ConversationCommand, ConversationEvent, ConversationState> {

    private static final int SNAPSHOT_EVERY = 500; // of ten thousand members it is a megabyte

    /** What a conversation needs of its node. */
    record Ports(Journal journal, Messenger.Users users, ActorRef<ReminderCommand> reminders, Clock clock) {}

    private final ConversationEntitySettings settings;
    private final MessageReader reader;
    private final FanOut fanOut;
    private final Reads reads = new Reads();
    private final Watchers watchers;
    private Recent recent = Recent.after(0);

    static Behavior<ConversationCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Ports ports,
            ConversationEntitySettings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new ConversationEntity(
                new Place<>(context, id, shard, ports.reminders(), ports.clock()), timers, ports, settings)));
    }

    /** What stops it at a hand-over. */
    static ConversationCommand stopMessage() {
        return new Stop();
    }

    private ConversationEntity(
            Place<ConversationCommand> place,
            TimerScheduler<ConversationCommand> timers,
            Ports ports,
            ConversationEntitySettings settings) {
        super(EntityKind.CONVERSATION, place, terms(settings), ReminderAnswered::new, new Idle());
        this.settings = settings;
        this.reader = new MessageReader(ports.journal(), id, ForkJoinPool.commonPool());
        var messenger = new Messenger(context, id, ports.users(), ports.journal(), settings.askTimeout());
        this.fanOut = new FanOut(messenger, timers, settings, context.getLog());
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
    public CommandHandlerWithReply<ConversationCommand, ConversationEvent, ConversationState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Brought.class, (state, answer) -> journal(fanOut.brought(state, answer, now())))
                .onCommand(Post.class, this::onPost)
                .onCommand(ReadVersions.class, this::onReadVersions)
                .onCommand(ReadHistory.class, this::onReadHistory)
                .onCommand(Edit.class, this::onEdit)
                .onCommand(Recall.class, this::onRecall)
                .onCommand(CheckPost.class, this::onCheckPost)
                .onCommand(CheckEdit.class, this::onCheckEdit)
                .onCommand(WasRead.class, this::onWasRead)
                .onCommand(Create.class, (state, create) -> answer(life(state).create(create), create.replyTo()))
                .onCommand(Get.class, (state, get) -> answer(life(state).get(), get.replyTo()))
                .onCommand(Change.class, (state, change) -> answer(life(state).change(change), change.replyTo()))
                .onCommand(Delete.class, (state, delete) -> answer(life(state).delete(delete), delete.replyTo()))
                .onCommand(
                        PutMember.class, (state, put) -> answer(members(state).put(put), put.replyTo()))
                .onCommand(
                        RemoveMember.class,
                        (state, remove) -> answer(members(state).remove(remove), remove.replyTo()))
                .onCommand(
                        ListMembers.class,
                        (state, list) -> answer(members(state).list(list), list.replyTo()))
                .onCommand(Admit.class, (state, admit) -> answer(messages(state).admit(admit), admit.replyTo()))
                .onCommand(NewsRead.class, (state, read) -> journal(fanOut.newsRead(state, read, now())))
                .onCommand(BroughtLate.class, (state, answer) -> journal(fanOut.broughtLate(state, answer, now())))
                .onCommand(GoOn.class, (state, message) -> journal(fanOut.goOn(state, recent, now())))
                .onCommand(NoteTold.class, (state, message) -> journal(fanOut.noteTold(state, now())))
                .onCommand(Watch.class, (state, watch) -> done(() -> watchers.watch(state, watch)))
                .onCommand(Unwatch.class, (state, unwatch) -> done(() -> watchers.gone(unwatch.session())))
                .onCommand(Typing.class, (state, typing) -> done(() -> watchers.typing(typing)))
                .onCommand(TellWatchers.class, (state, message) -> done(watchers::tell))
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(
                        Idle.class,
                        (state, idle) -> fanOut.isBusy(state) || !watchers.isEmpty()
                                ? Effect().noReply()
                                : passivate())
                .onCommand(Stop.class, (state, stop) -> stop())
                .build();
    }

    @Override
    public EventHandler<ConversationState, ConversationEvent> eventHandler() {
        return ConversationState::apply;
    }

    private ReplyEffect<ConversationEvent, ConversationState> onPost(ConversationState state, Post post) {
        return covered(messages(state).post(post, fanOut.toldUpTo(state)), post.replyTo());
    }

    private ReplyEffect<ConversationEvent, ConversationState> onEdit(ConversationState state, Edit edit) {
        return withMessage(
                state,
                edit.messageSeq(),
                edit.replyTo(),
                (then, found) -> covered(messages(then).edit(edit, found.posted()), edit.replyTo()));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onCheckPost(ConversationState state, CheckPost check) {
        return answer(
                messages(state).post(check.post(), 0).asChecked(), check.post().replyTo());
    }

    private ReplyEffect<ConversationEvent, ConversationState> onCheckEdit(ConversationState state, CheckEdit check) {
        var edit = check.edit();
        return withMessage(
                state,
                edit.messageSeq(),
                edit.replyTo(),
                (then, found) ->
                        answer(messages(then).edit(edit, found.posted()).asChecked(), edit.replyTo()));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onRecall(ConversationState state, Recall recall) {
        return withMessage(
                state,
                recall.messageSeq(),
                recall.replyTo(),
                (then, found) -> covered(messages(then).recall(recall, found.posted()), recall.replyTo()));
    }

    private ReplyEffect<ConversationEvent, ConversationState> withMessage(
            ConversationState state,
            long messageSeq,
            ActorRef<ConversationReply> replyTo,
            BiFunction<ConversationState, Found, ReplyEffect<ConversationEvent, ConversationState>> then) {
        var refused = messages(state).unreadable(messageSeq);
        return refused.isPresent()
                ? answer(refused.get(), replyTo)
                : read(
                        state,
                        List.of(new Wanted(messageSeq, 1)),
                        replyTo,
                        (after, found) -> then.apply(after, found.get(0)));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onReadHistory(
            ConversationState state, ReadHistory command) {
        return Histories.plan(state, command)
                .fold(
                        refused -> answer(refused, command.replyTo()),
                        plan -> plan.wanted().isEmpty()
                                ? Effect().reply(command.replyTo(), plan.answer(id.id(), state, List.of()))
                                : read(state, plan.wanted(), command.replyTo(), (then, found) -> Effect()
                                        .reply(command.replyTo(), plan.answer(id.id(), then, found))));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onReadVersions(
            ConversationState state, ReadVersions command) {
        if (state.head().isEmpty()) {
            return answer(Decision.notFound(), command.replyTo());
        }
        var wanted = Histories.versions(state, command.refs());
        Function<ConversationState, Function<List<Found>, ConversationReply>> answer =
                then -> found -> Histories.messages(id.id(), then, found);
        return wanted.isEmpty()
                ? Effect().reply(command.replyTo(), answer.apply(state).apply(List.of()))
                : read(state, wanted, command.replyTo(), (then, found) -> Effect()
                        .reply(command.replyTo(), answer.apply(then).apply(found)));
    }

    private ReplyEffect<ConversationEvent, ConversationState> read(
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

    private ReplyEffect<ConversationEvent, ConversationState> onWasRead(ConversationState state, WasRead read) {
        reads.ended(read.ticket());
        return read.failed()
                ? Effect().reply(read.replyTo(), new Refused(ErrorCode.UNAVAILABLE, "the journal cannot be read"))
                : read.then().apply(state, read.found());
    }

    /** Everybody has to be told: not before it is sure that this is not forgotten. */
    private ReplyEffect<ConversationEvent, ConversationState> covered(
            Decision decision, ActorRef<ConversationReply> replyTo) {
        return decision.events().isEmpty()
                ? answer(decision, replyTo)
                : covered(now().plus(settings.lookAgain()), () -> answer(decision, replyTo), () -> Effect()
                        .reply(replyTo, new Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored")));
    }

    private ReplyEffect<ConversationEvent, ConversationState> answer(
            Decision decision, ActorRef<ConversationReply> replyTo) {
        return decision.events().isEmpty()
                ? Effect().reply(replyTo, decision.reply())
                : Effect()
                        .persist(decision.events())
                        .thenRun((ConversationState after) -> journaled(after, decision.events()))
                        .thenReply(replyTo, after -> decision.reply());
    }

    private ReplyEffect<ConversationEvent, ConversationState> journal(List<ConversationEvent> events) {
        return events.isEmpty()
                ? Effect().noReply()
                : Effect()
                        .persist(events)
                        .thenRun((ConversationState after) -> journaled(after, events))
                        .thenNoReply();
    }

    private ReplyEffect<ConversationEvent, ConversationState> done(Runnable step) {
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
        if (after.head().isEmpty()) {
            fanOut.reset();
        } else if (after.news().isOwed()) {
            context.getSelf().tell(new GoOn());
        }
    }

    private ReplyEffect<ConversationEvent, ConversationState> onWake(ConversationState state, Wake wake) {
        if (state.news().isOwed()) {
            reminders.rearm(wake.reminderVersion(), fanOut.lookAgainAt(state, now()));
        } else {
            reminders.done(wake.reminderVersion());
        }
        return journal(fanOut.goOn(state, recent, now()));
    }

    @Override
    protected void onRecovered(ConversationState state) {
        recent = Recent.after(state.eventSeq());
        reads.reset();
        fanOut.reset();
        watchers.reset();
        if (state.news().isOwed()) {
            context.getSelf().tell(new GoOn());
        }
    }

    private LifeDecisions life(ConversationState state) {
        return new LifeDecisions(state, now());
    }

    private MemberDecisions members(ConversationState state) {
        return new MemberDecisions(state, now());
    }

    private MessageDecisions messages(ConversationState state) {
        return new MessageDecisions(state, settings, now());
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public SnapshotAdapter<ConversationState> snapshotAdapter() {
        return new Snapshots<>(
                ConversationSnapshot.class, ConversationState::toSnapshot, ConversationState::fromSnapshot);
    }
}
