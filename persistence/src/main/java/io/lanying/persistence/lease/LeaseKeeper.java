package io.lanying.persistence.lease;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.coordination.lease.LeaseException;
import akka.coordination.lease.LeaseTimeoutException;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.lease.LeaseRows.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of one node: one exchange with the database at a time, which takes and gives all that was asked for meanwhile, and
 * one statement every {@code heartbeat-interval} that renews all leases at once, however many they are.
 *
 * <p>A term ends when it could not be renewed until {@code margin} before the database would end it, counted from before the last
 * statement that renewed it was sent; or when the database says that it has ended. All leases are lost with it, their callbacks are
 * called, and the next acquisition begins another term. What was of the old one is free, for this node too, when the database ends it.
 */
final class LeaseKeeper extends AbstractBehavior<LeaseKeeper.Message> {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration RESTART_MIN = Duration.ofMillis(200);
    private static final Duration RESTART_MAX = Duration.ofSeconds(5);

    /** No term: the database's begin with 1. */
    private static final long NONE = 0;

    private final TimerScheduler<Message> timers;
    private final String node;
    private final LeaseRows rows;
    private final HeldLeases view;
    private final LeaseTimes times;
    private final PersistenceStats stats;
    private final Map<String, Consumer<Optional<Throwable>>> held = new HashMap<>();
    private final Map<String, Want> wanted = new HashMap<>();
    private final Map<String, List<CompletableFuture<Boolean>>> giving = new HashMap<>();
    private long term = NONE;
    private @Nullable Exchange underWay;
    private boolean beatDue;
    private boolean pausing;
    private int failures;

