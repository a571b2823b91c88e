package io.lanying.channels.actor;

import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a node counts about one channel, over all its tenants: the label is the channel and environment, never a tenant or a
 * device. Names are {@code vendor.*}. Thread-safe.
 */
final class ChannelMeters {

    private final Map<ResultClass, Counter> attempts = new EnumMap<>(ResultClass.class);
    private final Map<End, Counter> outcomes = new EnumMap<>(End.class);
    private final Timer latency;
    private final Counter late;
    private final Counter parkings;
    private final Counter restarts;
    private final AtomicInteger running;
    private final AtomicInteger waiting;
    private final AtomicInteger inFlight;
    private final AtomicInteger parked;

    ChannelMeters(MeterRegistry registry, ChannelId channel) {
        String name = channel.toString();
        for (ResultClass result : ResultClass.values()) {
            attempts.put(result, registry.counter("vendor.attempts", "channel", name, "result", result.wireName()));
        }
        for (End end : End.values()) {
            outcomes.put(
                    end,
                    registry.counter(
                            "vendor.outcomes",
                            "channel",
                            name,
                            "end",
                            end.name().toLowerCase(Locale.ROOT)));
        }
        latency = registry.timer("vendor.attempt.time", "channel", name);
        late = registry.counter("vendor.answers.late", "channel", name);
        parkings = registry.counter("vendor.parkings", "channel", name);
        restarts = registry.counter("vendor.channel.restarts", "channel", name);
        running = gauge(registry, name, "vendor.channels", "Channel actors, one for each tenant");
        waiting = gauge(registry, name, "vendor.waiting", "Requests not under way");
        inFlight = gauge(registry, name, "vendor.in.flight", "Attempts not answered");
        parked = gauge(registry, name, "vendor.parked", "Tenants whose channel is parked");
    }

    void attempted(ResultClass result, Duration took) {
        of(attempts, result).increment();
        latency.record(took.isNegative() ? Duration.ZERO : took);
    }

    void ended(End end) {
        of(outcomes, end).increment();
    }

    /** An answer that came after it had been given up. */
    void late() {
        late.increment();
    }

    void parking() {
        parkings.increment();
    }

    void restart() {
        restarts.increment();
    }

    /** A channel actor's part in the gauges. */
    Share share() {
        return new Share();
    }

    /** For one thread. */
    final class Share {

        private int waitingHere;
        private int inFlightHere;
        private boolean parkedHere;

        private Share() {
            running.incrementAndGet();
        }

        void set(int waitingNow, int inFlightNow) {
            waiting.addAndGet(waitingNow - waitingHere);
            inFlight.addAndGet(inFlightNow - inFlightHere);
            waitingHere = waitingNow;
            inFlightHere = inFlightNow;
        }

        void parked(boolean isParked) {
            parked.addAndGet((isParked ? 1 : 0) - (parkedHere ? 1 : 0));
            parkedHere = isParked;
        }

        /** The actor is no more. */
        void close() {
            set(0, 0);
            parked(false);
            running.decrementAndGet();
        }
    }

    private static AtomicInteger gauge(MeterRegistry registry, String channel, String name, String description) {
        AtomicInteger value = new AtomicInteger();
        Gauge.builder(name, value, AtomicInteger::get)
                .description(description)
                .tag("channel", channel)
                .strongReference(true)
                .register(registry);
        return value;
    }

    private static <K> Counter of(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }
}
