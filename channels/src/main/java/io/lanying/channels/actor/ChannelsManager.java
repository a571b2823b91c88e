package io.lanying.channels.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.typesafe.config.Config;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ChannelCredentials;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.user.UserNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's channels: one {@link Slot} for each tenant and channel in use, which finds the credential and has the actor that
 * does the work.
 *
 * <p>Each {@link Send} gets exactly one {@link Outcome} while this actor lives, whatever fails below it; one that names a
 * request which is already held is joined to it. At most {@code max-channels} slots exist and {@code max-requests} requests
 * are held on a node; beyond, the answer is BUSY. When the node ends nothing is answered: entities' reminders bring the
 * requests back elsewhere.
 */
public final class ChannelsManager extends AbstractBehavior<ChannelsManager.Message> implements Slot.Host {

    /** What the channels of a node live on. */
    public record Parts(
            CredentialOpener opener,
            ChannelCredentials credentials,
            Sealing sealing,
            UserNames names,
            MeterRegistry metrics,
            Clock clock,
            RandomGenerator random) {}

    /** What outlives a restart: ids, so that nothing old is taken for something new, and what is counted. */
    private record Shared(AtomicLong ids, AtomicInteger held, ConcurrentMap<ChannelId, ChannelMeters> meters) {}

    /** What the manager gets, from entities, from its actors and from itself. */
    sealed interface Message {}

    private record Command(ChannelCommand command) implements Message {}

    private record Resolved(Slot.Key key, long ask, Resolution resolution) implements Message {}

    private record HandedBack(Slot.Key key, Work work) implements Message {}

    private record Done(Slot.Key key, long child) implements Message {}

    private record Ended(Slot.Key key, long child) implements Message {}

    private enum Tick implements Message {
        TOCK
    }

    private static final Logger LOG = LoggerFactory.getLogger(ChannelsManager.class);

    private final TimerScheduler<Message> timers;
    private final Parts parts;
    private final Config config;
    private final ChannelsSettings settings;
    private final Shared shared;
    private final Map<Slot.Key, Slot> slots = new HashMap<>();
    private final Map<String, ChannelLimits> limits = new HashMap<>();

