package io.lanying.actors.notification;

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
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.notification.DeviceFate;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartCommand.Keep;
import io.lanying.protocol.notification.NotificationPartKey;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The node's collector of what became of notifications to many on its devices: gathers reports for a moment and brings each
 * companion its share in one command, few companions at a time and one after the other, so that their writes are no burst.
 *
 * <p>Forgetful: a device repeats what was not confirmed. At most {@value #MAX_WAITING} reports wait; further ones are dropped
 * with a warning, and repeated by their devices.
 */
public final class FateReporter extends AbstractBehavior<FateReporter.Message> {

    static final int MAX_WAITING = 100_000;

    private static final int BATCH = 500;
    private static final int COMPANIONS_AT_ONCE = 32;
    private static final Duration GATHER = Duration.ofMillis(500);

    /** Some 80 companions a second: all 256 of a notification in three. */
    static final int COMPANIONS_A_TURN = 4;

    static final Duration TURN = Duration.ofMillis(50);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

    /** What devices of this node say. */
    public sealed interface Message {}

    /** @param kept run once the companion has it; must not block; not run if it was lost */
    public record Report(EntityId notification, DeviceFate fate, Runnable kept) implements Message {}

    private record Answered(EntityId part, List<Report> batch, boolean kept) implements Message {}

    private enum Signal implements Message {
        FLUSH
    }

    /** Asks a companion wherever it lives. */
    @FunctionalInterface
    interface CompanionAsk {
        CompletionStage<NotificationPartReply> ask(
                EntityId part, Function<ActorRef<NotificationPartReply>, NotificationPartCommand> command);
    }

    private final TimerScheduler<Message> timers;
    private final CompanionAsk companions;
    private final Map<EntityId, Map<String, Report>> waiting = new LinkedHashMap<>();
    private final Set<EntityId> asked = new HashSet<>();
    private int size;
    private long dropped;

    private FateReporter(ActorContext<Message> context, TimerScheduler<Message> timers, CompanionAsk companions) {
        super(context);
        this.timers = timers;
        this.companions = companions;
    }

    /** Starts the node's collector. */
    public static ActorRef<Message> start(ActorSystem<?> system) {
        var sharding = ClusterSharding.get(system);
        return system.systemActorOf(
                create((part, command) -> sharding.entityRefFor(NotificationPartKey.KEY, part.toString())
                        .ask(command::apply, ASK_TIMEOUT)),
                "fate-reporter",
                Props.empty());
    }

    static Behavior<Message> create(CompanionAsk companions) {
        return Behaviors.supervise(Behaviors.<Message>setup(
                        context -> Behaviors.withTimers(timers -> new FateReporter(context, timers, companions))))
                .onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Report.class, this::onReport)
                .onMessage(Answered.class, this::onAnswered)
                .onMessageEquals(Signal.FLUSH, this::onFlush)
                .build();
    }

    private Behavior<Message> onReport(Report report) {
        if (size >= MAX_WAITING) {
            dropped++;
            return this;
        }
        var part = NotificationParts.id(
                report.notification(), NotificationParts.of(report.fate().deviceId()));
        var before = waiting.computeIfAbsent(part, any -> new HashMap<>())
                .put(report.fate().deviceId(), report);
        size += before == null ? 1 : 0;
        flushIn(GATHER);
        return this;
    }

    private Behavior<Message> onFlush() {
        if (dropped > 0) {
            getContext().getLog().warn("too many fates wait to be reported; their devices repeat {} of them", dropped);
            dropped = 0;
        }
        Iterator<Map.Entry<EntityId, Map<String, Report>>> parts =
                waiting.entrySet().iterator();
        int turn = 0;
        while (parts.hasNext() && turn < COMPANIONS_A_TURN && asked.size() < COMPANIONS_AT_ONCE) {
            var part = parts.next();
            if (asked.add(part.getKey())) {
                turn++;
                bring(part.getKey(), firstOf(part.getValue().values()));
                if (part.getValue().isEmpty()) {
                    parts.remove();
                }
            }
        }
        if (!waiting.isEmpty()) {
            flushIn(TURN);
        }
        return this;
    }

    private List<Report> firstOf(Collection<Report> reports) {
        var batch = new ArrayList<Report>();
        var each = reports.iterator();
        while (each.hasNext() && batch.size() < BATCH) {
            batch.add(each.next());
            each.remove();
        }
        size -= batch.size();
        return batch;
    }

    private void bring(EntityId part, List<Report> batch) {
        var fates = batch.stream().map(Report::fate).toList();
        getContext()
                .pipeToSelf(
                        companions.ask(part, replyTo -> new Keep(fates, replyTo)),
                        (reply, failure) -> new Answered(part, batch, failure == null));
    }

    private Behavior<Message> onAnswered(Answered answered) {
        asked.remove(answered.part());
        if (answered.kept()) {
            answered.batch().forEach(report -> report.kept().run());
        }
        return this;
    }

    private void flushIn(Duration wait) {
        if (!timers.isTimerActive(Signal.FLUSH)) {
            timers.startSingleTimer(Signal.FLUSH, Signal.FLUSH, wait);
        }
    }
}
