package io.lanying.actors.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationCommand.Cancel;
import io.lanying.protocol.notification.NotificationCommand.Wake;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.notification.NotificationEvent.PageSent;
import io.lanying.protocol.notification.NotificationEvent.SendingExpired;
import io.lanying.protocol.notification.NotificationReply.Accepted;
import io.lanying.protocol.notification.NotificationReply.Refused;
import io.lanying.protocol.notification.NotificationStatus;
import io.lanying.protocol.notification.SendCounts;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A notification with its journal, its reminders, its audience and its devices. */
class NotificationEntityTest {

    private World world = new World();

    @AfterEach
    void stop() {
        world.close();
    }

    private void awaitStatus(ActorRef<NotificationCommand> notification, NotificationStatus status) {
        await(status.name()).until(() -> world.view(notification).status() == status);
    }

    @Test
    void everyDeviceOfEveryPageTakesItOnce() {
        world.with(7);
        var notification = world.spawn();

        assertThat(world.send(notification)).isEqualTo(new Accepted(false));
        awaitStatus(notification, NotificationStatus.SENT);

        assertThat(world.takenBy()).containsExactlyInAnyOrderElementsOf(world.registered);
        assertThat(world.asked).hasSize(7);
        assertThat(world.view(notification).counts()).isEqualTo(new SendCounts(7, 0, 0, 0));
        assertThat(world.events().stream().filter(PageResolved.class::isInstance))
                .hasSize(3);
        assertThat(world.events().get(0)).isInstanceOf(NotificationAccepted.class);
    }

    @Test
    void anAudienceOfNobodyIsSentAtOnce() {
        var notification = world.spawn();
        world.send(notification);
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.view(notification).counts()).isEqualTo(SendCounts.NONE);
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndOtherContentIsRefused() {
        world.with(2);
        var notification = world.spawn();
        world.send(notification);
        awaitStatus(notification, NotificationStatus.SENT);
        world.kit.stop(notification);
        var again = world.spawn();

        assertThat(world.send(again)).isEqualTo(new Accepted(true));
        assertThat(world.ask(again, replyTo -> World.accept("other", 3600, null, replyTo)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED));
        assertThat(world.asked).hasSize(2);
    }

    @Test
    void nothingIsTakenWithoutAReminder() {
        world.remindersAnswer = false;
        var notification = world.spawn();

        assertThat(world.send(notification)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(world.events()).isEmpty();
        assertThat(world.ask(notification, NotificationCommand.Get::new)).isInstanceOf(Refused.class);
        assertThat(world.ask(notification, Cancel::new)).isInstanceOf(Refused.class);
    }

    @Test
    void whatADeviceSaysIsCounted() {
        world.with(4);
        world.devices = (device, command) -> switch (device) {
            case "d00000" -> Optional.of(new DeviceReply.NotTargeted());
            case "d00001" -> Optional.of(new DeviceReply.Refused(ErrorCode.NOT_FOUND, "gone"));
            case "d00002" -> Optional.of(new DeviceReply.Refused(ErrorCode.TOO_MANY_REQUESTS, "full"));
            default -> world.take(device, command);
        };
        var notification = world.spawn();
        world.send(notification);
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.view(notification).counts()).isEqualTo(new SendCounts(1, 2, 1, 0));
    }

    @Test
    void aCrashInTheMiddleOfAPageRepeatsThatPageOnly() {
        world.with(8);
        world.devices =
                (device, command) -> device.compareTo("d00004") >= 0 ? Optional.empty() : world.take(device, command);
        var notification = world.spawn();
        world.send(notification);
        await().until(() -> world.askedTo("push").contains("d00004"));
        world.kit.stop(notification);
        int askedBefore = world.asked.size();

        // the registry has changed meanwhile: a page that was begun stays as it was
        world.registered.remove("d00003");
        world.registered.add("d00003x");
        world.devices = world::take;
        var again = world.spawn();
        awaitStatus(again, NotificationStatus.SENT);

        assertThat(world.takenBy())
                .containsExactlyInAnyOrder(
                        "d00000", "d00001", "d00002", "d00003", "d00004", "d00005", "d00006", "d00007");
        assertThat(new ArrayList<>(world.asked).subList(askedBefore, world.asked.size()))
                .doesNotContain("push d00000", "push d00001", "push d00002");
        assertThat(world.view(again).counts().accepted()).isEqualTo(8);
    }

