package io.lanying.actors.device;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.actors.notification.FateReporter;
import io.lanying.actors.position.PositionReporter;
import io.lanying.actors.token.TokenClaims;
import io.lanying.actors.user.UserSettingsSource;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.user.UserReply.SettingsAre;
import io.lanying.protocol.user.UserSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** One device on an in-memory journal, with its ports played by the test. */
final class Fixture implements AutoCloseable {

    static final EntityId ID = new EntityId("acme", "d1");
    static final String PERSISTENCE_ID = EntityKind.DEVICE.persistenceId(ID);

    final ActorTestKit kit;
    final PersistenceTestKit journal;
    final FakeRegistry registry = new FakeRegistry();
    final TestClock clock = new TestClock();
    final List<ReminderCommand> reminderCommands = new CopyOnWriteArrayList<>();
    volatile boolean remindersAnswer = true;
    final AtomicReference<ActorRef<Reminder>> lastAsker = new AtomicReference<>();
    private final TestProbe<ClusterSharding.ShardCommand> shard;
    private final ActorRef<ReminderCommand> reminders;
    final TestProbe<ChannelCommand> channels;
    volatile TokenClaims claims = (device, token) -> CompletableFuture.completedFuture(true);
    final TestProbe<FateReporter.Message> fates;
    final TestProbe<PositionReporter.Message> positions;
    final FakeUsers users = new FakeUsers();
    final FakeMessages messages = new FakeMessages();
    private DeviceLimits limits;

    Fixture() {
        kit = ActorTestKit.create(config());
        journal = PersistenceTestKit.create(kit.system());
        shard = kit.createTestProbe();
        reminders = kit.spawn(reminders());
        channels = kit.createTestProbe();
        fates = kit.createTestProbe();
        positions = kit.createTestProbe();
        limits = DeviceLimits.from(kit.system().settings().config().getConfig("push.device"));
    }

    static Config config() {
        return ConfigFactory.parseString("push.device { window = 4, ack-flush = 100 ms, session-return = 500 ms }")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
    }

    DeviceLimits limits() {
        return limits;
    }

    Fixture withLimits(Function<DeviceLimits, DeviceLimits> change) {
        limits = change.apply(limits);
        return this;
    }

    Behavior<DeviceCommand> behavior() {
        return DeviceEntity.create(ID, shard.getRef(), ports(), limits);
    }

    DeviceEntity.Ports ports() {
        return new DeviceEntity.Ports(
                storedEvents(),
                registry,
                reminders,
                channels.getRef(),
                claims,
                fates.getRef(),
                positions.getRef(),
                users,
                messages,
                clock);
    }

    ActorRef<DeviceCommand> spawn() {
        return kit.spawn(behavior());
    }

    /** Stops an incarnation and starts the next, as a hand-over or a crash does. */
    ActorRef<DeviceCommand> restart(ActorRef<DeviceCommand> device) {
        kit.stop(device);
        return spawn();
    }

    DeviceReply ask(ActorRef<DeviceCommand> device, Function<ActorRef<DeviceReply>, DeviceCommand> command) {
        var probe = kit.<DeviceReply>createTestProbe();
        device.tell(command.apply(probe.getRef()));
        return probe.receiveMessage(Duration.ofSeconds(5));
    }

    ActorRef<DeviceCommand> registered() {
        var device = spawn();
        ask(device, replyTo -> new Register(Optional.of("alice"), profile(), replyTo));
        return device;
    }

    DeviceReply push(ActorRef<DeviceCommand> device, String id) {
        return ask(device, replyTo -> pushOf(id, "body of " + id, 3600, Priority.NORMAL, Optional.empty(), replyTo));
    }

    static AcceptPush pushOf(
            String id,
            String body,
            long ttlSeconds,
            Priority priority,
            Optional<String> collapseKey,
            ActorRef<DeviceReply> replyTo) {
        return new AcceptPush(
                id,
                sealed("user:alice", body),
                "f-" + body,
                body.length(),
                ttlSeconds,
                priority,
                collapseKey,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                replyTo);
    }

    static Sealed sealed(String subject, String text) {
        return new Sealed(subject, text.getBytes(StandardCharsets.UTF_8));
    }

