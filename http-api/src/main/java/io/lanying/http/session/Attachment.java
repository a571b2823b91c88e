package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.http.session.SocketMetrics.Incident;
import io.lanying.http.session.SocketSettings.Attaching;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.session.SessionMessage;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which incarnation of its device a session is attached to, and how it gets to the next one: asking through the node's gate,
 * again when no answer comes, with back-off, and giving up in the end. Belongs to its session; not thread-safe.
 */
final class Attachment {

    private enum Timer {
        ATTACH
    }

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SocketMetrics metrics;
    private final AttachGate gate;
    private final Attaching settings;
    private final Runnable ask;
    private @Nullable ActorRef<DeviceCommand> device;
    private boolean everAsked;
    private boolean unanswered;
    private int attempts;
    private int quickLosses;
    private long since;
    private long attachedAt;

    /** @param ask sends one {@code Attach} */
    Attachment(
            ActorContext<SessionMessage> context,
            TimerScheduler<SessionMessage> timers,
            SessionNode node,
            Runnable ask) {
        this.context = context;
        this.timers = timers;
        this.metrics = node.metrics();
        this.gate = node.gate();
        this.settings = node.settings().attaching();
        this.ask = ask;
    }

    /** Null while none is attached. */
    @Nullable
    ActorRef<DeviceCommand> device() {
        return device;
    }

    /** Whether this very incarnation is attached: anything from another is late. */
    boolean isTo(ActorRef<?> incarnation) {
        return incarnation.equals(device);
    }

    /** Whether a device may believe that it has this session. */
    boolean maybeAttached() {
        return everAsked;
    }

    void begin() {
        since = System.nanoTime();
        attempts = 0;
        context.getSelf().tell(new SocketEvent.AttachDue());
    }

    /** Leaves the present incarnation and looks for the next: at once after a quiet time, slower and slower otherwise. */
    void again() {
        forget();
        boolean quick = System.nanoTime() - attachedAt < settings.maxBackOff().toNanos();
        quickLosses = quick ? quickLosses + 1 : 0;
        since = System.nanoTime();
        attempts = 0;
        later(random(backOff(settings.jitter(), quickLosses)));
    }

    /** Asks, or waits for its turn to ask. False: it took too long, give up. */
    boolean due() {
        if (unanswered) {
            metrics.count(Incident.ATTACH_UNANSWERED);
            attempts++;
        }
        release();
        if (System.nanoTime() - since > settings.giveUpAfter().toNanos()) {
            return false;
        }
        if (!gate.tryEnter()) {
            metrics.count(Incident.ATTACH_WAITED);
            later(settings.jitter().plus(random(settings.jitter())));
            return true;
        }
        unanswered = true;
        everAsked = true;
        ask.run();
        later(backOff(settings.answerTimeout(), attempts).plus(random(settings.jitter())));
        return true;
    }

    /** An incarnation has answered. Should it be one that has stopped meanwhile, watching it tells so. */
    void attached(ActorRef<DeviceCommand> incarnation) {
        release();
        timers.cancel(Timer.ATTACH);
        if (!incarnation.equals(device)) {
            forget();
            device = incarnation;
            context.watch(incarnation);
            attachedAt = System.nanoTime();
        }
    }

    /** The device itself ended the session. */
    void ended() {
        forget();
        everAsked = false;
    }

    /** Leaves the node's gate, if inside. */
    void release() {
        if (unanswered) {
            unanswered = false;
            gate.leave();
        }
    }

    private void forget() {
        ActorRef<DeviceCommand> old = device;
        if (old != null) {
            context.unwatch(old);
            device = null;
        }
    }

    private void later(Duration delay) {
        timers.startSingleTimer(Timer.ATTACH, new SocketEvent.AttachDue(), delay);
    }

    private Duration backOff(Duration first, int times) {
        Duration delay = first.multipliedBy(1L << Math.min(times, 10));
        return delay.compareTo(settings.maxBackOff()) < 0 ? delay : settings.maxBackOff();
    }

    private static Duration random(Duration most) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most.toNanos() + 1));
    }
}
