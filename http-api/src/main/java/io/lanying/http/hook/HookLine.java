package io.lanying.http.hook;

import akka.actor.typed.ActorSystem;
import akka.pattern.CircuitBreaker;
import io.lanying.protocol.tenant.MessageHook;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One version of one tenant's hook as this node sees it: what is unanswered, and whether it is worth asking. Thread-safe. */
final class HookLine {

    private static final Logger LOG = LoggerFactory.getLogger(HookLine.class);

    private final HookSettings settings;
    private final HookMeters meters;
    private final CircuitBreaker breaker;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean isOpen = new AtomicBoolean();
    private volatile boolean retired;
    final long version;

    HookLine(ActorSystem<?> system, HookSettings settings, HookMeters meters, String tenant, MessageHook hook) {
        this.settings = settings;
        this.meters = meters;
        this.version = hook.version();
        this.breaker = new CircuitBreaker(
                        system.executionContext(),
                        system.classicSystem().scheduler(),
                        settings.breakerFailures(),
                        Duration.ofMillis(hook.timeoutMillis()),
                        settings.breakerPause())
                .withExponentialBackoff(settings.breakerMaxPause())
                .withRandomFactor(0.1)
                .addOnOpenListener(() -> opened(tenant))
                .addOnCloseListener(() -> closed(tenant));
    }

    private void opened(String tenant) {
        if (!retired && isOpen.compareAndSet(false, true)) {
            meters.breakerOpened();
            LOG.warn("the message hook of {} keeps being silent and is not asked for a while", tenant);
        }
    }

    private void closed(String tenant) {
        if (isOpen.compareAndSet(true, false)) {
            meters.breakerClosed();
            LOG.info("the message hook of {} answers again", tenant);
        }
    }

    /** The node has no more use for it. */
    void retire() {
        retired = true;
        if (isOpen.getAndSet(false)) {
            meters.breakerClosed();
        }
    }

    /** Whether one more may be unanswered; then {@link #end} is to follow. */
    boolean begin() {
        if (unanswered.incrementAndGet() > settings.maxUnanswered()) {
            unanswered.decrementAndGet();
            return false;
        }
        meters.asked();
        return true;
    }

    void end() {
        unanswered.decrementAndGet();
        meters.ended();
    }

    /** The answer within the hook's time-out; a failed stage if there is none, or if it is not asked. */
    <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        return breaker.callWithCircuitBreakerCS(question::get);
    }
}
