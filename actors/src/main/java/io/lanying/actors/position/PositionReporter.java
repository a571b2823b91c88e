package io.lanying.actors.position;

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
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.ConversationReply.Reported;
import io.lanying.protocol.conversation.PositionReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The node's collector of positions: gathers what devices here say for a second and brings each conversation its share in one
 * command, a few conversations at a time. Of one member only the highest positions are kept.
 *
 * <p>Forgetful: what waits is lost with the node, and said again with the next message that is acknowledged or read. What a
 * conversation does not answer is brought again. At most {@value #MAX_WAITING} reports wait; further ones are dropped with a warning.
 */
public final class PositionReporter extends AbstractBehavior<PositionReporter.Message> {

    static final int MAX_WAITING = 100_000;

    static final int CONVERSATIONS_AT_ONCE = 64;
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

    /** What devices of this node say. */
    public sealed interface Message {}

    public record Say(EntityId conversation, PositionReport report) implements Message {}

    /** @param strangers of how many there is no such member, or no such conversation */
    private record Answered(EntityId conversation, List<PositionReport> batch, boolean again, int strangers)
            implements Message {}

    private enum Signal implements Message {
        FLUSH
    }

    /** Asks a conversation wherever it lives. */
    @FunctionalInterface
    interface ConversationAsk {
        CompletionStage<ConversationReply> ask(
                EntityId conversation, Function<ActorRef<ConversationReply>, ConversationCommand> command);
    }

    private final TimerScheduler<Message> timers;
    private final ConversationAsk conversations;
    private final Map<EntityId, Map<String, PositionReport>> waiting = new LinkedHashMap<>();

    /** Of those the ones that have waited for long enough. */
    private final Queue<EntityId> due = new ArrayDeque<>();

    private final Set<EntityId> asked = new HashSet<>();
    private int size;
    private long dropped;
    private long strangers;

    private PositionReporter(
            ActorContext<Message> context, TimerScheduler<Message> timers, ConversationAsk conversations) {
        super(context);
        this.timers = timers;
        this.conversations = conversations;
    }

    /** Starts the node's collector. */
    public static ActorRef<Message> start(ActorSystem<?> system) {
        var sharding = ClusterSharding.get(system);
        return system.systemActorOf(
                create((conversation, command) -> sharding.entityRefFor(ConversationKey.KEY, conversation.toString())
                        .ask(command::apply, ASK_TIMEOUT)),
                "position-reporter",
                Props.empty());
    }

    static Behavior<Message> create(ConversationAsk conversations) {
        return Behaviors.supervise(Behaviors.<Message>setup(context ->
                        Behaviors.withTimers(timers -> new PositionReporter(context, timers, conversations))))
                .onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Say.class, said -> take(said.conversation(), said.report()))
                .onMessage(Answered.class, this::onAnswered)
                .onMessageEquals(Signal.FLUSH, this::onFlush)
                .build();
    }

    private Behavior<Message> take(EntityId conversation, PositionReport report) {
        var known = waiting.get(conversation);
        if (size >= MAX_WAITING && (known == null || !known.containsKey(report.userId()))) {
            dropped++;
            return this;
        }
        if (known == null) {
            known = new HashMap<>();
            waiting.put(conversation, known);
        }
        size += known.containsKey(report.userId()) ? 0 : 1;
        known.merge(report.userId(), report, PositionReport::and);
        flushLater();
        return this;
    }

    private Behavior<Message> onFlush() {
        if (dropped > 0) {
            getContext().getLog().warn("too many positions wait to be reported; {} of them are dropped", dropped);
            dropped = 0;
        }
        if (strangers > 0) {
            getContext().getLog().info("{} positions were of users who are no members: left out", strangers);
            strangers = 0;
        }
        due.clear();
        due.addAll(waiting.keySet());
        return bringDue();
    }

    /** As many as may be; the others when these have answered. */
    private Behavior<Message> bringDue() {
        while (!due.isEmpty() && asked.size() < CONVERSATIONS_AT_ONCE) {
            var conversation = due.remove();
            var reports = waiting.get(conversation);
            if (reports != null && asked.add(conversation)) {
                bring(conversation, firstOf(reports.values()));
                if (reports.isEmpty()) {
                    waiting.remove(conversation);
                }
            }
        }
        return this;
    }

    private List<PositionReport> firstOf(Collection<PositionReport> reports) {
        var batch = new ArrayList<PositionReport>();
        var each = reports.iterator();
        while (each.hasNext() && batch.size() < ConversationLimits.MAX_REPORTS) {
            batch.add(each.next());
            each.remove();
        }
        size -= batch.size();
        return batch;
    }

    private void bring(EntityId conversation, List<PositionReport> batch) {
        getContext()
                .pipeToSelf(
                        conversations.ask(conversation, replyTo -> new Report(batch, replyTo)),
                        (reply, failure) -> answered(conversation, batch, reply));
    }

    private static Answered answered(
            EntityId conversation, List<PositionReport> batch, @Nullable ConversationReply reply) {
        if (reply instanceof Reported reported) {
            return new Answered(conversation, batch, false, batch.size() - reported.members());
        }
        boolean isGone = reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND;
        return new Answered(conversation, batch, !isGone, isGone ? batch.size() : 0);
    }

    private Behavior<Message> onAnswered(Answered answered) {
        asked.remove(answered.conversation());
        strangers += answered.strangers();
        if (answered.again()) {
            answered.batch().forEach(report -> take(answered.conversation(), report));
        }
        if (!waiting.isEmpty()) {
            flushLater();
        }
        return bringDue();
    }

    private void flushLater() {
        if (!timers.isTimerActive(Signal.FLUSH)) {
            timers.startSingleTimer(Signal.FLUSH, Signal.FLUSH, GATHER);
        }
    }
}
