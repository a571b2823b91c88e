package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Delete;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.Registered;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device with its journal, reminders, registry and sessions. */
class DeviceEntityTest {

    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void answersARegistrationOnlyAfterItsRegistryRow() {
        var device = fixture.spawn();
        fixture.registry.fails = true;
        TestProbe<DeviceReply> caller = fixture.kit.createTestProbe();
        device.tell(new Register(Optional.of("alice"), Fixture.profile("vip"), caller.getRef()));
        caller.expectNoMessage(Duration.ofMillis(300));
        assertThat(fixture.events()).hasSize(1);

        // the same again, although the journal has it: the row comes first
        fixture.registry.fails = false;
        var again = fixture.ask(device, to -> new Register(Optional.of("alice"), Fixture.profile("vip"), to));
        assertThat(again).isInstanceOf(Registered.class);
        assertThat(fixture.registry.rows).last().satisfies(row -> {
            assertThat(row.userId()).contains("alice");
            assertThat(row.tags()).containsExactly("vip");
            assertThat(row.version()).isEqualTo(1);
        });
        assertThat(fixture.events()).hasSize(1);
    }

    @Test
    void aWakeRepairsARegistryRowThatACrashPrevented() {
        var device = fixture.spawn();
        fixture.registry.fails = true;
        device.tell(new Register(
                Optional.empty(),
                Fixture.profile(),
                fixture.kit.<DeviceReply>createTestProbe().getRef()));
        await().until(() -> !fixture.events().isEmpty());
        assertThat(fixture.reminderCommands.get(0)).isInstanceOf(ReminderCommand.Remind.class);

        fixture.registry.fails = false;
        var next = fixture.restart(device);
        next.tell(new Wake(1));
        await().until(() -> fixture.registry.rows.size() == 1);
        next.tell(new Wake(1));
        await().until(() -> fixture.reminderCommands.stream().anyMatch(ReminderCommand.Done.class::isInstance));
    }

    @Test
    void journalsNoPushBeforeItsReminderIsStored() {
        var device = fixture.registered();
        var next = fixture.restart(device);
        fixture.remindersAnswer = false;
        TestProbe<DeviceReply> caller = fixture.kit.createTestProbe();
        next.tell(Fixture.pushOf("n1", "b", 60, Priority.NORMAL, Optional.empty(), caller.getRef()));
        caller.expectNoMessage(Duration.ofMillis(300));
        assertThat(fixture.folded().present().lastSeq()).isZero();

        fixture.lastAsker.get().tell(new Reminder(fixture.clock.instant().plusSeconds(60), 9));
        caller.expectMessage(new PushAccepted("n1", 1, false));
    }

