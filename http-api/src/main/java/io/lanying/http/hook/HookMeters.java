package io.lanying.http.hook;

import io.lanying.http.hook.HookSilent.Why;
import io.lanying.protocol.tenant.OnSilence;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node counts about message hooks, from the start. Names are {@code push.hooks.*}; no tenants. Thread-safe. */
final class HookMeters {

    private final MeterRegistry registry;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger openBreakers = new AtomicInteger();
    private final Timer time;
    private final Counter tooMany;

    HookMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("push.hooks.unanswered", unanswered, AtomicInteger::get)
                .description("Questions to message hooks without an answer")
                .register(registry);
        Gauge.builder("push.hooks.breakers.open", openBreakers, AtomicInteger::get)
                .description("Message hooks that are not asked, as they kept being silent")
                .register(registry);
        this.time = Timer.builder("push.hooks.time")
                .description("How long message hooks take to answer")
                .register(registry);
        this.tooMany = registry.counter("push.hooks.refused", "why", "too_many");
        List.of("allow", "replace", "refuse").forEach(this::answers);
        for (Why why : Why.values()) {
            for (OnSilence then : OnSilence.values()) {
                silences(why, then);
            }
        }
    }

    private Counter answers(String verdict) {
        return registry.counter("push.hooks.answers", "verdict", verdict);
    }

    private Counter silences(Why why, OnSilence then) {
        return registry.counter(
                "push.hooks.silences", "why", why.name().toLowerCase(Locale.ROOT), "then", then.wireName());
    }

    void asked() {
        unanswered.incrementAndGet();
    }

    void ended() {
        unanswered.decrementAndGet();
    }

    void took(long nanos) {
        time.record(nanos, TimeUnit.NANOSECONDS);
    }

    void breakerOpened() {
        openBreakers.incrementAndGet();
    }

    void breakerClosed() {
        openBreakers.decrementAndGet();
    }

    /** An answer was given. */
    void answered(String verdict) {
        answers(verdict).increment();
    }

    /** None was, and this became of the message. */
    void silent(Why why, OnSilence then) {
        silences(why, then).increment();
    }

    /** A message was refused unasked: too many of its tenant's were without an answer. */
    void tooMany() {
        tooMany.increment();
    }
}