    private ChannelsManager(ActorContext<Message> context, TimerScheduler<Message> timers, Parts parts, Shared shared) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        this.shared = shared;
        this.config = context.getSystem().settings().config();
        this.settings = ChannelsSettings.from(config);
        timers.startTimerWithFixedDelay(Tick.TOCK, settings.credentialRefresh());
    }

    /** The manager of a node's channels. */
    public static Behavior<ChannelCommand> create(Parts parts) {
        Shared shared = new Shared(new AtomicLong(), new AtomicInteger(), new ConcurrentHashMap<>());
        Behavior<Message> manager = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ChannelsManager(context, timers, parts, shared)));
        Behavior<Message> supervised = Behaviors.supervise(manager).onFailure(SupervisorStrategy.restart());
        return Behaviors.transformMessages(ChannelCommand.class, supervised, match -> match.matchAny(Command::new));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, command -> onCommand(command.command()))
                .onMessage(Resolved.class, this::onResolved)
                .onMessage(HandedBack.class, back -> with(back.key(), (slot, now) -> slot.handBack(back.work(), now)))
                .onMessage(Done.class, done -> with(done.key(), (slot, now) -> slot.done(done.child())))
                .onMessage(Ended.class, this::onEnded)
                .onMessageEquals(Tick.TOCK, this::onTick)
                .onSignal(PreRestart.class, restart -> onRestart())
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private Behavior<Message> onCommand(ChannelCommand command) {
        if (command instanceof Send send) {
            onSend(send);
        } else if (command instanceof Cancel cancel) {
            with(new Slot.Key(cancel.tenant(), cancel.channel()), (slot, now) -> slot.cancel(cancel));
        }
        return this;
    }

    private void onSend(Send send) {
        ChannelId channel = send.request().channel();
        if (parts.opener().factory(channel).isEmpty()) {
            answer(send, VendorOutcome.unsent(End.NO_CHANNEL, Codes.UNKNOWN_CHANNEL, 0));
            return;
        }
        Instant now = parts.clock().instant();
        Optional<Slot> slot = slotOf(new Slot.Key(send.request().tenant(), channel), now);
        if (slot.isEmpty()) {
            refuse(send, channel, Codes.TOO_MANY_CHANNELS);
        } else if (slot.get().send(send, now) == Claims.Admission.FULL) {
            refuse(send, channel, Codes.FULL);
        }
    }

    private void refuse(Send send, ChannelId channel, String code) {
        metersOf(channel).ended(End.BUSY);
        answer(send, VendorOutcome.busy(code, retryAfter(settings.busyRetryAfter())));
    }

    private static void answer(Send send, VendorOutcome outcome) {
        send.replyTo().tell(new Outcome(send.ref(), outcome));
    }

    private Behavior<Message> onResolved(Resolved resolved) {
        timers.cancel(resolved.ask());
        Slot slot = slots.get(resolved.key());
        if (slot != null) {
            slot.resolved(resolved.ask(), resolved.resolution(), parts.clock().instant());
        } else if (resolved.resolution() instanceof Resolution.Ready late) {
            close(late.adapter());
        }
        return this;
    }

    private Behavior<Message> onEnded(Ended ended) {
        return with(ended.key(), (slot, now) -> {
            if (slot.ended(ended.child(), now)) {
                metersOf(ended.key().channel()).restart();
                LOG.error(
                        "channel {} of tenant {} failed",
                        ended.key().channel(),
                        ended.key().tenant());
            }
        });
    }

    private Behavior<Message> onTick() {
        Instant now = parts.clock().instant();
        Iterator<Slot> all = slots.values().iterator();
        while (all.hasNext()) {
            Slot slot = all.next();
            if (slot.isIdle(now, settings.idleTimeout())) {
                slot.stop();
                all.remove();
            } else {
                slot.refresh(now);
            }
        }
        return this;
    }

    private Behavior<Message> onRestart() {
        slots.values().forEach(slot -> {
            slot.endClaims();
            slot.stop();
        });
        slots.clear();
        return this;
    }

    private Behavior<Message> onStop() {
        slots.values().forEach(Slot::stop);
        return this;
    }

    private Behavior<Message> with(Slot.Key key, BiConsumer<Slot, Instant> step) {
        Optional.ofNullable(slots.get(key))
                .ifPresent(slot -> step.accept(slot, parts.clock().instant()));
        return this;
    }

    private Optional<Slot> slotOf(Slot.Key key, Instant now) {
        Slot present = slots.get(key);
        if (present != null) {
            return Optional.of(present);
        }
        if (slots.size() >= settings.maxChannels() && !dropIdle(now)) {
            return Optional.empty();
        }
        ChannelLimits own = limitsOf(key.channel());
        Claims claims = new Claims(own.maxRequests(), shared.held(), settings.maxRequests(), metersOf(key.channel()));
        Slot slot = new Slot(key, claims, settings, own.probeInterval(), this);
        slots.put(key, slot);
        return Optional.of(slot);
    }

    /** Makes room: the channel that was unused longest goes, if it holds nothing. */
    private boolean dropIdle(Instant now) {
        Optional<Map.Entry<Slot.Key, Slot>> oldest = slots.entrySet().stream()
                .filter(entry -> entry.getValue().isIdle(now, Duration.ZERO))
                .min(Comparator.comparing(entry -> entry.getValue().usedAt()));
        oldest.ifPresent(entry -> {
            entry.getValue().stop();
            slots.remove(entry.getKey());
        });
        return oldest.isPresent();
    }

    private ChannelMeters metersOf(ChannelId channel) {
        return shared.meters().computeIfAbsent(channel, name -> new ChannelMeters(parts.metrics(), name));
    }

    private ChannelLimits limitsOf(ChannelId channel) {
        return limits.computeIfAbsent(channel.channel(), name -> ChannelLimits.from(config, name));
    }

    @Override
    public ActorRef<ChannelActor.Message> spawn(Slot.Key key, long child, VendorAdapter adapter) {
        ActorRef<Message> self = getContext().getSelf();
        ChannelActor.Parts own = new ChannelActor.Parts(
                key.tenant(),
                key.channel(),
                adapter,
                new MessageOpener(parts.sealing(), parts.names()),
                limitsOf(key.channel()),
                metersOf(key.channel()),
                parts.clock(),
                parts.random());
        ChannelActor.Superior superior = new ChannelActor.Superior() {
            @Override
            public void handBack(Work work) {
                self.tell(new HandedBack(key, work));
            }

            @Override
            public void done() {
                self.tell(new Done(key, child));
            }
        };
        String name = key.channel().channel() + "-" + key.channel().environment() + "-" + child;
        ActorRef<ChannelActor.Message> actor = getContext().spawn(ChannelActor.create(own, superior), name);
        getContext().watchWith(actor, new Ended(key, child));
        return actor;
    }

    @Override
    public void stop(ActorRef<ChannelActor.Message> child) {
        getContext().unwatch(child);
        getContext().stop(child);
    }

    @Override
    public void ask(Slot.Key key, long ask, Optional<Long> known) {
        timers.startSingleTimer(
                ask, new Resolved(key, ask, new Resolution.Unavailable()), settings.credentialTimeout());
        getContext()
                .pipeToSelf(
                        parts.opener().resolve(parts.credentials(), key.tenant(), key.channel(), known),
                        (found, failure) ->
                                new Resolved(key, ask, failure == null ? found : new Resolution.Unavailable()));
    }

    @Override
    public void close(VendorAdapter adapter) {
        CompletableFuture.completedStage(adapter)
                .thenCompose(VendorAdapter::close)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "an adapter did not close: {}",
                                failure.getClass().getSimpleName());
                    }
                });
    }

    @Override
    public long newId() {
        return shared.ids().incrementAndGet();
    }

    @Override
    public Duration retryAfter(Duration least) {
        return least.plusMillis(parts.random().nextLong(Math.max(1, least.toMillis())));
    }

    /** The limits that bind a channel, checked: for a start that would fail later otherwise. */
    public static void check(Config config, List<String> channels) {
        ChannelsSettings.from(config);
        channels.forEach(channel -> ChannelLimits.from(config, channel));
    }
}