    static Profile profile(String... tags) {
        return new Profile(
                "android",
                Optional.empty(),
                List.of(tags),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    TestProbe<SessionMessage> attach(ActorRef<DeviceCommand> device, String sessionId, long ackedSeq) {
        return attach(device, sessionId, ackedSeq, streamId());
    }

    TestProbe<SessionMessage> attach(
            ActorRef<DeviceCommand> device, String sessionId, long ackedSeq, Optional<String> streamId) {
        var session = kit.<SessionMessage>createTestProbe();
        device.tell(new Attach(sessionId, 1, streamId, ackedSeq, session.getRef()));
        return session;
    }

    Optional<String> streamId() {
        return events().stream()
                .filter(DeviceEvent.DeviceRegistered.class::isInstance)
                .map(event -> ((DeviceEvent.DeviceRegistered) event).streamId())
                .findFirst();
    }

    List<DeviceEvent> events() {
        var result = new ArrayList<DeviceEvent>();
        journal.persistedInStorage(PERSISTENCE_ID).forEach(event -> result.add((DeviceEvent) event));
        return result;
    }

    DeviceState folded() {
        var state = DeviceState.initial();
        for (DeviceEvent event : events()) {
            state = state.apply(event);
        }
        return state;
    }

    private Journal storedEvents() {
        return (kind, entity, from, to, limit) -> {
            var result = new ArrayList<JournalEvent>();
            long seq = 0;
            for (Object event : journal.persistedInStorage(kind.persistenceId(entity))) {
                seq++;
                if (seq >= from && seq <= to && result.size() < limit) {
                    result.add(new JournalEvent(seq, (Persisted) event));
                }
            }
            return CompletableFuture.completedFuture(result);
        };
    }

    private Behavior<ReminderCommand> reminders() {
        var versions = new AtomicLong();
        return Behaviors.receiveMessage(command -> {
            reminderCommands.add(command);
            if (command instanceof ReminderCommand.Remind remind) {
                lastAsker.set(remind.replyTo());
                if (remindersAnswer) {
                    remind.replyTo().tell(new Reminder(remind.due(), versions.incrementAndGet()));
                }
            }
            return Behaviors.same();
        });
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    /** Registry rows as a list; can be told to fail. */
    static final class FakeRegistry implements RegistryWriter {
        final List<DeviceRow> rows = new CopyOnWriteArrayList<>();
        volatile boolean fails;

        @Override
        public CompletionStage<Done> write(DeviceRow row) {
            if (fails) {
                return CompletableFuture.failedFuture(new IllegalStateException("registry is down"));
            }
            rows.add(row);
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public CompletionStage<Done> write(TenantRow row) {
            throw new IllegalStateException("not a tenant's test");
        }
    }

    /** Owners who are asked for their settings; can be told to fail. */
    static final class FakeUsers implements UserSettingsSource {
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile SettingsAre settings = new SettingsAre(0, UserSettings.NONE);
        volatile boolean fails;

        @Override
        public CompletionStage<SettingsAre> join(EntityId device, String userId, int binding) {
            calls.add("join " + userId + " " + binding);
            return fails
                    ? CompletableFuture.failedFuture(new IllegalStateException("users are away"))
                    : CompletableFuture.completedFuture(settings);
        }

        @Override
        public void leave(EntityId device, String userId, int binding) {
            calls.add("leave " + userId + " " + binding);
        }
    }

    /** Conversations whose messages say their own number; can be told to be silent, or gone, or to have recalled one. */
    static final class FakeMessages implements MessageSource {
        final List<List<MessageRef>> asked = new CopyOnWriteArrayList<>();
        final Set<String> silent = ConcurrentHashMap.newKeySet();
        final Set<String> gone = ConcurrentHashMap.newKeySet();
        final Set<MessageRef> recalled = ConcurrentHashMap.newKeySet();

        @Override
        public CompletionStage<ConversationReply> read(EntityId conversation, List<MessageRef> refs) {
            asked.add(refs);
            if (silent.contains(conversation.id())) {
                return CompletableFuture.failedFuture(new IllegalStateException("silent"));
            }
            return CompletableFuture.completedFuture(
                    gone.contains(conversation.id())
                            ? new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no such conversation")
                            : new ConversationReply.Messages(
                                    Optional.empty(),
                                    true,
                                    refs.stream().limit(3).map(this::stored).toList()));
        }

        StoredMessage stored(MessageRef ref) {
            boolean isRecalled = recalled.contains(ref);
            return new StoredMessage(
                    ref.messageSeq(),
                    ref.version(),
                    "bob",
                    MessageType.TEXT,
                    isRecalled
                            ? Optional.empty()
                            : Optional.of(new SealedContent(
                                    "origin of " + ref.messageId(),
                                    sealed("user:bob", "message " + ref.messageSeq() + " v" + ref.version()),
                                    20)),
                    List.of(),
                    Optional.empty(),
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Optional.empty(),
                    Optional.empty());
        }
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