    @Test
    void acceptsOncePerKeyAndAnswersRepeatsAlike() {
        var device = fixture.registered();
        assertThat(fixture.push(device, "n1")).isEqualTo(new PushAccepted("n1", 1, false));
        assertThat(fixture.push(device, "n1")).isEqualTo(new PushAccepted("n1", 1, true));
        var next = fixture.restart(device);
        assertThat(fixture.push(next, "n1")).isEqualTo(new PushAccepted("n1", 1, true));
        var other = fixture.ask(
                next, to -> Fixture.pushOf("n1", "another body", 3600, Priority.NORMAL, Optional.empty(), to));
        assertThat(other)
                .isEqualTo(new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "this key was used for another content"));
        assertThat(fixture.events().stream().filter(ItemAccepted.class::isInstance))
                .hasSize(1);
    }

    @Test
    void asksForAnotherSealWhenTheRecipientIsAnother() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        fixture.ask(device, to -> new Register(Optional.of("bob"), Fixture.profile(), to));
        assertThat(fixture.push(device, "n2")).isEqualTo(new SealedForOther("user:bob"));
        // a repeat is compared under the key of its first recipient
        assertThat(fixture.push(device, "n1")).isEqualTo(new PushAccepted("n1", 1, true));
        assertThat(view(fixture.ask(device, to -> new GetPush("n1", to))).fate())
                .isEqualTo(Fate.REBOUND);
    }

    @Test
    void handsOutInOrderWithinTheWindowAndGoesOnWithAcks() {
        var device = fixture.registered();
        for (int i = 1; i <= 7; i++) {
            fixture.push(device, "n" + i);
        }
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        assertThat(numbers(session, 4)).containsExactly(1L, 2L, 3L, 4L);
        session.expectNoMessage(Duration.ofMillis(200));
        device.tell(new Ack("s1", 3));
        assertThat(numbers(session, 3)).containsExactly(5L, 6L, 7L);
    }

    @Test
    void handsOutAtOnceWhatIsAcceptedWhileAttached() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        var item = session.expectMessageClass(Deliver.class).items().get(0);
        assertThat(item.itemSeq()).isEqualTo(1);
        assertThat(item.body()).contains(Fixture.sealed("user:alice", "body of n1"));
    }

    @Test
    void repeatsAfterARestartOnlyWhatWasNotAcknowledged() {
        var device = fixture.registered();
        var first = fixture.attach(device, "s1", 0);
        first.expectMessageClass(Attached.class);
        for (int i = 1; i <= 3; i++) {
            fixture.push(device, "n" + i);
        }
        assertThat(numbers(first, 3)).containsExactly(1L, 2L, 3L);
        device.tell(new Ack("s1", 1));
        var next = fixture.restart(device);
        var again = fixture.attach(next, "s1", 1);
        assertThat(again.expectMessageClass(Attached.class).ackedSeq()).isEqualTo(1);
        assertThat(numbers(again, 2)).containsExactly(2L, 3L);
    }

    @Test
    void journalsManyAcksAsOneEvent() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        for (int i = 1; i <= 4; i++) {
            fixture.push(device, "n" + i);
        }
        numbers(session, 4);
        for (int i = 1; i <= 4; i++) {
            device.tell(new Ack("s1", i));
        }
        await().until(() -> fixture.folded().present().ackedSeq() == 4);
        assertThat(fixture.events().stream().filter(Acknowledged.class::isInstance))
                .hasSize(1);
        assertThat(view(fixture.ask(device, to -> new GetPush("n4", to))).fate())
                .isEqualTo(Fate.ACKNOWLEDGED);
    }

    @Test
    void anAckWaitsItsOwnTimeForAnEventToRideOn() {
        var flush = Duration.ofSeconds(1);
        fixture.withLimits(old -> new DeviceLimits(
                old.maxOpenItems(),
                old.maxOpenBytes(),
                old.maxRemembered(),
                old.window(),
                old.windowBytes(),
                flush,
                old.reminderTimeout(),
                old.sessionReturn(),
                old.passivateAfter(),
                old.vendorLook()));
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        numbers(session, 1);
        device.tell(new Ack("s1", 1));
        session.expectNoMessage(Duration.ofMillis(600));
        fixture.push(device, "n2");
        numbers(session, 1);
        long acked = System.nanoTime();
        device.tell(new Ack("s1", 2));
        await().until(() -> fixture.folded().present().ackedSeq() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - acked)).isGreaterThanOrEqualTo(flush);
    }

    @Test
    void refusesAnAckAboveWhatWasSent() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        numbers(session, 1);
        device.tell(new Ack("s1", 2));
        session.expectMessage(new Ended(EndReason.PROTOCOL_MISUSE));
        assertThat(fixture.folded().present().ackedSeq()).isZero();
    }

    @Test
    void aNewSessionReplacesTheOldForGood() {
        var device = fixture.registered();
        var old = fixture.attach(device, "s1", 0);
        old.expectMessageClass(Attached.class);
        var young = fixture.attach(device, "s2", 0);
        young.expectMessageClass(Attached.class);
        old.expectMessage(new Ended(EndReason.REPLACED));
        // the device moves; the old session notices first and must not take the stream back
        var next = fixture.restart(device);
        fixture.attach(next, "s1", 0).expectMessage(new Ended(EndReason.REPLACED));
        fixture.attach(next, "s2", 0).expectMessageClass(Attached.class);
    }

    @Test
    void refusesASessionOfAnEarlierBinding() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        numbers(session, 1);
        fixture.ask(device, to -> new Register(Optional.of("bob"), Fixture.profile(), to));
        session.expectMessage(new Ended(EndReason.REVOKED));
        fixture.attach(device, "s3", 0).expectMessage(new Ended(EndReason.REVOKED));
        var state = fixture.folded();
        assertThat(state.present().lastSeq()).isZero();
        assertThat(state.attachment()).isEmpty();
    }

    @Test
    void saysWhatWillNeverCome() {
        var device = fixture.registered();
        fixture.ask(device, to -> Fixture.pushOf("n1", "a", 60, Priority.NORMAL, Optional.of("k"), to));
        fixture.ask(device, to -> Fixture.pushOf("n2", "b", 60, Priority.NORMAL, Optional.of("k"), to));
        fixture.ask(device, to -> Fixture.pushOf("n3", "c", 60, Priority.NORMAL, Optional.empty(), to));
        fixture.ask(device, to -> new CancelPush("n3", to));
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        assertThat(session.expectMessageClass(Gone.class)).satisfies(gone -> {
            assertThat(gone.fromSeq()).isEqualTo(1);
            assertThat(gone.fate()).isEqualTo(Fate.SUPERSEDED);
        });
        assertThat(numbers(session, 1)).containsExactly(2L);
        assertThat(session.expectMessageClass(Gone.class).fate()).isEqualTo(Fate.CANCELLED);
    }

    @Test
    void recallsWhatMayHaveBeenSeen() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        numbers(session, 1);
        assertThat(view(fixture.ask(device, to -> new CancelPush("n1", to))).fate())
                .isEqualTo(Fate.RECALLED);
        var recall = session.expectMessageClass(Deliver.class).items().get(0);
        assertThat(recall.kind()).isEqualTo(ItemKind.RECALL);
        assertThat(recall.id()).isEqualTo("n1");
        assertThat(recall.itemSeq()).isEqualTo(2);
        // again: nothing more happens
        assertThat(view(fixture.ask(device, to -> new CancelPush("n1", to))).fate())
                .isEqualTo(Fate.RECALLED);
        session.expectNoMessage(Duration.ofMillis(200));
    }

    @Test
    void expiresByReminderThoughNobodyLooks() {
        var device = fixture.registered();
        fixture.ask(device, to -> Fixture.pushOf("n1", "a", 5, Priority.NORMAL, Optional.empty(), to));
        var next = fixture.restart(device);
        fixture.clock.advance(Duration.ofSeconds(6));
        next.tell(new Wake(1));
        await().until(() -> fixture.events().stream().anyMatch(ItemsEnded.class::isInstance));
        assertThat(view(fixture.ask(next, to -> new GetPush("n1", to))).fate()).isEqualTo(Fate.EXPIRED);
    }

    @Test
    void neverHandsOutWhatHasExpired() {
        var device = fixture.registered();
        fixture.ask(device, to -> Fixture.pushOf("n1", "a", 5, Priority.NORMAL, Optional.empty(), to));
        fixture.clock.advance(Duration.ofSeconds(5));
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        assertThat(session.expectMessageClass(Gone.class).fate()).isEqualTo(Fate.EXPIRED);
    }

    @Test
    void neverHandsOutWhatExpiredWhileItWaitedForTheWindow() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        for (int i = 1; i <= 4; i++) {
            fixture.push(device, "n" + i);
        }
        numbers(session, 4);
        fixture.ask(device, to -> Fixture.pushOf("n5", "e", 5, Priority.NORMAL, Optional.empty(), to));
        fixture.clock.advance(Duration.ofSeconds(6));
        device.tell(new Ack("s1", 4));
        assertThat(session.expectMessageClass(Gone.class).fate()).isEqualTo(Fate.EXPIRED);
    }

    @Test
    void aFullBacklogEndsTheOldestOfTheLowestPriority() {
        fixture.withLimits(old -> new DeviceLimits(
                3,
                old.maxOpenBytes(),
                old.maxRemembered(),
                3,
                old.windowBytes(),
                old.ackFlush(),
                old.reminderTimeout(),
                old.sessionReturn(),
                old.passivateAfter(),
                old.vendorLook()));
        var device = fixture.registered();
        fixture.ask(device, to -> Fixture.pushOf("n1", "a", 60, Priority.HIGH, Optional.empty(), to));
        fixture.ask(device, to -> Fixture.pushOf("n2", "b", 60, Priority.LOW, Optional.empty(), to));
        fixture.ask(device, to -> Fixture.pushOf("n3", "c", 60, Priority.NORMAL, Optional.empty(), to));
        fixture.ask(device, to -> Fixture.pushOf("n4", "d", 60, Priority.NORMAL, Optional.empty(), to));
        assertThat(view(fixture.ask(device, to -> new GetPush("n2", to))).fate())
                .isEqualTo(Fate.REFUSED);
        fixture.ask(device, to -> Fixture.pushOf("n5", "e", 60, Priority.LOW, Optional.empty(), to));
        assertThat(view(fixture.ask(device, to -> new GetPush("n5", to))).fate())
                .isEqualTo(Fate.REFUSED);
        assertThat(fixture.folded().present().open()).containsOnlyKeys(1L, 3L, 4L);
    }

    @Test
    void redeliversAcknowledgedItemsUnderNewNumbers() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        numbers(session, 2);
        device.tell(new Ack("s1", 2));
        var reply = fixture.ask(device, to -> new Redeliver(1, 9, "r1", "user:alice", "f", to));
        assertThat(reply).isEqualTo(new DeviceReply.Redelivered(3, 4, false));
        var items = items(session, 2);
        assertThat(items).extracting(Item::itemSeq).containsExactly(3L, 4L);
        assertThat(items).extracting(Item::id).containsExactly("n1", "n2");
        assertThat(items).extracting(Item::redeliveryOf).containsExactly(Optional.of(1L), Optional.of(2L));
        assertThat(items.get(0).body()).contains(Fixture.sealed("user:alice", "body of n1"));
        assertThat(fixture.ask(device, to -> new Redeliver(1, 9, "r1", "user:alice", "f", to)))
                .isEqualTo(new DeviceReply.Redelivered(3, 4, true));
        for (boolean repeated : List.of(false, true)) {
            assertThat(fixture.ask(device, to -> new Redeliver(50, 60, "r2", "user:alice", "f", to)))
                    .isInstanceOfSatisfying(Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.NOTHING_TO_REDELIVER);
                        assertThat(refused.repeated()).isEqualTo(repeated);
                    });
        }
    }

    @Test
    void aDeletedDeviceIsGoneAndItsItemsSayWhy() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        assertThat(fixture.ask(device, Delete::new)).isInstanceOf(DeviceReply.Deleted.class);
        assertThat(fixture.registry.rows).last().satisfies(row -> assertThat(row.deleted())
                .isTrue());
        assertThat(fixture.ask(device, Get::new)).isInstanceOf(Refused.class);
        assertThat(fixture.push(device, "n2")).isInstanceOf(Refused.class);
        assertThat(fixture.push(device, "n1")).isEqualTo(new PushAccepted("n1", 1, true));
        assertThat(view(fixture.ask(device, to -> new GetPush("n1", to))).fate())
                .isEqualTo(Fate.DEVICE_GONE);
        var back = fixture.ask(device, to -> new Register(Optional.of("alice"), Fixture.profile(), to));
        assertThat(((Registered) back).device().binding()).isEqualTo(2);
    }

    @Test
    void aSessionThatDoesNotReturnAfterARestartIsAway() {
        var device = fixture.registered();
        fixture.attach(device, "s1", 0).expectMessageClass(Attached.class);
        var next = fixture.restart(device);
        assertThat(((DeviceView) fixture.ask(next, Get::new)).online()).isTrue();
        await().until(() -> fixture.events().stream().anyMatch(SessionDetached.class::isInstance));
        assertThat(((DeviceView) fixture.ask(next, Get::new)).online()).isFalse();
    }

    @Test
    void aDeadSessionIsNoticed() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.stop();
        await().until(() -> fixture.events().stream().anyMatch(SessionDetached.class::isInstance));
        device.tell(new Detach("s1", "late"));
        assertThat(fixture.events().stream().filter(SessionDetached.class::isInstance))
                .hasSize(1);
    }

    @Test
    void stopsAtOnceAndKeepsTheAcknowledgedPosition() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.push(device, "n1");
        numbers(session, 1);
        device.tell(new Ack("s1", 1));
        device.tell(new DeviceMessage.Stop());
        fixture.kit.<DeviceCommand>createTestProbe().expectTerminated(device, Duration.ofSeconds(2));
        assertThat(fixture.folded().present().ackedSeq()).isEqualTo(1);
    }

    @Test
    void endsAnIncarnationWhoseWriteHasFailedSoThatItsSessionIsCheckedAgain() {
        var device = fixture.registered();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        fixture.journal.failNextPersisted(Fixture.PERSISTENCE_ID);
        TestProbe<DeviceReply> caller = fixture.kit.createTestProbe();
        device.tell(Fixture.pushOf("n1", "b", 60, Priority.NORMAL, Optional.empty(), caller.getRef()));
        session.expectTerminated(device, Duration.ofSeconds(5));
        caller.expectNoMessage(Duration.ofMillis(100));
        var next = fixture.spawn();
        assertThat(fixture.push(next, "n1")).isEqualTo(new PushAccepted("n1", 1, false));
    }

    private static PushView view(DeviceReply reply) {
        return (PushView) reply;
    }

    private static List<Long> numbers(TestProbe<SessionMessage> session, int count) {
        return items(session, count).stream().map(Item::itemSeq).toList();
    }

    private static List<Item> items(TestProbe<SessionMessage> session, int count) {
        var result = new ArrayList<Item>();
        while (result.size() < count) {
            result.addAll(session.expectMessageClass(Deliver.class).items());
        }
        return result;
    }
}
