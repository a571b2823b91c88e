package io.lanying.actors.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand;
import io.lanying.protocol.tenant.TenantCommand.Delete;
import io.lanying.protocol.tenant.TenantCommand.DeleteCredential;
import io.lanying.protocol.tenant.TenantCommand.DeleteRole;
import io.lanying.protocol.tenant.TenantCommand.Get;
import io.lanying.protocol.tenant.TenantCommand.GetChannels;
import io.lanying.protocol.tenant.TenantCommand.GetCredential;
import io.lanying.protocol.tenant.TenantCommand.PutRole;
import io.lanying.protocol.tenant.TenantCommand.RevokeApiKey;
import io.lanying.protocol.tenant.TenantCommand.SetQuotas;
import io.lanying.protocol.tenant.TenantCommand.Wake;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyCreated;
import io.lanying.protocol.tenant.TenantEvent.TenantCreated;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.ApiKeyMade;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.QuotasAre;
import io.lanying.protocol.tenant.TenantReply.Refused;
import io.lanying.protocol.tenant.TenantReply.RoleIs;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tenant with its journal, its reminders and its registry row. */
class TenantEntityTest {

    private static final EntityId ID = new EntityId("acme", "acme");
    private static final String PERSISTENCE_ID = EntityKind.TENANT.persistenceId(ID);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration SILENCE = Duration.ofMillis(100);

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
                    "push.tenant { snapshot-every = 5, reminder-timeout = 300ms, passivate-after = 300ms }")
            .withFallback(EventSourcedBehaviorTestKit.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load()));
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final TestProbe<ReminderCommand> reminders = kit.createTestProbe();
    private final TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    private final TestProbe<TenantReply> caller = kit.createTestProbe();
    private final Registry registry = new Registry();
    private final SteppedClock clock = new SteppedClock();
    private ActorRef<TenantCommand> tenant;

    @BeforeEach
    void start() {
        tenant = spawn();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private ActorRef<TenantCommand> spawn() {
        return kit.spawn(TenantEntity.create(ID, shard.getRef(), registry, reminders.getRef(), clock));
    }

    private void crash() {
        kit.stop(tenant);
        tenant = spawn();
    }

    private Remind reminderAsked() {
        return reminders.expectMessageClass(Remind.class);
    }

    private void storeReminder(long version) {
        Remind asked = reminderAsked();
        asked.replyTo().tell(new Reminder(asked.due(), version));
    }

    private List<Object> events() {
        return journal.persistedInStorage(PERSISTENCE_ID);
    }

    private TenantReply createTenant() {
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        storeReminder(1);
        return caller.receiveMessage();
    }

    private void expectDone(long version) {
        reminders.expectMessage(new ReminderCommand.Done(EntityKind.TENANT, ID, version));
    }

    @Test
    void theReminderIsStoredBeforeTheEventAndTheRowIsWrittenBeforeTheAnswer() {
        registry.holds = true;
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));

        Remind asked = reminderAsked();
        assertThat(asked.kind()).isEqualTo(EntityKind.TENANT);
        assertThat(asked.entity()).isEqualTo(ID);
        assertThat(asked.due()).isEqualTo(NOON.plusSeconds(10));
        assertThat(events()).isEmpty();

        asked.replyTo().tell(new Reminder(asked.due(), 1));
        await().until(() -> registry.open.size() == 1);
        assertThat(events()).singleElement().isInstanceOf(TenantCreated.class);
        caller.expectNoMessage(SILENCE);

        registry.release();
        assertThat(caller.receiveMessage()).isEqualTo(Commands.view("Acme", NOON, List.of(), "sk-t1", false));
        assertThat(registry.rows).containsExactly(new TenantRow("acme", "Acme", NOON, 1, false));
        expectDone(1);
    }

    @Test
    void withoutAReminderTheCommandIsRefusedAndNothingHappened() {
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        reminderAsked();

        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(events()).isEmpty();
        assertThat(registry.rows).isEmpty();
    }

    @Test
    void aRepeatedCreationGetsTheFirstAnswer() {
        createTenant();

        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantView.class, view -> assertThat(view.repeated())
                .isTrue());
        tenant.tell(Commands.create("t1", "Other", caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED));
        assertThat(events()).hasSize(1);
    }

    @Test
    void theSameCreationManyTimesAtOnceIsOneTenant() {
        for (int i = 0; i < 5; i++) {
            tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        }
        storeReminder(1);

        assertThat(caller.receiveSeveralMessages(5))
                .allSatisfy(reply -> assertThat(reply).isInstanceOf(TenantView.class));
        assertThat(events()).hasSize(1);
    }

    @Test
    void aCrashBetweenEventAndRowIsRepairedByTheWake() {
        registry.fails = true;
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        storeReminder(7);
        await().until(() -> registry.attempts.get() == 1);
        caller.expectNoMessage(SILENCE);
        crash();

        registry.fails = false;
        tenant.tell(new Wake(7));

        expectDone(7);
        assertThat(registry.rows).containsExactly(new TenantRow("acme", "Acme", NOON, 1, false));
    }

    @Test
    void aWakeThatCannotWriteTheRowKeepsTheReminder() {
        registry.fails = true;
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        storeReminder(7);
        await().until(() -> registry.attempts.get() == 1);
        tenant.tell(new Wake(7));
        await().until(() -> registry.attempts.get() == 2);
        reminders.expectNoMessage(SILENCE);

        registry.fails = false;
        tenant.tell(new Wake(7));
        expectDone(7);
    }

    @Test
    void aRepeatAfterACrashIsAnsweredOnlyWhenTheRowIsWritten() {
        registry.fails = true;
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        storeReminder(1);
        await().until(() -> registry.attempts.get() == 1);
        crash();

        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        caller.expectNoMessage(SILENCE);
        registry.fails = false;
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));

        assertThat(caller.receiveMessage()).isInstanceOf(TenantView.class);
        assertThat(registry.rows).hasSize(1);
        assertThat(events()).hasSize(1);
    }

    @Test
    void aWakeDoesNotTakeAwayTheReminderOfADeletionThatCameMeanwhile() {
        createTenant();
        expectDone(1);
        crash();
        registry.holds = true;
        tenant.tell(new Wake(2));
        await().until(() -> registry.open.size() == 1);
        tenant.tell(new Delete(caller.getRef()));
        storeReminder(3);
        await().until(() -> events().size() == 2);

        registry.release(); // the row of the wake, older than the deletion
        reminders.expectNoMessage(SILENCE);
        caller.expectNoMessage(SILENCE);
        registry.release();
        assertThat(caller.receiveMessage()).isEqualTo(new Deleted());
        expectDone(3);
        assertThat(registry.rows).last().satisfies(row -> assertThat(row.deleted())
                .isTrue());
    }

    @Test
    void aWakeOfATenantThatNothingHappenedToIsHarmless() {
        tenant.tell(new Wake(3));

        expectDone(3);
        assertThat(registry.attempts).hasValue(0);
        tenant.tell(new Delete(caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new Deleted());
        assertThat(registry.attempts).hasValue(0);
    }

    @Test
    void keysAreMadeShownOnceAndRevoked() {
        createTenant();

        tenant.tell(Commands.createApiKey("r1", "k1", caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOf(ApiKeyMade.class);
        tenant.tell(Commands.createApiKey("r1", "k2", caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.SECRET_ALREADY_SHOWN);
            assertThat(refused.repeated()).isTrue();
        });
        tenant.tell(new RevokeApiKey("k1", caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new Deleted());
        tenant.tell(new Get(caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantView.class, view -> assertThat(view.apiKeys())
                .isEmpty());
    }

    @Test
    void rolesAndQuotasSurviveACrash() {
        var role = new Role("reader", List.of("devices:read"));
        var quotas = new Quotas(Optional.of(10), Optional.of(100));
        createTenant();

        tenant.tell(new PutRole(role, caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new RoleIs(role, true));
        tenant.tell(new PutRole(new Role("brief", List.of("*")), caller.getRef()));
        caller.receiveMessage();
        tenant.tell(new DeleteRole("brief", caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new Deleted());
        tenant.tell(new SetQuotas(quotas, caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new QuotasAre(quotas));

        crash();
        tenant.tell(new Get(caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantView.class, view -> {
            assertThat(view.roles()).containsExactly(role);
            assertThat(view.quotas()).contains(quotas);
            assertThat(view.region()).isEqualTo(Commands.REGION);
        });
    }

    @Test
    void credentialsSurviveACrash_andTheReplyLeavesTheSecretInTheJournal() {
        createTenant();

        tenant.tell(Commands.putCredential(Commands.APNS, "a", caller.getRef()));
        caller.receiveMessage();
        tenant.tell(Commands.putCredential(Commands.APNS, "b", caller.getRef()));
        caller.receiveMessage();
        tenant.tell(Commands.restore("c1", Commands.APNS, 1, caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new TenantReply.CredentialRestored(3, false));

        crash();
        tenant.tell(new GetCredential(Commands.APNS, caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantReply.CredentialIs.class, is -> {
            assertThat(is.credential().version()).isEqualTo(3);
            assertThat(is.credential().secret()).isEqualTo(Commands.secret("a"));
        });
        tenant.tell(new GetChannels(caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantReply.ChannelsAre.class, are -> assertThat(
                        are.channels().get(0).versions())
                .hasSize(3));
        tenant.tell(new DeleteCredential(Commands.APNS, caller.getRef()));
        assertThat(caller.receiveMessage()).isEqualTo(new Deleted());
    }

    @Test
    void eventTimeNeverRunsBackwards() {
        createTenant();
        clock.now = NOON.minusSeconds(3600);

        tenant.tell(Commands.createApiKey("r1", "k1", caller.getRef()));
        caller.receiveMessage();

        assertThat(events()).last().isInstanceOfSatisfying(ApiKeyCreated.class, event -> assertThat(event.at())
                .isEqualTo(NOON));
    }

    @Test
    void snapshotsAreTheProtocolsAndOldOnesAreDeletedButNoEvents() {
        createTenant();
        for (int i = 0; i < 24; i++) {
            tenant.tell(Commands.createApiKey("r" + i, "k" + i, caller.getRef()));
            caller.receiveMessage();
        }

        var snapshots = SnapshotTestKit.create(kit.system());
        var more = new AtomicInteger();
        // The test kit's store loses a snapshot when an older one is deleted at the same moment: then the next one
        // shows it.
        await().untilAsserted(() -> {
            for (int i = 0; i < 5; i++) {
                var quotas = new Quotas(Optional.of(more.incrementAndGet()), Optional.empty());
                tenant.tell(new SetQuotas(quotas, caller.getRef()));
                caller.receiveMessage();
            }
            assertThat(snapshots.persistedInStorage(PERSISTENCE_ID))
                    .extracting(stored -> stored.second())
                    .allSatisfy(stored -> assertThat(stored).isInstanceOf(TenantSnapshot.class))
                    .extracting(stored -> ((TenantSnapshot) stored).eventSeq())
                    .anyMatch(seq -> seq >= 25)
                    .doesNotContain(5L, 10L);
        });
        assertThat(events()).hasSize(25 + more.get());

        crash();
        tenant.tell(new Get(caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(TenantView.class, view -> assertThat(view.apiKeys())
                .hasSize(24));
        tenant.tell(Commands.createApiKey("r3", "k99", caller.getRef()));
        assertThat(caller.receiveMessage()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.SECRET_ALREADY_SHOWN));
    }

    @Test
    void idleItAsksItsShardAndStopsWhenTold() {
        createTenant();

        shard.expectMessage(new ClusterSharding.Passivate<>(tenant));
        tenant.tell(TenantEntity.stopMessage());
        caller.expectTerminated(tenant);
    }

    @Test
    void stopsThoughACommandWaitsForItsReminder() {
        tenant.tell(Commands.create("t1", "Acme", caller.getRef()));
        reminderAsked();

        tenant.tell(TenantEntity.stopMessage());

        caller.expectTerminated(tenant, Duration.ofMillis(250));
        assertThat(events()).isEmpty();
    }

    @Test
    void aFailedWriteIsUnknownAndTheTenantRecovers() {
        createTenant();
        journal.failNextPersisted(PERSISTENCE_ID);

        tenant.tell(Commands.createApiKey("r1", "k1", caller.getRef()));
        caller.expectNoMessage(SILENCE);
        tenant.tell(Commands.createApiKey("r1", "k1", caller.getRef()));

        assertThat(caller.receiveMessage()).isInstanceOf(ApiKeyMade.class);
    }

    @Test
    void everyEventAndReplySurvivesSerialisationAndARestart() {
        kit.stop(tenant);
        EventSourcedBehaviorTestKit<TenantCommand, TenantEvent, TenantState> behavior =
                EventSourcedBehaviorTestKit.create(
                        kit.system(),
                        TenantEntity.create(ID, shard.getRef(), registry, reminders.getRef(), clock),
                        EventSourcedBehaviorTestKit.enabledSerializationSettings()
                                .withVerifyState(false)
                                .withVerifyEquality(true));
        behavior.<TenantReply>runCommand(to -> new Get(to));
        behavior.runCommand(Commands.create("t1", "Acme", caller.getRef()));
        storeReminder(1);
        caller.receiveMessage();

        var made = behavior.<TenantReply>runCommand(to -> Commands.createApiKey("r1", "k1", to));
        assertThat(made.eventOfType(ApiKeyCreated.class).apiKey().keyId()).isEqualTo("k1");
        assertThat(made.reply()).isInstanceOf(ApiKeyMade.class);
        var refused = behavior.<TenantReply>runCommand(to -> Commands.create("t2", "Acme", to));
        assertThat(refused.event()).isInstanceOf(TenantEvent.RequestRefused.class);

        assertThat(behavior.restart().state()).isEqualTo(refused.state());
    }

    /** The registry, which may fail, or hold writes until released. */
    private static final class Registry implements RegistryWriter {

        final List<TenantRow> rows = new CopyOnWriteArrayList<>();
        final List<Runnable> open = new CopyOnWriteArrayList<>();
        final AtomicInteger attempts = new AtomicInteger();
        volatile boolean fails;
        volatile boolean holds;

        void release() {
            open.remove(0).run();
        }

        @Override
        public CompletionStage<Done> write(TenantRow row) {
            attempts.incrementAndGet();
            if (fails) {
                return CompletableFuture.failedFuture(new IllegalStateException("the registry is down"));
            }
            var written = new CompletableFuture<Done>();
            Runnable end = () -> {
                rows.add(row);
                written.complete(Done.getInstance());
            };
            if (holds) {
                open.add(end);
            } else {
                end.run();
            }
            return written;
        }

        @Override
        public CompletionStage<Done> write(DeviceRow row) {
            throw new IllegalStateException("not a device's test");
        }
    }

    private static final class SteppedClock extends Clock {

        volatile Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
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
