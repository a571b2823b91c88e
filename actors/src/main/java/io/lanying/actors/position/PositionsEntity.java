package io.lanying.actors.position;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.RemindedEntity;
import io.lanying.actors.Reminders;
import io.lanying.actors.Snapshots;
import io.lanying.protocol.DirectAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsCommand.Get;
import io.lanying.protocol.position.PositionsCommand.Keep;
import io.lanying.protocol.position.PositionsCommand.Wake;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import io.lanying.protocol.position.PositionsEvent.ReadsTold;
import io.lanying.protocol.position.PositionsEvent.ToldRead;
import io.lanying.protocol.position.PositionsEvent.ToldReceipt;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.position.PositionsReply.PositionsAre;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.position.ReceiptChange;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.NewsBrought;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the positions of one share of a conversation's members, one event for each batch of reports, and tells the members' other
 * devices up to where they have read, and all their devices how far their messages have come.
 *
 * <p>Promises: an answer follows the journal; positions only grow within a membership; who has read on one device is told on the
 * others, by a reminder when this node dies meanwhile, until all have it. A newer position, or receipt, takes the place of one that was
 * not told yet. Who does not answer is told again after a pause that doubles up to ten minutes. Bounded by the places of its share.
 */
final class PositionsEntity extends RemindedEntity<PositionsCommand, PositionsEvent, PositionsState> {

    /** Users asked at the same time. */
    static final int AT_ONCE = 32;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** Where users are. */
    @FunctionalInterface
    interface Users {
        RecipientRef<UserCommand> of(EntityId user);
    }

    private record ReminderAnswered(Reminders.Answer answer) implements PositionsCommand.Internal {}

    private record Brought(Errand errand, boolean taken) implements PositionsCommand.Internal {}

    private enum Signal implements PositionsCommand.Internal {
        TELL,
        IDLE,
        STOP
    }

    private final Users users;
    private final TimerScheduler<PositionsCommand> timers;

    /** Of this incarnation; another one tells again. */
    private final Set<Errand.Key> asked = new HashSet<>();

    private final Set<Errand.Key> waiting = new HashSet<>();
    private final List<Errand> told = new ArrayList<>();
    private Duration pause = FIRST_PAUSE;

