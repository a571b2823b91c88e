package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.actors.notification.FateReporter.Report;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.DeviceFate;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a device tells the companions of notifications to many. */
class FateReportsTest {

    private static final String ID = "n" + "a".repeat(25);

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Report told() {
        return fixture.fates.expectMessageClass(Report.class, Duration.ofSeconds(5));
    }

    @Test
    void anAcknowledgementIsToldOnceItIsKept() {
        var device = fixture.registered();
        fixture.push(device, ID);
        acknowledge(device);

        Report report = told();
        assertThat(report.notification()).isEqualTo(new EntityId("acme", ID));
        assertThat(report.fate().fate()).isEqualTo(Fate.ACKNOWLEDGED);
        assertThat(report.fate().channel()).contains(DeviceFate.SOCKET);
        assertThat(report.fate().deviceId()).isEqualTo("d1");
        report.kept().run();
        device.tell(new DeviceMessage.ReportFates());
        fixture.fates.expectNoMessage(Duration.ofMillis(300));
    }

    @Test
    void whatIsNotKeptIsToldAgainByTheNextLifeAndKeepsTheReminder() {
        var device = fixture.registered();
        fixture.push(device, ID);
        acknowledge(device);
        told();

        var again = fixture.restart(device);
        Report report = told();
        assertThat(report.fate().fate()).isEqualTo(Fate.ACKNOWLEDGED);
        fixture.registry.rows.clear();
        fixture.ask(again, replyTo -> new DeviceCommand.Register(Optional.of("alice"), Fixture.profile(), replyTo));
        again.tell(new Wake(77));
        await().until(() -> fixture.reminderCommands.contains(new ReminderCommand.Rearm(
                EntityKind.DEVICE, Fixture.ID, 77, fixture.clock.instant().plus(FateReports.REPEAT))));
        report.kept().run();
        again.tell(new Wake(78));
        await().until(() ->
                fixture.reminderCommands.contains(new ReminderCommand.Done(EntityKind.DEVICE, Fixture.ID, 78)));
    }

    @Test
    void aLaterFateIsToldWithAHigherNumberAndPushesToOneDeviceNever() {
        var device = fixture.registered();
        fixture.push(device, "n" + "b".repeat(25) + "~d1");
        fixture.push(device, ID);
        assertThat(fixture.ask(device, replyTo -> new CancelPush(ID, replyTo)))
                .isInstanceOf(DeviceReply.PushView.class);
        Report cancelled = told();
        assertThat(cancelled.fate().fate()).isEqualTo(Fate.CANCELLED);
        assertThat(cancelled.fate().channel()).isEmpty();
        assertThat(cancelled.fate().deviceSeq()).isEqualTo(fixture.events().size());
        cancelled.kept().run();
        fixture.fates.expectNoMessage(Duration.ofMillis(300));
    }

    private void acknowledge(ActorRef<DeviceCommand> device) {
        var session = fixture.attach(device, "s1", 0);
        session.receiveSeveralMessages(2, Duration.ofSeconds(5));
        device.tell(new Ack("s1", 1));
    }
}
