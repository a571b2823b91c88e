package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this incarnation of a device knows of its stored reminder. Work is opened only when {@link #covers} says that the
 * device would be woken for it, whatever dies.
 */
final class ReminderHold {

    /** The writer commits in milliseconds; one that dropped the request under load is asked again. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final ActorRef<ReminderCommand> reminders;
    private final ActorRef<Reminder> answers;
    private final TimerScheduler<DeviceCommand> timers;
    private final EntityId device;
    private Optional<Instant> due = Optional.empty();
    private Optional<Instant> asked = Optional.empty();

    ReminderHold(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            ActorRef<ReminderCommand> reminders,
            EntityId device) {
        this.reminders = reminders;
        this.answers = context.messageAdapter(Reminder.class, DeviceMessage.ReminderStored::new);
        this.timers = timers;
        this.device = device;
    }

    /** Whether the device will be woken by then at the latest. */
    boolean covers(Instant work) {
        return due.isPresent() && !due.get().isAfter(work);
    }

    /** Asks to be woken by then; the answer comes as {@link DeviceMessage.ReminderStored}. */
    void ask(Instant work) {
        if (asked.isEmpty() || work.isBefore(asked.get())) {
            asked = Optional.of(work);
            send();
        }
    }

    void askAgain() {
        asked.ifPresent(work -> send());
    }

    void stored(Reminder reminder) {
        due = Optional.of(reminder.due());
        if (asked.isPresent() && covers(asked.get())) {
            asked = Optional.empty();
            timers.cancel(DeviceMessage.ReminderOverdue.class);
        }
    }

    /**
     * Settles a wake: look again at {@code next}, or never. While an answer is awaited the row is left alone, since it may
     * already be the one that was asked for; it then fires once more, needlessly.
     */
    void settle(long version, Optional<Instant> next) {
        if (asked.isPresent()) {
            return;
        }
        if (next.isPresent()) {
            reminders.tell(new ReminderCommand.Rearm(EntityKind.DEVICE, device, version, next.get()));
        } else {
            reminders.tell(new ReminderCommand.Done(EntityKind.DEVICE, device, version));
        }
        due = Optional.empty(); // another writer may have moved the row on: ask before relying on it again
    }

    private void send() {
        reminders.tell(new ReminderCommand.Remind(EntityKind.DEVICE, device, asked.orElseThrow(), answers));
        timers.startSingleTimer(DeviceMessage.ReminderOverdue.class, new DeviceMessage.ReminderOverdue(), ASK_AGAIN);
    }
}