    static Behavior<PositionsCommand> create(
            EntityId id,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Users users,
            ActorRef<ReminderCommand> reminders,
            Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new PositionsEntity(new Place<>(context, id, shard, reminders, clock), timers, users)));
    }

    /** What stops it at a hand-over. */
    static PositionsCommand stopMessage() {
        return Signal.STOP;
    }

    private PositionsEntity(Place<PositionsCommand> place, TimerScheduler<PositionsCommand> timers, Users users) {
        super(EntityKind.POSITIONS, place, Terms.SMALL, ReminderAnswered::new, Signal.IDLE);
        this.timers = timers;
        this.users = users;
    }

    @Override
    public PositionsState emptyState() {
        return PositionsState.initial();
    }

    @Override
    public CommandHandlerWithReply<PositionsCommand, PositionsEvent, PositionsState> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Keep.class, this::onKeep)
                .onCommand(Get.class, (state, get) -> Effect()
                        .reply(
                                get.replyTo(),
                                new PositionsAre(List.copyOf(state.positions().values()))))
                .onCommand(Brought.class, this::onBrought)
                .onCommand(Wake.class, this::onWake)
                .onCommand(ReminderAnswered.class, (state, message) -> onReminderAnswered(message.answer()))
                .onCommand(Signal.class, this::onSignal)
                .build();
    }

    private ReplyEffect<PositionsEvent, PositionsState> onKeep(PositionsState state, Keep keep) {
        var news = state.news(keep.changes());
        var receipts = state.receiptNews(news, keep.receipts());
        if (news.isEmpty() && receipts.isEmpty()) {
            return Effect().reply(keep.replyTo(), positionsOf(state, keep));
        }
        var event = new PositionsMoved(state.timeOf(now()), keep.conversationId(), news, receipts);
        boolean owes = state.apply(event).owes();
        return owes ? covered(now().plus(LOOK_AGAIN), () -> kept(keep, event), () -> refused(keep)) : kept(keep, event);
    }

    private ReplyEffect<PositionsEvent, PositionsState> kept(Keep keep, PositionsMoved event) {
        return Effect().persist(event).thenRun(this::tell).thenReply(keep.replyTo(), after -> positionsOf(after, keep));
    }

    private ReplyEffect<PositionsEvent, PositionsState> refused(Keep keep) {
        return Effect()
                .reply(keep.replyTo(), new PositionsReply.Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored"));
    }

    private static PositionsReply positionsOf(PositionsState state, Keep keep) {
        var places = Stream.concat(
                keep.changes().stream().map(PositionChange::place),
                keep.receipts().stream().map(ReceiptChange::place));
        return new PositionsAre(places.distinct()
                .map(state.positions()::get)
                .filter(Objects::nonNull)
                .toList());
    }

    /** Tells as many as may be; the others when these have answered. */
    private void tell(PositionsState state) {
        for (Errand each : Errand.open(state)) {
            if (asked.size() >= AT_ONCE) {
                return;
            }
            if (!waiting.contains(each.key()) && asked.add(each.key())) {
                bring(state.conversationId().orElseThrow(), each);
            }
        }
    }

    private void bring(String conversationId, Errand errand) {
        context.pipeToSelf(
                DirectAsk.<UserCommand, UserReply>ask(
                        users.of(new EntityId(id.tenant(), errand.position().userId())),
                        replyTo -> new BringNews(errand.news(conversationId), errand.exceptDevice(), replyTo),
                        ASK_TIMEOUT,
                        context.getSystem().scheduler()),
                (reply, failure) -> new Brought(errand, reply instanceof NewsBrought));
    }

    /** One event for all who are told together. */
    private ReplyEffect<PositionsEvent, PositionsState> onBrought(PositionsState state, Brought answer) {
        asked.remove(answer.errand().key());
        if (answer.taken()) {
            told.add(answer.errand());
            pause = FIRST_PAUSE;
        } else {
            waiting.add(answer.errand().key());
            tellAgain();
        }
        if (!asked.isEmpty() && told.size() < AT_ONCE) {
            return Effect().noReply();
        }
        return noteTold(state);
    }

    private ReplyEffect<PositionsEvent, PositionsState> noteTold(PositionsState state) {
        if (told.isEmpty()) {
            tell(state);
            return Effect().noReply();
        }
        var event = new ReadsTold(
                state.timeOf(now()),
                told.stream()
                        .filter(each -> !each.isReceipt())
                        .map(Errand::position)
                        .map(each -> new ToldRead(each.place(), each.userId(), each.readSeq()))
                        .toList(),
                told.stream()
                        .filter(Errand::isReceipt)
                        .map(Errand::position)
                        .map(each -> new ToldReceipt(
                                each.place(), each.userId(), each.receipt().orElseThrow()))
                        .toList());
        told.clear();
        return Effect()
                .persist(event)
                .thenRun((PositionsState after) -> {
                    if (after.owes()) {
                        tell(after);
                    }
                })
                .thenNoReply();
    }

    private void tellAgain() {
        if (!timers.isTimerActive(Signal.TELL)) {
            timers.startSingleTimer(Signal.TELL, Signal.TELL, pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private ReplyEffect<PositionsEvent, PositionsState> onSignal(PositionsState state, Signal signal) {
        return switch (signal) {
            case TELL -> {
                waiting.clear();
                tell(state);
                yield Effect().noReply();
            }
            case IDLE ->
                asked.isEmpty() && told.isEmpty() ? passivate() : Effect().noReply();
            case STOP -> stop();
        };
    }

    private ReplyEffect<PositionsEvent, PositionsState> onWake(PositionsState state, Wake wake) {
        if (state.owes()) {
            var again = pause.compareTo(LOOK_AGAIN) > 0 ? pause : LOOK_AGAIN;
            reminders.rearm(wake.reminderVersion(), now().plus(again));
            waiting.clear();
            tell(state);
        } else {
            reminders.done(wake.reminderVersion());
        }
        return Effect().noReply();
    }

    @Override
    protected void onRecovered(PositionsState state) {
        asked.clear();
        waiting.clear();
        told.clear();
        pause = FIRST_PAUSE;
        if (state.owes()) {
            context.getSelf().tell(Signal.TELL);
        }
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public EventHandler<PositionsState, PositionsEvent> eventHandler() {
        return PositionsState::apply;
    }

    @Override
    public SnapshotAdapter<PositionsState> snapshotAdapter() {
        return new Snapshots<>(PositionsSnapshot.class, PositionsState::toSnapshot, PositionsState::fromSnapshot);
    }
}
