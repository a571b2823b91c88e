package io.lanying.http.session;

import io.lanying.protocol.wire.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node counts about its sockets. Names are {@code push.sockets.*}. Thread-safe. */
final class SocketMetrics {

    /** Something that did not go the usual way, counted under {@code push.sockets.incidents}. */
    enum Incident {
        /** A device moved or stopped, and its session attached again. */
        REATTACHED,
        /** A device skipped a number, and its session attached again. */
        GAP,
        /** A message of an earlier incarnation of the device came late and was ignored. */
        STALE,
        /** An item came again that this socket had been sent already; it was not sent again. */
        REPEAT_DROPPED,
        /** A body could not be opened, its subject being erased. */
        BODY_ERASED,
        /** A body could not be opened although there is a key. */
        BODY_BROKEN,
        /** A frame of the app was ignored: not available in this build. */
        FRAME_IGNORED,
        /** A sign of typing came too soon after the last and was dropped. */
        TYPING_DROPPED,
        /** A conversation may not be watched, or too many watch it. */
        WATCH_REFUSED,
        /** An event was dropped, as the app had not read what it was sent before. */
        EVENT_DROPPED,
        /** An attach waited because too many were unanswered. */
        ATTACH_WAITED,
        /** An attach was not answered in time. */
        ATTACH_UNANSWERED,
        /** A key could not be looked up. */
        KEY_UNAVAILABLE
    }

    private final AtomicInteger open = new AtomicInteger();
    private final MeterRegistry registry;
    private final Map<FrameType, Counter> received = new EnumMap<>(FrameType.class);
    private final Map<FrameType, Counter> sent = new EnumMap<>(FrameType.class);
    private final Map<Incident, Counter> incidents = new EnumMap<>(Incident.class);
    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
    private final Counter closedByApp;

    SocketMetrics(MeterRegistry registry, AttachGate gate) {
        this.registry = registry;
        Gauge.builder("push.sockets.open", open, AtomicInteger::get)
                .description("Sockets of this node")
                .register(registry);
        Gauge.builder("push.sockets.attaching", gate, AttachGate::inside)
                .description("Attaches of this node without an answer")
                .register(registry);
        for (FrameType type : FrameType.values()) {
            received.put(type, frames("in", type));
            sent.put(type, frames("out", type));
        }
        for (Incident incident : Incident.values()) {
            incidents.put(
                    incident,
                    registry.counter(
                            "push.sockets.incidents", "kind", incident.name().toLowerCase(Locale.ROOT)));
        }
        for (CloseCode code : CloseCode.values()) {
            closes.put(code, registry.counter("push.sockets.closes", "code", Integer.toString(code.code())));
        }
        closedByApp = registry.counter("push.sockets.closes", "code", "app");
    }

    void opened() {
        open.incrementAndGet();
    }

    void ended() {
        open.decrementAndGet();
    }

    int open() {
        return open.get();
    }

    void received(FrameType type) {
        of(received, type).increment();
    }

    void sent(FrameType type) {
        of(sent, type).increment();
    }

    void closed(CloseCode code) {
        of(closes, code).increment();
    }

    void closedByApp() {
        closedByApp.increment();
    }

    void count(Incident incident) {
        of(incidents, incident).increment();
    }

    /** An upgrade that was refused. */
    void refused(String why) {
        registry.counter("push.sockets.refused", "why", why).increment();
    }

    private Counter frames(String direction, FrameType type) {
        return registry.counter("push.sockets.frames", "direction", direction, "type", type.tag());
    }

    private static <K> Counter of(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }
}
