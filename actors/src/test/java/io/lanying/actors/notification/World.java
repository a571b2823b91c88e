package io.lanying.actors.notification;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationCommand.Accept;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.registry.AudienceRegistry;
import io.lanying.protocol.registry.AudienceRegistry.AudiencePage;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.sealing.Sealed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Notifications on an in-memory journal, with devices, registry, reminders and clock played by the test. */
final class World implements AutoCloseable {

    static final EntityId ID = new EntityId("acme", "nabc");

    final ActorTestKit kit;
    final PersistenceTestKit journal;
    final TestClock clock = new TestClock();
    final ConcurrentSkipListSet<String> registered = new ConcurrentSkipListSet<>();
    final List<ReminderCommand> reminderCommands = new CopyOnWriteArrayList<>();
    volatile boolean remindersAnswer = true;
    volatile boolean registryFails;

    /** What devices did, in order: {@code push d1}, {@code cancel d1}. */
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    /** The devices that took each notification. */
    final Map<String, List<String>> taken = new ConcurrentHashMap<>();

    final AtomicInteger outstanding = new AtomicInteger();
    final AtomicInteger mostOutstanding = new AtomicInteger();

    /** Absent: no answer. Takes the command's device first. */
    volatile BiFunction<String, DeviceCommand, Optional<DeviceReply>> devices = this::take;

    /** Holds answers back until it is completed. */
    volatile CompletableFuture<Void> open = CompletableFuture.completedFuture(null);

    private final ActorRef<ReminderCommand> reminders;
    private final ActorRef<SendGate.Message> gate;
    private final NotificationSettings settings;
    private final TestProbe<ClusterSharding.ShardCommand> shard;

    World() {
        this("");
    }

    World(String config) {
        kit = ActorTestKit.create(ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.parseString(
                        "push.notification { page-size = 3, retry-pause = 50ms, outstanding = 2, running = 2,"
                                + " max-unanswered = 2, reminder-timeout = 300ms }"))
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load()));
        journal = PersistenceTestKit.create(kit.system());
        settings = NotificationSettings.from(kit.system().settings().config());
        reminders = kit.spawn(reminders());
        gate = kit.spawn(SendGate.create(settings.running()));
        shard = kit.createTestProbe();
    }

    World with(int count) {
        IntStream.range(0, count).forEach(i -> registered.add(String.format("d%05d", i)));
        return this;
    }

    ActorRef<NotificationCommand> spawn() {
        return spawn(ID);
    }

    ActorRef<NotificationCommand> spawn(EntityId id) {
        var ports = new NotificationEntity.Ports(this::events, registry(), this::ask, gate, reminders, clock);
        return kit.spawn(NotificationEntity.create(id, shard.getRef(), ports, settings));
    }

    NotificationReply ask(
            ActorRef<NotificationCommand> notification,
            Function<ActorRef<NotificationReply>, NotificationCommand> command) {
        var probe = kit.<NotificationReply>createTestProbe();
        notification.tell(command.apply(probe.getRef()));
        return probe.receiveMessage(Duration.ofSeconds(5));
    }

    NotificationReply.View view(ActorRef<NotificationCommand> notification) {
        return (NotificationReply.View) ask(notification, NotificationCommand.Get::new);
    }

    static Accept accept(String content, long ttlSeconds, Instant sendAt, ActorRef<NotificationReply> replyTo) {
        return new Accept(
                Audience.everyone(),
                new Sealed("tenant", content.getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                "f-" + content,
                content.length(),
                ttlSeconds,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(sendAt),
                replyTo);
    }

    NotificationReply send(ActorRef<NotificationCommand> notification) {
        return ask(notification, replyTo -> accept("hello", 3600, null, replyTo));
    }

    List<String> takenBy() {
        return taken.getOrDefault(ID.id(), List.of());
    }

    List<String> askedTo(String what) {
        return asked.stream()
                .filter(each -> each.startsWith(what + " "))
                .map(each -> each.substring(what.length() + 1))
                .toList();
    }

    List<NotificationEvent> events() {
        return journal.persistedInStorage(EntityKind.NOTIFICATION.persistenceId(ID)).stream()
                .map(NotificationEvent.class::cast)
                .toList();
    }

    /** As a device does: takes it once, gives it back if it has it. */
    Optional<DeviceReply> take(String device, DeviceCommand command) {
        if (command instanceof AcceptPush push) {
            var all = taken.computeIfAbsent(push.notificationId(), id -> new CopyOnWriteArrayList<>());
            boolean repeated = all.contains(device);
            if (!repeated) {
                all.add(device);
            }
            return Optional.of(new DeviceReply.PushAccepted(push.notificationId(), 1, repeated));
        }
        var id = ((CancelPush) command).notificationId();
        return Optional.of(
                taken.getOrDefault(id, List.of()).contains(device)
                        ? new DeviceReply.PushView(id, 1, clock.instant(), Fate.CANCELLED)
                        : new DeviceReply.Refused(ErrorCode.NOT_FOUND, "never had it"));
    }

    private CompletionStage<DeviceReply> ask(EntityId device, Function<ActorRef<DeviceReply>, DeviceCommand> command) {
        var asking = command.apply(kit.system().ignoreRef());
        asked.add((asking instanceof AcceptPush ? "push " : "cancel ") + device.id());
        mostOutstanding.accumulateAndGet(outstanding.incrementAndGet(), Math::max);
        return open.thenApplyAsync(nothing -> {
            outstanding.decrementAndGet();
            return devices.apply(device.id(), asking).orElseThrow(() -> new IllegalStateException("no answer"));
        });
    }

    private AudienceRegistry registry() {
        return (tenant, audience, registeredBy, after, limit) -> {
            if (registryFails) {
                return CompletableFuture.failedFuture(new IllegalStateException("registry is down"));
            }
            var rest = registered.tailSet(after.orElse(""), false).stream()
                    .limit(limit + 1L)
                    .map(id -> new Addressee(id, Optional.empty()))
                    .toList();
            return CompletableFuture.completedFuture(
                    rest.size() > limit
                            ? new AudiencePage(
                                    rest.subList(0, limit),
                                    Optional.of(rest.get(limit - 1).deviceId()))
                            : new AudiencePage(rest, Optional.empty()));
        };
    }

    private CompletionStage<List<JournalEvent>> events(
            EntityKind kind, EntityId entity, long from, long to, int limit) {
        var result = new ArrayList<JournalEvent>();
        long seq = 0;
        for (Object event : journal.persistedInStorage(kind.persistenceId(entity))) {
            seq++;
            if (seq >= from && seq <= to && result.size() < limit) {
                result.add(new JournalEvent(seq, (Persisted) event));
            }
        }
        return CompletableFuture.completedFuture(result);
    }

    private Behavior<ReminderCommand> reminders() {
        var versions = new AtomicLong();
        return Behaviors.receiveMessage(command -> {
            reminderCommands.add(command);
            if (command instanceof ReminderCommand.Remind remind && remindersAnswer) {
                remind.replyTo().tell(new Reminder(remind.due(), versions.incrementAndGet()));
            }
            return Behaviors.same();
        });
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    /** A clock that the test moves. */
    static final class TestClock extends Clock {
        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

        void advance(Duration by) {
            now.updateAndGet(time -> time.plus(by));
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