    private LeaseKeeper(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            String node,
            LeaseRows rows,
            HeldLeases view,
            LeaseTimes times,
            PersistenceStats stats) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.rows = rows;
        this.view = view;
        this.times = times;
        this.stats = stats;
        timers.startTimerWithFixedDelay(Tick.BEAT, times.interval());
    }

    static Behavior<Message> create(
            String node, LeaseRows rows, HeldLeases view, LeaseTimes times, PersistenceStats stats) {
        Behavior<Message> keeper = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new LeaseKeeper(context, timers, node, rows, view, times, stats)));
        return Behaviors.supervise(keeper)
                .onFailure(SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, 0.2));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Acquire.class, this::onAcquire)
                .onMessage(Release.class, this::onRelease)
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Done.class, this::onDone)
                .onMessage(Failed.class, this::onFailed)
                .onMessageEquals(Tick.BEAT, this::onBeat)
                .onMessageEquals(Tick.LOOK, this::onLook)
                .onMessageEquals(Tick.AGAIN, this::onAgain)
                .onSignal(PreRestart.class, signal -> onRestart())
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<Message> onAcquire(Acquire acquire) {
        answer(
                wanted.put(
                        acquire.name,
                        new Want(acquire, view.now() + times.patience().toNanos())),
                false);
        return goOn();
    }

    private Behavior<Message> onRelease(Release release) {
        held.remove(release.name);
        view.remove(release.name);
        answer(wanted.remove(release.name), false);
        if (underWay != null) {
            // Taken or not: it is given back by the next exchange.
            answer(underWay.take.remove(release.name), false);
        }
        if (term == NONE) {
            release.answer.complete(true);
            return this;
        }
        giving.computeIfAbsent(release.name, name -> new ArrayList<>()).add(release.answer);
        return goOn();
    }

    private Behavior<Message> onOpened(Opened opened) {
        underWay = null;
        failures = 0;
        // Of a term that was too long in coming nothing was taken: the database ends it.
        if (lasts(opened.sentAt)) {
            term = opened.term;
            prolong(opened.sentAt);
        }
        return step();
    }

    private Behavior<Message> onDone(Done done) {
        Exchange exchange = done.exchange;
        underWay = null;
        failures = 0;
        if (exchange.term != term || !done.outcome.alive() || !lasts(exchange.sentAt)) {
            takeBack(exchange);
            if (exchange.term == term) {
                end(done.outcome.alive() ? "the database answered too late" : "the database had ended the term");
            }
            return step();
        }
        prolong(exchange.sentAt);
        boolean nothingNew = wanted.isEmpty();
        exchange.give.values().forEach(answers -> answers.forEach(answer -> answer.complete(true)));
        exchange.take.forEach((name, want) -> {
            if (done.outcome.taken().contains(name)) {
                held.put(name, want.request.lost);
                view.add(name);
                want.request.answer.complete(true);
            } else if (view.now() - want.deadline >= 0 || wanted.putIfAbsent(name, want) != null) {
                answer(want, false);
            }
        });
        if (nothingNew && !wanted.isEmpty()) {
            pause();
        }
        return step();
    }

    private Behavior<Message> onFailed(Failed failed) {
        Exchange exchange = failed.exchange;
        underWay = null;
        failures++;
        if (failures == 1) {
            LOG.warn("leases cannot be renewed, repeating: {}", String.valueOf(failed.reason.getMessage()));
        }
        takeBack(exchange);
        wanted.values().removeIf(this::gaveUp);
        beatDue = true;
        pause();
        return this;
    }

    private Behavior<Message> onBeat() {
        beatDue = true;
        return step();
    }

    /** The term's last moment, unless it was prolonged meanwhile. */
    private Behavior<Message> onLook() {
        if (term != NONE && view.nanosLeft() > 0) {
            awaitLastMoment();
        } else if (term != NONE) {
            end("they could not be renewed for " + times.believed().toMillis() + " ms");
        }
        return step();
    }

    private Behavior<Message> onAgain() {
        return goOn();
    }

    private Behavior<Message> onRestart() {
        end("their keeper failed");
        wanted.values().forEach(want -> fail(want, "the keeper of leases failed"));
        return this;
    }

    /** With the node, whose shards end as well. */
    private Behavior<Message> onStop() {
        view.end();
        return this;
    }

    /** What waits for a pause to be over does not any more. */
    private Behavior<Message> goOn() {
        pausing = false;
        return step();
    }

    /** The next exchange, if there is none under way. */
    private Behavior<Message> step() {
        if (underWay != null || pausing) {
            return this;
        }
        if (term == NONE) {
            if (!wanted.isEmpty()) {
                send(new Exchange(NONE, view.now(), new HashMap<>(), new HashMap<>()), rows.open(node), Opened::new);
            }
        } else if (!wanted.isEmpty() || !giving.isEmpty()) {
            var exchange = new Exchange(term, view.now(), new HashMap<>(wanted), new HashMap<>(giving));
            wanted.clear();
            giving.clear();
            // Copies: another thread reads them, and what is released meanwhile is taken out.
            Set<String> give = Set.copyOf(exchange.give.keySet());
            Set<String> take = Set.copyOf(exchange.take.keySet());
            send(exchange, rows.exchange(term, give, take), Done::new);
        } else if (beatDue) {
            send(new Exchange(term, view.now(), new HashMap<>(), new HashMap<>()), rows.renew(term), Done::new);
        }
        return this;
    }

    private <T> void send(Exchange exchange, CompletionStage<T> answer, BiFunction<Exchange, T, Message> done) {
        underWay = exchange;
        beatDue = false;
        getContext()
                .pipeToSelf(
                        answer,
                        (result, failure) ->
                                failure == null ? done.apply(exchange, result) : new Failed(exchange, failure));
    }

    /** Whether what was sent then and renewed the term can be relied on now. */
    private boolean lasts(long sentAt) {
        return view.now() - (sentAt + times.believed().toNanos()) < 0;
    }

    private void prolong(long sentAt) {
        view.prolong(sentAt + times.believed().toNanos());
        awaitLastMoment();
    }

    private void awaitLastMoment() {
        timers.startSingleTimer(Tick.LOOK, Duration.ofNanos(Math.max(1, view.nanosLeft())));
    }

    private void pause() {
        pausing = true;
        timers.startSingleTimer(Tick.AGAIN, times.retry());
    }

    /** Nobody knows what came of it: it is asked for again, unless its time is over or it was asked for anew. */
    private void takeBack(Exchange exchange) {
        exchange.take.forEach((name, want) -> {
            if (!gaveUp(want) && wanted.putIfAbsent(name, want) != null) {
                answer(want, false);
            }
        });
        exchange.give.forEach((name, answers) -> {
            if (exchange.term == term) {
                giving.computeIfAbsent(name, any -> new ArrayList<>()).addAll(answers);
            } else {
                answers.forEach(answer -> answer.complete(true));
            }
        });
    }

    private void end(String reason) {
        term = NONE;
        view.end();
        timers.cancel(Tick.LOOK);
        // Whatever is left of the term in the database cannot be held by anybody any more.
        giving.values().forEach(answers -> answers.forEach(answer -> answer.complete(true)));
        giving.clear();
        if (held.isEmpty()) {
            return;
        }
        LOG.error("the leases of {} shards are lost: {}", held.size(), reason);
        stats.countLeasesLost(held.size());
        List<Consumer<Optional<Throwable>>> lost = List.copyOf(held.values());
        held.clear();
        lost.forEach(callback -> callback.accept(Optional.of(new LeaseException(reason))));
    }

    /** Whether the time of an acquisition is over, whose outcome nobody knows. */
    private boolean gaveUp(Want want) {
        boolean over = view.now() - want.deadline >= 0;
        if (over) {
            fail(want, "the database did not answer in time");
        }
        return over;
    }

    private static void answer(@Nullable Want want, boolean acquired) {
        if (want != null) {
            want.request.answer.complete(acquired);
        }
    }

    private static void fail(Want want, String why) {
        want.request.answer.completeExceptionally(new LeaseTimeoutException(why));
    }

    /** What the keeper gets, from shards and from itself. */
    sealed interface Message {}

    /** As Akka's: the answer comes before the call of {@code lost}. */
    record Acquire(String name, Consumer<Optional<Throwable>> lost, CompletableFuture<Boolean> answer)
            implements Message {}

    record Release(String name, CompletableFuture<Boolean> answer) implements Message {}

    /** @param deadline when "another has it" is said */
    private record Want(Acquire request, long deadline) {}

    /**
     * What was sent.
     *
     * @param term none if it begins one
     * @param take what is released meanwhile is taken out
     */
    private record Exchange(
            long term, long sentAt, Map<String, Want> take, Map<String, List<CompletableFuture<Boolean>>> give) {}

    private record Opened(long term, long sentAt) implements Message {
        Opened(Exchange exchange, Long term) {
            this(term, exchange.sentAt);
        }
    }

    private record Done(Exchange exchange, Outcome outcome) implements Message {}

    private record Failed(Exchange exchange, Throwable reason) implements Message {}

    private enum Tick implements Message {
        BEAT,
        LOOK,
        AGAIN
    }
}
