package io.lanying.actors.conversation;

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
import com.typesafe.config.ConfigFactory;
import io.lanying.actors.position.PositionsFold;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply.NewsBrought;
import io.lanying.protocol.user.UserReply.NewsLater;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** One conversation over a journal in memory, with users, reminders and a clock that do as a test says. */
final class ConversationRig {

    static final EntityId ID = new EntityId("acme", "g1");
    static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

    /** News as a user got it. */
    record Told(String userId, ConversationNews news) {}

    private static final String PERSISTENCE_ID = EntityKind.CONVERSATION.persistenceId(ID);

    final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load()));
    final List<Told> told = new CopyOnWriteArrayList<>();
    final List<ReminderCommand> reminders = new CopyOnWriteArrayList<>();
    /** Users who never answer. */
    final Set<String> silent = ConcurrentHashMap.newKeySet();
    /** Users who would rather hear of it later. */
    final Set<String> later = ConcurrentHashMap.newKeySet();

    final AtomicInteger journalReads = new AtomicInteger();
    volatile boolean journalReadable = true;
    volatile boolean remindersAnswer = true;
    volatile boolean companionsAnswer = true;
    volatile boolean registryAnswers = true;
    private final Map<String, MemberRow> rows = new HashMap<>();
    /** What the registry does first; and the size of each write. */
    volatile CompletionStage<Done> registryBegins = CompletableFuture.completedFuture(Done.getInstance());

    final List<Integer> rowsWritten = new CopyOnWriteArrayList<>();
    final List<PositionsCommand> companionAsks = new CopyOnWriteArrayList<>();
    final Map<EntityId, PositionsFold> companions = new HashMap<>();
    volatile Instant time = NOW;
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final ConversationEntitySettings settings;
    private final Map<String, ActorRef<UserCommand>> byUser = new ConcurrentHashMap<>();
    private ActorRef<ConversationCommand> conversation;

    ConversationRig() {
        this(Duration.ofMillis(300), Duration.ofMillis(200));
    }

    /** @param toldLater how long the end of a round waits for a message to ride on */
    ConversationRig(Duration askTimeout, Duration toldLater) {
        settings = settings(1_000, 100, askTimeout, toldLater);
        conversation = spawn();
    }

    static ConversationEntitySettings settings(
            int maxRemembered, int maxChanged, Duration askTimeout, Duration toldLater) {
        return new ConversationEntitySettings(
                maxRemembered,
                maxChanged,
                askTimeout,
                toldLater,
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofDays(6),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                600);
    }

    void stop() {
        kit.shutdownTestKit();
    }

    /** The node dies and another one takes over; nobody says so to the conversation. */
    void restart() {
        restart(() -> {});
    }

    /** @param between what is different for the next incarnation, which begins to tell at once */
    void restart(Runnable between) {
        kit.stop(conversation);
        between.run();
        conversation = spawn();
    }

    ConversationReply ask(Function<ActorRef<ConversationReply>, ConversationCommand> command) {
        TestProbe<ConversationReply> probe = kit.createTestProbe();
        conversation.tell(command.apply(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(8));
    }

    <R extends ConversationReply> R ask(
            Class<R> hopedFor, Function<ActorRef<ConversationReply>, ConversationCommand> command) {
        var reply = ask(command);
        if (!hopedFor.isInstance(reply)) {
            throw new AssertionError("answered " + reply);
        }
        return hopedFor.cast(reply);
    }

    ErrorCode refused(Function<ActorRef<ConversationReply>, ConversationCommand> command) {
        return ask(ConversationReply.Refused.class, command).code();
    }

    void tell(ConversationCommand command) {
        conversation.tell(command);
    }

    void direct(String one, String other) {
        ask(
                ConversationReply.Created.class,
                to -> new Create(
                        ConversationType.DIRECT,
                        Optional.empty(),
                        ConversationSettings.DEFAULT,
                        List.of(new NewMember(one, MemberRole.MEMBER), new NewMember(other, MemberRole.MEMBER)),
                        "k1",
                        "fingerprint",
                        to));
    }

    /** A group; the first is its owner. */
    void group(String... userIds) {
        group(ConversationSettings.DEFAULT, userIds);
    }

    void group(ConversationSettings wanted, String... userIds) {
        ask(ConversationReply.Created.class, to -> create(wanted, "k1", to, userIds));
    }

    static Create create(
            ConversationSettings wanted, String key, ActorRef<ConversationReply> replyTo, String... userIds) {
        return new Create(
                ConversationType.GROUP,
                Optional.empty(),
                wanted,
                Arrays.stream(userIds)
                        .map(id -> new NewMember(id, MemberRole.MEMBER))
                        .toList(),
                key,
                "fingerprint",
                replyTo);
    }

    ConversationReply.Posted post(String sender, String text) {
        return ask(ConversationReply.Posted.class, to -> message(sender, text, to));
    }

    /** A message whose own id is its text. */
    static Post message(String sender, String text, ActorRef<ConversationReply> replyTo) {
        return new Post(
                sender,
                text,
                "f-" + text,
                MessageType.TEXT,
                content(text),
                List.of(),
                Optional.empty(),
                false,
                replyTo);
    }

    static SealedContent content(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new SealedContent("o", new Sealed("user:u1", bytes), bytes.length);
    }

    static String text(Optional<SealedContent> content) {
        return content.map(each -> new String(each.content().box(), StandardCharsets.UTF_8))
                .orElse("-");
    }

    List<ConversationEvent> events() {
        var result = new ArrayList<ConversationEvent>();
        journal.persistedInStorage(PERSISTENCE_ID).forEach(event -> result.add((ConversationEvent) event));
        return result;
    }

    /** What companions were asked to keep, in order. */
    List<PositionsCommand.Keep> keeps() {
        return companionAsks.stream()
                .filter(PositionsCommand.Keep.class::isInstance)
                .map(PositionsCommand.Keep.class::cast)
                .toList();
    }

    /** The numbers of the messages that a user was told of, in the order of telling, repeats among them. */
    List<Long> messagesToldTo(String userId) {
        var result = new ArrayList<Long>();
        for (Told each : told) {
            if (each.userId().equals(userId)) {
                each.news().notices().forEach(notice -> {
                    for (long seq = notice.fromSeq(); seq <= notice.toSeq(); seq++) {
                        result.add(seq);
                    }
                });
            }
        }
        return result;
    }

    private Journal journal() {
        return (kind, entity, from, to, limit) -> {
            journalReads.incrementAndGet();
            if (!journalReadable) {
                return CompletableFuture.failedFuture(new IllegalStateException("down"));
            }
            var all = journal.persistedInStorage(kind.persistenceId(entity));
            var page = new ArrayList<JournalEvent>();
            for (long seq = from; seq <= Math.min(to, all.size()) && page.size() < limit; seq++) {
                page.add(new JournalEvent(seq, (Persisted) all.get((int) seq - 1)));
            }
            return CompletableFuture.completedFuture(page);
        };
    }

    private ActorRef<ConversationCommand> spawn() {
        return kit.spawn(ConversationEntity.create(
                ID,
                kit.<ClusterSharding.ShardCommand>createTestProbe().ref(),
                new ConversationEntity.Ports(
                        journal(), this::user, this::companion, registry(), kit.spawn(reminders()), clock()),
                settings));
    }

    ConversationEntity.Ports ports(ActorTestKit own) {
        return new ConversationEntity.Ports(
                journal(), this::user, this::companion, registry(), own.spawn(reminders()), clock());
    }

    /** Who is in, as the registry has it. */
    List<String> listed() {
        synchronized (rows) {
            return rows.values().stream()
                    .filter(row -> !row.gone())
                    .map(MemberRow::userId)
                    .sorted()
                    .toList();
        }
    }

    private MemberRegistry registry() {
        return new MemberRegistry() {
            @Override
            public CompletionStage<Boolean> write(EntityId conversation, long after, List<MemberRow> changed) {
                if (!registryAnswers) {
                    return CompletableFuture.failedFuture(new IllegalStateException("down"));
                }
                rowsWritten.add(changed.size());
                return registryBegins.thenApply(done -> written(after, changed));
            }

            private boolean written(long after, List<MemberRow> changed) {
                synchronized (rows) {
                    long newest = rows.values().stream()
                            .mapToLong(MemberRow::version)
                            .max()
                            .orElse(0);
                    boolean whole = newest >= after;
                    if (whole) {
                        changed.forEach(row -> rows.put(row.userId(), row));
                    }
                    return whole;
                }
            }

            @Override
            public CompletionStage<Done> replace(
                    EntityId conversation, long version, Instant changedAt, List<MemberRow> all) {
                if (!registryAnswers) {
                    return CompletableFuture.failedFuture(new IllegalStateException("down"));
                }
                rowsWritten.add(all.size());
                synchronized (rows) {
                    rows.replaceAll((userId, row) ->
                            new MemberRow(row.tenant(), userId, row.conversationId(), version, true, changedAt));
                    all.forEach(row -> rows.put(row.userId(), row));
                }
                return CompletableFuture.completedFuture(Done.getInstance());
            }
        };
    }

    /** The companions, which tell nobody. */
    private CompletionStage<PositionsReply> companion(
            EntityId part, Function<ActorRef<PositionsReply>, PositionsCommand> command) {
        if (!companionsAnswer) {
            return CompletableFuture.failedFuture(new IllegalStateException("down"));
        }
        var asked = command.apply(kit.system().ignoreRef());
        synchronized (companions) {
            companionAsks.add(asked);
            var kept = companions.computeIfAbsent(part, any -> new PositionsFold());
            return CompletableFuture.completedFuture(new PositionsReply.PositionsAre(
                    asked instanceof PositionsCommand.Keep keep
                            ? kept.keep(keep.conversationId(), keep.changes(), keep.receipts(), time)
                            : kept.all()));
        }
    }

    private ActorRef<UserCommand> user(EntityId user) {
        return byUser.computeIfAbsent(
                user.id(),
                id -> kit.spawn(Behaviors.receiveMessage(command -> {
                    if (command instanceof BringNews bring) {
                        told.add(new Told(id, bring.news()));
                        var of = bring.news();
                        if (!silent.contains(id)) {
                            bring.replyTo()
                                    .tell(
                                            later.contains(id)
                                                    ? new NewsLater(of.conversationId())
                                                    : new NewsBrought(of.conversationId(), of.upTo()));
                        }
                    }
                    return Behaviors.same();
                })));
    }

    private Behavior<ReminderCommand> reminders() {
        var versions = new AtomicLong();
        return Behaviors.receiveMessage(command -> {
            reminders.add(command);
            if (command instanceof ReminderCommand.Remind remind && remindersAnswer) {
                remind.replyTo().tell(new Reminder(remind.due(), versions.incrementAndGet()));
            }
            return Behaviors.same();
        });
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time;
            }
        };
    }
}
