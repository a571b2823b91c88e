package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.conversation.ConversationMessage.BringReceipts;
import io.lanying.actors.conversation.ConversationMessage.Brought;
import io.lanying.actors.conversation.ConversationMessage.BroughtLate;
import io.lanying.actors.conversation.ConversationMessage.GoOn;
import io.lanying.actors.conversation.ConversationMessage.Idle;
import io.lanying.actors.conversation.ConversationMessage.NewsRead;
import io.lanying.actors.conversation.ConversationMessage.NoteTold;
import io.lanying.actors.conversation.ConversationMessage.PositionsKept;
import io.lanying.actors.conversation.ConversationMessage.PositionsRead;
import io.lanying.actors.conversation.ConversationMessage.ReceiptsKept;
import io.lanying.actors.conversation.ConversationMessage.ReminderAnswered;
import io.lanying.actors.conversation.ConversationMessage.RowsWritten;
import io.lanying.actors.conversation.ConversationMessage.Stop;
import io.lanying.actors.conversation.ConversationMessage.TellWatchers;
import io.lanying.actors.conversation.ConversationMessage.WasRead;
import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.actors.conversation.MessageReader.Wanted;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.CheckEdit;
import io.lanying.protocol.conversation.ConversationCommand.CheckPost;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Get;
import io.lanying.protocol.conversation.ConversationCommand.GetMembership;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationCommand.ListMembers;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationCommand.ReadVersions;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationCommand.Typing;
import io.lanying.protocol.conversation.ConversationCommand.Unwatch;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationCommand.Watch;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationReply.Membership;
import io.lanying.protocol.conversation.ConversationReply.Reported;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Clock;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One conversation: who is in it, its messages, and the telling of everybody.
 *
 * <p>Promises: an answer follows the journal; messages are numbered without gaps; a repeated post gets the first answer; who was
 * a member when a message was posted is told of it, unless it does not answer for days, also when this node dies meanwhile. No
 * sender waits for that. Holds no contents but the last ones; others are read from its journal, a few reads at a time.
 */
final class ConversationEntity extends ConversationBehavior {

    /** What a conversation needs of its node. */
    record Ports(
            Journal journal,
            Messenger.Users users,
            PositionBook.Companions companions,
            MemberRegistry registry,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {}

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
        super(place, timers, ports, settings);
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
                .onCommand(
                        Create.class,
                        (state, create) -> listed(state, life(state).create(create), create.replyTo()))
                .onCommand(Get.class, (state, get) -> answer(life(state).get(), get.replyTo()))
                .onCommand(Change.class, (state, change) -> answer(life(state).change(change), change.replyTo()))
                .onCommand(
                        Delete.class,
                        (state, delete) -> listed(state, life(state).delete(delete), delete.replyTo()))
                .onCommand(
                        PutMember.class,
                        (state, put) -> listed(state, members(state).put(put), put.replyTo()))
                .onCommand(
                        RemoveMember.class,
                        (state, remove) -> listed(state, members(state).remove(remove), remove.replyTo()))
                .onCommand(
                        ListMembers.class,
                        (state, list) -> answer(members(state).list(list), list.replyTo()))
                .onCommand(Admit.class, (state, admit) -> answer(messages(state).admit(admit), admit.replyTo()))
                .onCommand(Report.class, this::onReport)
                .onCommand(SetRead.class, this::onSetRead)
                .onCommand(GetMembership.class, this::onGetMembership)
                .onCommand(GetReceipts.class, this::onGetReceipts)
                .onCommand(BringReceipts.class, (state, message) -> done(() -> receipts.bring(state, now())))
                .onCommand(ReceiptsKept.class, this::onReceiptsKept)
                .onCommand(RowsWritten.class, this::onRowsWritten)
                .onCommand(PositionsRead.class, this::onPositionsRead)
                .onCommand(PositionsKept.class, this::onPositionsKept)
                .onCommand(NewsRead.class, (state, read) -> journal(fanOut.newsRead(state, read, now())))
                .onCommand(BroughtLate.class, (state, answer) -> journal(fanOut.broughtLate(state, answer, now())))
                .onCommand(GoOn.class, (state, message) -> goOn(state))
                .onCommand(NoteTold.class, (state, message) -> journal(fanOut.noteTold(state, now())))
                .onCommand(Watch.class, (state, watch) -> done(() -> watchers.watch(state, watch)))
                .onCommand(Unwatch.class, (state, unwatch) -> done(() -> watchers.gone(unwatch.session())))
                .onCommand(Typing.class, (state, typing) -> done(() -> watchers.typing(typing)))
                .onCommand(TellWatchers.class, (state, message) -> done(watchers::tell))
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(
                        Idle.class,
                        (state, idle) -> fanOut.isBusy(state) || !watchers.isEmpty() || receipts.isBusy()
                                ? Effect().noReply()
                                : passivate())
                .onCommand(Stop.class, (state, stop) -> stop())
                .build();
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

    private ReplyEffect<ConversationEvent, ConversationState> onSetRead(ConversationState state, SetRead set) {
        var report = new PositionReport(set.userId(), set.messageSeq(), 0, set.deviceId());
        return asMember(
                state,
                set.userId(),
                set.replyTo(),
                member -> keep(state, List.of(report), set.replyTo(), then -> then.roster()
                        .member(set.userId())
                        .<ConversationReply>map(still -> book.positionOf(then, still))
                        .orElseGet(() -> Rights.notAMember().reply())));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onReport(ConversationState state, Report report) {
        if (state.head().isEmpty()) {
            return answer(Decision.notFound(), report.replyTo());
        }
        long members = report.reports().stream()
                .filter(each -> state.roster().member(each.userId()).isPresent())
                .count();
        return withPositions(
                state,
                report.replyTo(),
                () -> keep(state, report.reports(), report.replyTo(), then -> new Reported((int) members)));
    }

    private ReplyEffect<ConversationEvent, ConversationState> onGetMembership(
            ConversationState state, GetMembership get) {
        return asMember(state, get.userId(), get.replyTo(), member -> {
            var last = Histories.last(state, member);
            return last.isEmpty()
                    ? Effect().reply(get.replyTo(), membership(state, get.userId(), List.of()))
                    : read(state, last, get.replyTo(), (then, found) -> Effect()
                            .reply(get.replyTo(), membership(then, get.userId(), found)));
        });
    }

    private ReplyEffect<ConversationEvent, ConversationState> onGetReceipts(ConversationState state, GetReceipts get) {
        return withPositions(
                state,
                get.replyTo(),
                () -> withMessage(state, get.messageSeq(), get.replyTo(), (then, found) -> Effect()
                        .reply(get.replyTo(), book.receipts(then).page(found.posted(), get))));
    }

    private ConversationReply membership(ConversationState state, String userId, List<Found> found) {
        return state.roster()
                .member(userId)
                .<ConversationReply>map(member -> new Membership(
                        state.view().orElseThrow(),
                        MemberView.of(member),
                        book.positionOf(state, member),
                        found.stream().findFirst().map(last -> Stored.of(id.id(), last, state))))
                .orElseGet(() -> Rights.notAMember().reply());
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
}
