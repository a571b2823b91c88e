package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Opened;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What crosses on the way, and what comes at the wrong moment. */
class DeviceRacesTest {

    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Fate fateOf(ActorRef<DeviceCommand> device, String id) {
        return ((PushView) fixture.ask(device, to -> new GetPush(id, to))).fate();
    }

    @Test
    void whatWasOpenedStaysOpenedWhenItIsAcknowledged() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);

        device.tell(new Opened("s1", "n1"));
        device.tell(new Ack("s1", 1));
        await().until(() -> fixture.folded().present().ackedSeq() == 1);

        assertThat(fateOf(device, "n1")).isEqualTo(Fate.OPENED);
    }

    @Test
    void whatIsCancelledUnseenIsNotDeliveredAsItsOwnRedelivery() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        fixture.ask(device, to -> new Redeliver(1, 1, "r1", "user:alice", "f", to));
        var view = (PushView) fixture.ask(device, to -> new CancelPush("n1", to));
        assertThat(view.fate()).isEqualTo(Fate.CANCELLED);

        assertThat(fixture.folded().present().open().values()).isEmpty();
    }

    @Test
    void aNotificationCanBeCancelledAsLongAsItIsOpen() {
        var device = fixture.registered();
        fixture.ask(device, to -> Fixture.pushOf("n1", "long", 28 * 86_400L, Priority.NORMAL, Optional.empty(), to));
        fixture.clock.advance(Duration.ofDays(8));

        assertThat(fixture.ask(device, to -> new GetPush("n1", to))).isInstanceOf(PushView.class);
        assertThat(fixture.ask(device, to -> new CancelPush("n1", to))).isInstanceOf(PushView.class);
        assertThat(fixture.folded().present().open().values()).isEmpty();
    }

    @Test
    void theMemoryOfCommandsIsBoundedForRedeliveriesToo() {
        fixture.withLimits(limits -> new DeviceLimits(
                3,
                limits.maxOpenBytes(),
                3,
                3,
                limits.windowBytes(),
                limits.ackFlush(),
                limits.reminderTimeout(),
                limits.sessionReturn(),
                limits.passivateAfter(),
                limits.vendorLook()));
        var device = fixture.registered();
        for (int i = 0; i < 5; i++) {
            int number = i;
            fixture.ask(device, to -> new Redeliver(1, 9, "r" + number, "user:alice", "f", to));
        }

        assertThat(fixture.events().stream().filter(RequestRefused.class::isInstance))
                .hasSize(3);
        assertThat(fixture.folded().answered().size()).isEqualTo(3);
    }

    @Test
    void aRecallIsOpenWorkAndHasAReminder() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);
        device.tell(new Ack("s1", 1));
        await().until(() -> fixture.folded().present().ackedSeq() == 1);
        device.tell(new Wake(1));
        await().until(() -> fixture.reminderCommands.stream().anyMatch(ReminderCommand.Done.class::isInstance));
        int before = fixture.reminderCommands.size();

        fixture.ask(device, to -> new CancelPush("n1", to));

        assertThat(fixture.folded().present().open()).hasSize(1);
        assertThat(fixture.reminderCommands.subList(before, fixture.reminderCommands.size()))
                .anyMatch(ReminderCommand.Remind.class::isInstance);
    }

    @Test
    void aRedeliveryHasAReminderThoughAWakeCameWhileTheJournalWasSearched() {
        var ports = fixture.ports();
        var held = new CompletableFuture<List<JournalEvent>>();
        var searching = new AtomicBoolean();
        var slow = new DeviceEntity.Ports(
                (kind, entity, from, to, limit) -> {
                    boolean search = from == 1 && searching.compareAndSet(false, true);
                    var page = ports.journal().events(kind, entity, from, to, limit);
                    return search ? held.thenCompose(go -> page) : page;
                },
                ports.registry(),
                ports.reminders(),
                ports.channels(),
                ports.claims(),
                ports.fates(),
                ports.positions(),
                ports.users(),
                ports.messages(),
                ports.clock());
        var device = fixture.kit.spawn(DeviceEntity.create(
                Fixture.ID,
                fixture.kit.<ClusterSharding.ShardCommand>createTestProbe().getRef(),
                slow,
                fixture.limits()));
        fixture.ask(device, to -> new Register(Optional.of("alice"), Fixture.profile(), to));
        fixture.push(device, "n1");
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);
        device.tell(new Ack("s1", 1));
        await().until(() -> fixture.folded().present().ackedSeq() == 1);
        device.tell(new Detach("s1", "closed"));
        var caller = fixture.kit.<DeviceReply>createTestProbe();
        device.tell(new Redeliver(1, 1, "r1", "user:alice", "f", caller.getRef()));
        await().until(searching::get);
        device.tell(new Wake(1));
        await().until(() -> fixture.reminderCommands.stream().anyMatch(ReminderCommand.Done.class::isInstance));
        int before = fixture.reminderCommands.size();

        held.complete(List.of());

        caller.receiveMessage();
        assertThat(fixture.events()).last().isInstanceOf(ItemsRedelivered.class);
        assertThat(fixture.reminderCommands.subList(before, fixture.reminderCommands.size()))
                .anyMatch(ReminderCommand.Remind.class::isInstance);
    }

    @Test
    void stopsThoughTheJournalDoesNotTakeTheLastAcknowledgement() {
        fixture.withLimits(limits -> new DeviceLimits(
                limits.maxOpenItems(),
                limits.maxOpenBytes(),
                limits.maxRemembered(),
                limits.window(),
                limits.windowBytes(),
                Duration.ofMinutes(1),
                limits.reminderTimeout(),
                limits.sessionReturn(),
                limits.passivateAfter(),
                limits.vendorLook()));
        var device = fixture.registered();
        fixture.push(device, "n1");
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);
        device.tell(new Ack("s1", 1));
        fixture.ask(device, to -> new GetPush("n1", to));
        fixture.journal.failNextPersisted(Fixture.PERSISTENCE_ID);

        device.tell(new DeviceMessage.Stop());

        session.expectTerminated(device, Duration.ofSeconds(5));
    }

    @Test
    void aPositionStatedOnReattachingIsJournaledSoon() {
        var device = fixture.registered();
        fixture.push(device, "n1");
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);
        fixture.attach(device, "s1", 1).expectMessageClass(Attached.class);

        await().atMost(Duration.ofSeconds(3)).until(() -> fateOf(device, "n1") == Fate.ACKNOWLEDGED);
    }
}
