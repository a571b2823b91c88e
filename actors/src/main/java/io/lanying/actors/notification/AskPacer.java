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
 * The node's one place through which audiences ask devices: in the order in which they come, as many at once as {@link
 * AskWindow} finds room for, so that pushes to single devices hardly notice. What waits here is bounded by who asks; it fails if
 * the pacer does, and is asked again like any device that did not answer.
 */
final class AskPacer extends AbstractBehavior<AskPacer.Message> {

    /** What it is told. */
    sealed interface Message {}

    private record Ask(
            EntityId device,
            Function<ActorRef<DeviceReply>, DeviceCommand> command,
            CompletableFuture<DeviceReply> reply)
            implements Message {}

    private record Ended(long askedNanos, long tookNanos) implements Message {}

    private record PauseOver() implements Message {}

    private final TimerScheduler<Message> timers;
    private final DeviceAsk devices;
    private final AskWindow window;
    private final ArrayDeque<Ask> waiting = new ArrayDeque<>();
    private int asked;
    private boolean pausing;

    private AskPacer(
            ActorContext<Message> context, TimerScheduler<Message> timers, DeviceAsk devices, AskWindow window) {
        super(context);
        this.timers = timers;
        this.devices = devices;
        this.window = window;
    }

    /**
     * Asks at the node's pace.
     *
     * @param devices asks at once; its stage must end in time
     */
    static DeviceAsk start(ActorSystem<?> system, DeviceAsk devices, NotificationSettings settings) {
        ActorRef<Message> pacer = system.systemActorOf(
                create(devices, settings.outstanding(), settings.patience()), "notification-pacer", Props.empty());
        return through(pacer);
    }

    static DeviceAsk through(ActorRef<Message> pacer) {
        return (device, command) -> {
            var reply = new CompletableFuture<DeviceReply>();
            pacer.tell(new Ask(device, command, reply));
            return reply;
        };
    }

    static Behavior<Message> create(DeviceAsk devices, int most, Duration patience) {
        return Behaviors.supervise(Behaviors.<Message>setup(context -> Behaviors.withTimers(
                        timers -> new AskPacer(context, timers, devices, new AskWindow(most, patience)))))
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
        return askMore();
    }

    private Behavior<Message> onEnded(Ended ended) {
        asked--;
        window.answered(ended.askedNanos() + ended.tookNanos(), ended.tookNanos());
        long pause = window.pauseNanos(ended.tookNanos());
        if (pause > 0) {
            pausing = true;
            timers.startSingleTimer(new PauseOver(), Duration.ofNanos(pause));
        }
        return askMore();
    }

    private Behavior<Message> onPauseOver(PauseOver over) {
        pausing = false;
        return askMore();
    }

    private Behavior<Message> askMore() {
        while (!pausing && asked < window.size() && !waiting.isEmpty()) {
            Ask next = waiting.remove();
            asked++;
            long now = System.nanoTime();
            var self = getContext().getSelf();
            devices.ask(next.device(), next.command()).whenComplete((reply, failure) -> {
                self.tell(new Ended(now, System.nanoTime() - now));
                if (failure == null) {
                    next.reply().complete(reply);
                } else {
                    next.reply().completeExceptionally(failure);
                }
            });
        }
        return this;
    }

    private Behavior<Message> failAll() {
        waiting.forEach(ask -> ask.reply().completeExceptionally(new IllegalStateException("the pacer has stopped")));
        waiting.clear();
        return this;
    }
}
