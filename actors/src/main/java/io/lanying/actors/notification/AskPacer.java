package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The node's one place through which audiences ask devices: in the order in which they come, so many together, and then nobody
 * for a while. Devices that are asked together share the commits of their reminders and events, which cost more than the rest;
 * and the pause is the longer the longer they took, so that audiences have a share of the node's time, however fast it is and
 * whatever else it does, and pushes to single devices hardly notice. What waits here is bounded by who asks; it fails if the
 * pacer does, and is asked again like any device that did not answer.
 */
final class AskPacer extends AbstractBehavior<AskPacer.Message> {

    /** However long a burst took: one device that does not answer would hold up all audiences. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** What it is told. */
    sealed interface Message {}

    private record Ask(
            EntityId device,
            Function<ActorRef<DeviceReply>, DeviceCommand> command,
            CompletableFuture<DeviceReply> reply)
            implements Message {}

    private record Ended(long burst) implements Message {}

    private record PauseOver() implements Message {}

    private final TimerScheduler<Message> timers;
    private final DeviceAsk devices;
    private final int most;
    private final double pausePerWork;
    private final ArrayDeque<Ask> waiting = new ArrayDeque<>();

    /** Devices that have not answered, of this burst and of those before. */
    private int unanswered;

    private long burst;
    /** Answers of this burst that are still to come before the pause; the last quarter may be late without holding up the others. */
    private int missing;

    private long begunNanos;
    private boolean pausing;

    private AskPacer(
            ActorContext<Message> context, TimerScheduler<Message> timers, DeviceAsk devices, int most, double share) {
        super(context);
        this.timers = timers;
        this.devices = devices;
        this.most = most;
        this.pausePerWork = 1 / share - 1;
    }

    /**
     * Asks at the node's pace.
     *
     * @param devices asks at once; its stage must end in time
     */
    static DeviceAsk start(ActorSystem<?> system, DeviceAsk devices, NotificationSettings settings) {
        ActorRef<Message> pacer = system.systemActorOf(
                create(devices, settings.outstanding(), settings.share()), "notification-pacer", Props.empty());
        return through(pacer);
    }

    static DeviceAsk through(ActorRef<Message> pacer) {
        return (device, command) -> {
            var reply = new CompletableFuture<DeviceReply>();
            pacer.tell(new Ask(device, command, reply));
            return reply;
        };
    }

    static Behavior<Message> create(DeviceAsk devices, int most, double share) {
        return Behaviors.supervise(Behaviors.<Message>setup(
                        context -> Behaviors.withTimers(timers -> new AskPacer(context, timers, devices, most, share))))
                .onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, this::onAsk)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(PauseOver.class, this::onPauseOver)
                .onSignal(PreRestart.class, signal -> failAll())
                .onSignal(PostStop.class, signal -> failAll())
                .build();
    }

    private Behavior<Message> onAsk(Ask ask) {
        waiting.add(ask);
        return beginIfFree();
    }

    private Behavior<Message> onEnded(Ended ended) {
        unanswered--;
        if (ended.burst() == burst && missing > 0 && --missing == 0) {
            pause(System.nanoTime() - begunNanos);
        }
        return beginIfFree();
    }

    private void pause(long tookNanos) {
        var pause = Duration.ofNanos((long) (tookNanos * pausePerWork));
        pausing = true;
        timers.startSingleTimer(new PauseOver(), pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }

    private Behavior<Message> onPauseOver(PauseOver over) {
        pausing = false;
        return beginIfFree();
    }

    private Behavior<Message> beginIfFree() {
        int size = Math.min(waiting.size(), most - unanswered);
        if (pausing || missing > 0 || size == 0) {
            return this;
        }
        burst++;
        missing = size - size / 4;
        unanswered += size;
        begunNanos = System.nanoTime();
        for (int i = 0; i < size; i++) {
            ask(waiting.remove(), burst);
        }
        return this;
    }

    private void ask(Ask next, long burst) {
        var self = getContext().getSelf();
        devices.ask(next.device(), next.command()).whenComplete((reply, failure) -> {
            self.tell(new Ended(burst));
            if (failure == null) {
                next.reply().complete(reply);
            } else {
                next.reply().completeExceptionally(failure);
            }
        });
    }

    private Behavior<Message> failAll() {
        waiting.forEach(ask -> ask.reply().completeExceptionally(new IllegalStateException("the pacer has stopped")));
        waiting.clear();
        return this;
    }
}
