package io.lanying.channels.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tenant's channel with one credential: carries out what {@link ChannelEngine} decides. It opens requests, hands them to
 * the adapter, and brings answers and the time back to the engine.
 *
 * <p>If it fails it stops: the manager, which holds the claims, ends what it had and starts another.
 */
final class ChannelActor extends AbstractBehavior<ChannelActor.Message> implements ChannelEngine.Effects {

    /** What a channel actor lives on. */
    record Parts(
            String tenant,
            ChannelId channel,
            VendorAdapter adapter,
            MessageOpener opener,
            ChannelLimits limits,
            ChannelMeters meters,
            Clock clock,
            RandomGenerator random) {}

    /** What it tells the manager. */
    interface Superior {

        /** Give this to whoever has the credential now. */
        void handBack(Work work);

        /** Retired or withdrawn, and nothing is under way: it may be stopped. */
        void done();
    }

    sealed interface Message {}

    record Take(Work work) implements Message {}

    record Cancel(Claim claim) implements Message {}

    /** Another actor takes over. */
    record Retire() implements Message {}

    /** Nobody takes over: what is not under way ends {@code NO_CHANNEL} with this code. */
    record Withdraw(String code) implements Message {}

    private enum Wake implements Message {
        UP
    }

    private record Attempted(long attempt, AttemptResult result) implements Message {}

    private record Probed(VendorAnswer answer) implements Message {}

    private static final Logger LOG = LoggerFactory.getLogger(ChannelActor.class);
    private static final Duration SOONEST = Duration.ofMillis(1);

    private final Parts parts;
    private final Superior superior;
    private final TimerScheduler<Message> timers;
    private final ChannelEngine engine;
    private final ChannelMeters.Share share;
    private final Map<Long, Attempt> attempts = new HashMap<>();
    private Instant wakesAt = Instant.MAX;
    private boolean partSaid;

    private ChannelActor(
            ActorContext<Message> context, TimerScheduler<Message> timers, Parts parts, Superior superior) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        this.superior = superior;
        this.share = parts.meters().share();
        this.engine = new ChannelEngine(
                parts.limits(), parts.random(), this, parts.clock().instant());
    }

    static Behavior<Message> create(Parts parts, Superior superior) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ChannelActor(context, timers, parts, superior)));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Take.class, take -> after(now -> engine.offer(take.work(), now)))
                .onMessage(Cancel.class, cancel -> after(now -> engine.cancel(cancel.claim(), now)))
                .onMessage(Attempted.class, attempted -> after(now -> onAttempted(attempted, now)))
                .onMessage(Probed.class, probed -> after(now -> engine.probed(probed.answer(), now)))
                .onMessageEquals(Wake.UP, () -> after(this::onWake))
                .onMessage(Retire.class, retire -> after(engine::retire))
                .onMessage(Withdraw.class, withdraw -> after(now -> engine.withdraw(withdraw.code(), now)))
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private interface Step {
        void at(Instant now);
    }

    private Behavior<Message> after(Step step) {
        Instant now = parts.clock().instant();
        step.at(now);
        share.set(engine.waiting(), engine.underWay());
        if (engine.isDone()) {
            superior.done();
        }
        engine.nextWake(now).ifPresent(next -> wakeAt(next, now));
        return this;
    }

    /** A wake that comes too early does no harm, so that only an earlier one moves the timer. */
    private void wakeAt(Instant next, Instant now) {
        if (next.isBefore(wakesAt)) {
            wakesAt = next;
            Duration wait = Duration.between(now, next);
            timers.startSingleTimer(Wake.UP, wait.compareTo(SOONEST) < 0 ? SOONEST : wait);
        }
    }

    private void onWake(Instant now) {
        wakesAt = Instant.MAX;
        engine.wake(now);
    }

    private void onAttempted(Attempted attempted, Instant now) {
        Attempt attempt = attempts.remove(attempted.attempt());
        if (attempt == null) {
            parts.meters().late();
            return;
        }
        attempt.work().claim().atRest();
        attempted.result().tell(engine, attempted.attempt(), now);
    }

    private Behavior<Message> onStop() {
        share.close();
        return this;
    }

    @Override
    public void start(long number, Work work) {
        work.claim().attempt(work.attempts() + 1);
        Attempt attempt = new Attempt(work);
        attempts.put(number, attempt);
        CompletionStage<AttemptResult> result = attempt.make(parts.opener(), parts.adapter());
        getContext()
                .pipeToSelf(
                        result, (ended, failure) -> new Attempted(number, failure == null ? ended : attempt.failed()));
    }

    @Override
    public boolean giveUp(long number) {
        Attempt attempt = attempts.remove(number);
        if (attempt == null) {
            return true;
        }
        attempt.work().claim().atRest();
        return attempt.giveUp();
    }

    @Override
    public void end(Work work, VendorOutcome outcome) {
        work.claim().end(outcome);
    }

    @Override
    public void handBack(Work work) {
        superior.handBack(work);
    }

    @Override
    public void probe() {
        CompletionStage<VendorAnswer> answer =
                CompletableFuture.completedStage(parts.adapter()).thenCompose(VendorAdapter::probe);
        getContext()
                .pipeToSelf(
                        answer,
                        (told, failure) -> new Probed(Optional.ofNullable(told)
                                .orElseGet(() -> VendorAnswer.of(ResultClass.RETRY, Codes.ADAPTER_FAILED))));
    }

    @Override
    public void attempted(ResultClass result, Duration took) {
        parts.meters().attempted(result, took);
    }

    @Override
    public void parked(String code) {
        share.parked(true);
        parts.meters().parking();
        LOG.warn("channel {} of tenant {} is parked: {}", parts.channel(), parts.tenant(), Codes.printable(code));
    }

    @Override
    public void misconfigured(String code) {
        if (!partSaid) { // every message to such a target says it again: the results' metric counts them
            partSaid = true;
            LOG.warn(
                    "channel {} of tenant {}: the vendor lacks what some devices need: {}",
                    parts.channel(),
                    parts.tenant(),
                    code);
        }
    }

    @Override
    public void resumed() {
        share.parked(false);
        LOG.info("channel {} of tenant {} is back at work", parts.channel(), parts.tenant());
    }
}
