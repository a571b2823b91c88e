package io.lanying.persistence.reminder;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's reminder writer: collects requests while a transaction is in flight, commits up to {@code batch-size} of them in
 * the next one, in the order they came, and answers after the commit.
 *
 * <p>A failed transaction is repeated with growing pauses until it succeeds; meanwhile at most {@code queue-size} requests
 * wait. Beyond that a request is dropped with a count and a warning: its entity gets no answer and asks again.
 */
public final class ReminderWriter extends AbstractBehavior<ReminderWriter.Message> {

    private static final Logger LOG = LoggerFactory.getLogger(ReminderWriter.class);
    private static final Duration WARN_EVERY = Duration.ofSeconds(10);

    private final TimerScheduler<Message> timers;
    private final ReminderStore store;
    private final ReminderSettings settings;
    private final PersistenceStats stats;
    private final ArrayDeque<ReminderCommand> waiting = new ArrayDeque<>();
    private List<ReminderCommand> inFlight = List.of();
    private int attempts;
    private long droppedSinceWarning;
    private long warnedAt = System.nanoTime() - WARN_EVERY.toNanos();

    private ReminderWriter(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            ReminderStore store,
            ReminderSettings settings,
            PersistenceStats stats) {
        super(context);
        this.timers = timers;
        this.store = store;
        this.settings = settings;
        this.stats = stats;
    }

    /** Starts the node's writer. */
    public static ActorRef<ReminderCommand> start(ActorSystem<?> system, Database database, PersistenceStats stats) {
        ReminderSettings settings = ReminderSettings.from(system.settings().config());
        return system.systemActorOf(
                create(new ReminderStore(database), settings, stats), "lanying-reminders", Props.empty());
    }

    static Behavior<ReminderCommand> create(ReminderStore store, ReminderSettings settings, PersistenceStats stats) {
        Behavior<Message> writer = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ReminderWriter(context, timers, store, settings, stats)));
        Behavior<Message> supervised = Behaviors.supervise(writer)
                .onFailure(SupervisorStrategy.restartWithBackoff(settings.retryMin(), settings.retryMax(), 0.2));
        return Behaviors.transformMessages(ReminderCommand.class, supervised, match -> match.matchAny(Request::new));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Request.class, this::onRequest)
                .onMessage(Committed.class, this::onCommitted)
                .onMessage(Failed.class, this::onFailed)
                .onMessageEquals(Retry.AGAIN, this::onRetry)
                .build();
    }

    private Behavior<Message> onRequest(Request request) {
        if (waiting.size() >= settings.queueSize()) {
            stats.countReminderDropped();
            warnOfDrop();
            return this;
        }
        waiting.add(request.command);
        if (inFlight.isEmpty()) {
            nextBatch();
        }
        return this;
    }

    private Behavior<Message> onCommitted(Committed committed) {
        committed.answers.forEach(answer -> answer.remind().replyTo().tell(answer.reminder()));
        inFlight = List.of();
        attempts = 0;
        if (!waiting.isEmpty()) {
            nextBatch();
        }
        return this;
    }

    private Behavior<Message> onFailed(Failed failed) {
        stats.countReminderRetry();
        Duration pause = settings.retryMin().multipliedBy(1L << Math.min(attempts, 10));
        attempts++;
        if (attempts == 3) {
            LOG.warn("reminders cannot be written, repeating: {}", String.valueOf(failed.reason.getMessage()));
        }
        timers.startSingleTimer(Retry.AGAIN, pause.compareTo(settings.retryMax()) > 0 ? settings.retryMax() : pause);
        return this;
    }

    private Behavior<Message> onRetry() {
        commit();
        return this;
    }

    private void nextBatch() {
        List<ReminderCommand> batch = new ArrayList<>(Math.min(waiting.size(), settings.batchSize()));
        while (batch.size() < settings.batchSize() && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        inFlight = batch;
        commit();
    }

    private void commit() {
        getContext()
                .pipeToSelf(
                        store.commit(inFlight),
                        (answers, failure) -> failure == null ? new Committed(answers) : new Failed(failure));
    }

    private void warnOfDrop() {
        droppedSinceWarning++;
        long now = System.nanoTime();
        if (now - warnedAt >= WARN_EVERY.toNanos()) {
            LOG.warn("reminder queue is full ({}): {} requests dropped", settings.queueSize(), droppedSinceWarning);
            warnedAt = now;
            droppedSinceWarning = 0;
        }
    }

    /** What the writer gets, from entities and from itself. */
    sealed interface Message {}

    private record Request(ReminderCommand command) implements Message {}

    private record Committed(List<ReminderStore.Answer> answers) implements Message {}

    private record Failed(Throwable reason) implements Message {}

    private enum Retry implements Message {
        AGAIN
    }
}