    @Test
    void whoDoesNotAnswerIsLeftBehindAndAskedAgainLater() {
        world.with(7);
        var silent = ConcurrentHashMap.<String>newKeySet();
        silent.add("d00001");
        world.devices = (device, command) -> silent.contains(device) ? Optional.empty() : world.take(device, command);
        var notification = world.spawn();
        world.send(notification);
        await().until(() -> world.takenBy().size() == 6);
        assertThat(world.view(notification).status()).isEqualTo(NotificationStatus.SENDING);

        silent.clear();
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.takenBy()).hasSize(7).contains("d00001");
        assertThat(world.view(notification).counts()).isEqualTo(new SendCounts(7, 0, 0, 0));
    }

    @Test
    void whenTooManyDoNotAnswerItStaysWithThem() {
        world.with(9);
        var working = new java.util.concurrent.atomic.AtomicBoolean();
        world.devices = (device, command) -> working.get() ? world.take(device, command) : Optional.empty();
        var notification = world.spawn();
        world.send(notification);
        await().until(() -> world.asked.size() > 12);
        assertThat(world.askedTo("push")).doesNotContain("d00003");

        working.set(true);
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.takenBy()).hasSize(9);
    }

    @Test
    void whoNeverAnswersIsUnknownWhenItsTimeIsOver() {
        world.with(2);
        world.devices = (device, command) -> device.equals("d00001") ? Optional.empty() : world.take(device, command);
        var notification = world.spawn();
        world.send(notification);
        await().until(() -> world.events().stream().anyMatch(PageSent.class::isInstance));

        world.clock.advance(Duration.ofHours(2));
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.view(notification).counts()).isEqualTo(new SendCounts(1, 0, 0, 1));
        assertThat(world.events().stream().filter(SendingExpired.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aRegistryThatFailsIsAskedAgain() {
        world.with(2);
        world.registryFails = true;
        var notification = world.spawn();
        world.send(notification);
        world.registryFails = false;
        awaitStatus(notification, NotificationStatus.SENT);
        assertThat(world.takenBy()).hasSize(2);
    }

    @Test
    void itWaitsForItsTimeAndIsWokenByTheReminder() {
        world.with(2);
        var sendAt = world.clock.instant().plus(Duration.ofDays(2));
        var notification = world.spawn();
        world.ask(notification, replyTo -> World.accept("hello", 60, sendAt, replyTo));
        assertThat(world.view(notification).status()).isEqualTo(NotificationStatus.SCHEDULED);
        assertThat(world.view(notification).expiresAt()).isEqualTo(sendAt.plusSeconds(60));
        assertThat(world.reminderCommands)
                .singleElement()
                .isInstanceOfSatisfying(ReminderCommand.Remind.class, remind -> assertThat(remind.due())
                        .isEqualTo(sendAt));

        notification.tell(new Wake(7)); // too early: the clocks of nodes differ
        await().untilAsserted(() -> assertThat(world.reminderCommands)
                .contains(new ReminderCommand.Rearm(EntityKind.NOTIFICATION, World.ID, 7, sendAt)));
        assertThat(world.asked).isEmpty();

        world.clock.advance(Duration.ofDays(2));
        notification.tell(new Wake(8));
        awaitStatus(notification, NotificationStatus.SENT);
        notification.tell(new Wake(9));
        await().untilAsserted(() -> assertThat(world.reminderCommands)
                .contains(new ReminderCommand.Done(EntityKind.NOTIFICATION, World.ID, 9)));
    }

    @Test
    void cancelledBeforeItsTimeNobodyGetsIt() {
        world.with(2);
        var sendAt = world.clock.instant().plus(Duration.ofDays(2));
        var notification = world.spawn();
        world.ask(notification, replyTo -> World.accept("hello", 60, sendAt, replyTo));
        assertThat(world.ask(notification, Cancel::new)).isEqualTo(world.view(notification));
        assertThat(world.view(notification).status()).isEqualTo(NotificationStatus.CANCELLED);

        world.clock.advance(Duration.ofDays(2));
        notification.tell(new Wake(8));
        await().untilAsserted(() -> assertThat(world.reminderCommands)
                .contains(new ReminderCommand.Done(EntityKind.NOTIFICATION, World.ID, 8)));
        assertThat(world.asked).isEmpty();
    }

    @Test
    void cancelledWhileItIsSentTheRestIsSkippedAndTheOthersGiveItBack() {
        world.with(9);
        var hold = new CompletableFuture<Void>();
        var notification = world.spawn();
        world.devices = (device, command) -> {
            if (device.equals("d00003") && command instanceof AcceptPush) {
                hold.join();
            }
            return world.take(device, command);
        };
        world.send(notification);
        await().until(() -> world.askedTo("push").contains("d00003"));
        world.ask(notification, Cancel::new);
        assertThat(world.view(notification).status()).isEqualTo(NotificationStatus.RECALLING);
        assertThat(world.askedTo("cancel")).isEmpty(); // not before those that were asked have answered
        hold.complete(null);
        awaitStatus(notification, NotificationStatus.RECALLED);

        assertThat(world.askedTo("push")).doesNotContain("d00006", "d00007", "d00008");
        assertThat(world.askedTo("cancel")).containsAll(world.takenBy());
        assertThat(world.view(notification).counts().accepted())
                .isEqualTo(world.takenBy().size());
        var order = new ArrayList<>(world.asked);
        assertThat(order.indexOf("cancel d00003")).isGreaterThan(order.lastIndexOf("push d00003"));
    }

    @Test
    void aRecallGoesOnAfterACrash() {
        world.with(9);
        var notification = world.spawn();
        world.send(notification);
        awaitStatus(notification, NotificationStatus.SENT);
        world.devices =
                (device, command) -> device.compareTo("d00004") >= 0 ? Optional.empty() : world.take(device, command);
        world.ask(notification, Cancel::new);
        await().until(() -> world.askedTo("cancel").contains("d00004"));
        world.kit.stop(notification);
        world.devices = world::take;
        var again = world.spawn();
        awaitStatus(again, NotificationStatus.RECALLED);
        assertThat(world.askedTo("cancel")).containsAll(world.registered);
        assertThat(world.askedTo("cancel").stream().filter("d00000"::equals)).hasSize(1);
    }

    @Test
    void manyLargeAudiencesAskNoMoreDevicesAtOnceThanAllowed() {
        world.close();
        world = new World("push.notification { page-size = 500, running = 3, outstanding = 5 }").with(5_000);
        var notifications = new ArrayList<ActorRef<NotificationCommand>>();
        for (int i = 0; i < 6; i++) {
            notifications.add(world.spawn(new EntityId("acme", "n" + i)));
        }
        notifications.forEach(world::send);
        for (var notification : notifications) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> world.view(notification).status() == NotificationStatus.SENT);
            assertThat(world.view(notification).counts()).isEqualTo(new SendCounts(5_000, 0, 0, 0));
        }
        assertThat(world.asked).hasSize(6 * 5_000);
        assertThat(world.mostOutstanding.get()).isBetween(6, 15);
        assertThat(List.copyOf(world.taken.keySet())).hasSize(6);
    }

    @Test
    void aSmallAudienceDoesNotWaitForALargeOneToEnd() {
        world.close();
        world = new World("push.notification { page-size = 10, running = 1, outstanding = 1 }").with(1_000);
        var large = world.spawn(new EntityId("acme", "large"));
        world.send(large);
        await().until(() -> world.asked.size() > 20);
        world.registered.removeIf(device -> device.compareTo("d00990") < 0 && device.compareTo("d00005") > 0);
        var small = world.spawn(new EntityId("acme", "small"));
        world.send(small);
        await().until(() -> world.view(small).status() == NotificationStatus.SENT);
        assertThat(world.taken.get("small")).hasSize(16);
        assertThat(world.view(small).pages()).isEqualTo(2);
    }
}
