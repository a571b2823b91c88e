package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Delete;
import io.lanying.protocol.device.DeviceCommand.NoteOpened;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.session.SessionMessage.Attached;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A notification to many that was called off, whose push comes to the device afterwards: the node that sent it has died. */
class CalledOffTest {

    private static final Duration QUIET = Duration.ofMillis(150);

    /** As long as the id of a notification to many is. */
    private static final String N = "nabcdefghijklmnopqrstuvwxy";

    private static final String OTHER = "nzzzdefghijklmnopqrstuvwxy";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aPushThatComesAfterItsRecallIsRefusedAlsoByTheNextIncarnation() {
        var device = fixture.registered();
        assertNotFound(cancel(device, N));

        assertCalledOff(push(device, N));
        device = fixture.restart(device);
        assertCalledOff(push(device, N));

        assertThat(accepted()).isEmpty();
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectNoMessage(QUIET);
    }

    @Test
    void aRepeatedRecallIsAnsweredAsTheFirstOne() {
        var device = fixture.registered();
        assertNotFound(cancel(device, N));
        assertNotFound(cancel(device, N));
        assertNotFound(cancel(fixture.restart(device), N));

        assertThat(marks()).hasSize(1);
    }

    @Test
    void whatTheDeviceNeverHadHasNoFateToCount() {
        var device = fixture.registered();
        cancel(device, N);
        push(device, N);
        fixture.fates.expectNoMessage(QUIET);

        device = fixture.restart(device);
        push(device, N);
        fixture.fates.expectNoMessage(Duration.ofMillis(500));
    }

    @Test
    void aPushThatWaitsForItsReminderIsOvertakenByTheRecall() {
        var device = fixture.restart(fixture.registered());
        fixture.remindersAnswer = false;
        var sender = fixture.kit.<DeviceReply>createTestProbe();
        fixture.lastAsker.set(null);
        device.tell(pushOf(N, sender.getRef()));
        var writer = await().until(fixture.lastAsker::get, asker -> asker != null);

        assertNotFound(cancel(device, N));
        writer.tell(new Reminder(fixture.clock.instant(), 9));

        assertCalledOff(sender.receiveMessage());
        assertThat(accepted()).isEmpty();
    }

    @Test
    void whicheverIsFirstInTheMailboxTheNotificationIsNotDelivered() {
        var device = fixture.registered();
        var sender = fixture.kit.<DeviceReply>createTestProbe();
        for (int i = 0; i < 20; i++) {
            String id = String.format("n%025d", i);
            ActorRef<DeviceReply> to = sender.getRef();
            device.tell(i % 2 == 0 ? pushOf(id, to) : new CancelPush(id, to));
            device.tell(i % 2 == 0 ? new CancelPush(id, to) : pushOf(id, to));
            var first = sender.receiveMessage();
            var second = sender.receiveMessage();
            if (i % 2 == 0) {
                assertThat(first).isInstanceOf(PushAccepted.class);
                assertThat(((PushView) second).fate()).isEqualTo(Fate.CANCELLED);
            } else {
                assertNotFound(first);
                assertCalledOff(second);
            }
        }
        assertThat(fixture.folded().present().size()).isZero();
    }

    @Test
    void theMarkOutlivesADeletion() {
        var device = fixture.registered();
        fixture.ask(device, Delete::new);
        assertNotFound(cancel(device, N));
        fixture.ask(device, to -> new Register(Optional.of("alice"), Fixture.profile(), to));

        assertCalledOff(push(device, N));
    }

    @Test
    void theMarkIsRememberedAsLongAsCommandsAre() {
        var device = fixture.registered();
        cancel(device, N);
        fixture.clock.advance(AnsweredCommands.KEPT_FOR.minusSeconds(1));
        assertCalledOff(push(device, N));

        fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(push(device, N)).isInstanceOf(PushAccepted.class);
    }

    @Test
    void aPushToOneDeviceLeavesNoMarkForItsIdNamesTheDevice() {
        var device = fixture.registered();
        assertNotFound(cancel(device, "nabc~d1"));

        assertThat(marks()).isEmpty();
    }

    @Test
    void marksAreBoundedAndAFullMemoryRefusesThePushItself() {
        fixture.withLimits(limits -> new DeviceLimits(
                limits.maxOpenItems(),
                limits.maxOpenBytes(),
                2,
                limits.window(),
                limits.windowBytes(),
                limits.ackFlush(),
                limits.reminderTimeout(),
                limits.sessionReturn(),
                limits.passivateAfter(),
                limits.vendorLook()));
        var device = fixture.registered();
        for (int i = 0; i < 5; i++) {
            assertNotFound(cancel(device, String.format("n%025d", i)));
        }

        assertThat(marks()).hasSize(2);
        assertThat(push(device, String.format("n%025d", 4)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));
    }

    @Test
    void whatNobodyHadCannotBeOpened() {
        var device = fixture.registered();
        cancel(device, N);
        assertNotFound(fixture.ask(device, to -> new NoteOpened(1, N, to)));

        assertThat(fixture.folded().answered().find(N, fixture.clock.instant()).flatMap(Remembered::fate))
                .contains(Fate.CANCELLED);
    }

    @Test
    void aSnapshotKeepsTheMarkAndItIsNoReportToACompanion() {
        var at = Instant.parse("2026-01-01T00:00:00Z");
        var state = DeviceState.initial()
                .apply(new DeviceRegistered(at, Optional.of("alice"), 1, "s1", Fixture.profile()))
                .apply(new PushCalledOff(at, N));

        assertThat(state.answered().toMany()).isEmpty();
        assertThat(state.answered().find(N, at)).get().matches(Remembered::wasCalledOff);
        assertThat(DeviceState.fromSnapshot(state.toSnapshot())).isEqualTo(state);
        assertThat(state.answered().find(OTHER, at)).isEmpty();
    }

    private DeviceReply push(ActorRef<DeviceCommand> device, String id) {
        return fixture.ask(device, to -> pushOf(id, to));
    }

    private DeviceReply cancel(ActorRef<DeviceCommand> device, String id) {
        return fixture.ask(device, to -> new CancelPush(id, to));
    }

    private static AcceptPush pushOf(String id, ActorRef<DeviceReply> replyTo) {
        return new AcceptPush(
                id,
                Fixture.sealed("tenant", "hello"),
                "f-hello",
                5,
                3_600,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Target.WHOEVER),
                replyTo);
    }

    private static void assertNotFound(DeviceReply reply) {
        assertThat(reply).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refused.repeated()).isFalse();
        });
    }

    private static void assertCalledOff(DeviceReply reply) {
        assertThat(reply).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refused.detail()).isEqualTo("the notification was cancelled");
            assertThat(refused.repeated()).isTrue();
        });
    }

    private List<DeviceEvent> accepted() {
        return fixture.events().stream().filter(ItemAccepted.class::isInstance).toList();
    }

    private List<DeviceEvent> marks() {
        return fixture.events().stream().filter(PushCalledOff.class::isInstance).toList();
    }
}
