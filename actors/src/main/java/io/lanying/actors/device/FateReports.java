package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.actors.notification.FateReporter;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.DeviceFate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the companions of notifications to many what became of them on this device, and again until they have kept it.
 *
 * <p>Forgetful: each incarnation of a device tells everything it remembers of them once more, which costs a companion that
 * knows it no event. While something is untold the device's reminder stays, so that it is told though the node dies.
 */
final class FateReports {

    static final Duration REPEAT = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofMillis(200);

    private final ActorContext<DeviceCommand> context;
    private final TimerScheduler<DeviceCommand> timers;
    private final EntityId device;
    private final ActorRef<FateReporter.Message> reporter;
    private final Map<String, Fate> kept = new HashMap<>();
    private AnsweredCommands seen = AnsweredCommands.NONE;

    FateReports(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            EntityId device,
            ActorRef<FateReporter.Message> reporter) {
        this.context = context;
        this.timers = timers;
        this.device = device;
        this.reporter = reporter;
    }

    /** The device has recovered: what was told before may be untold. */
    void reset() {
        kept.clear();
        seen = AnsweredCommands.NONE;
    }

    /** Something happened: if it is news, it is told in a moment, with whatever follows until then. */
    @SuppressWarnings(
            "ReferenceEquality") // an unchanged memory is the same one; comparing thousands of commands costs too much
    void consider(DeviceState state) {
        if (seen != state.answered() && !state.answered().toMany().isEmpty()) {
            seen = state.answered();
            if (!timers.isTimerActive(DeviceMessage.ReportFates.class)) {
                timers.startSingleTimer(DeviceMessage.ReportFates.class, new DeviceMessage.ReportFates(), SOON);
            }
        }
    }

    /** Tells all that is not known to be kept. */
    void tell(DeviceState state) {
        kept.keySet().retainAll(state.answered().toMany());
        boolean told = false;
        for (String id : state.answered().toMany()) {
            Remembered push = state.answered().byKey().get(id);
            if (push != null && isUntold(push)) {
                told = true;
                Fate fate = push.fate().orElseThrow();
                var report = new DeviceFate(device.id(), fate, channelOf(state, push, fate), state.eventSeq());
                var self = context.getSelf();
                reporter.tell(new FateReporter.Report(
                        new EntityId(device.tenant(), id),
                        report,
                        () -> self.tell(new DeviceMessage.FateKept(id, fate))));
            }
        }
        if (told) {
            timers.startSingleTimer("repeat-fates", new DeviceMessage.ReportFates(), REPEAT);
        }
    }

    /** The companion has this one. */
    void kept(DeviceMessage.FateKept message) {
        kept.put(message.notificationId(), message.fate());
    }

    /** Whether everything is told. */
    boolean isDone(DeviceState state) {
        return state.answered().toMany().stream()
                .map(id -> state.answered().byKey().get(id))
                .noneMatch(push -> push != null && isUntold(push));
    }

    private boolean isUntold(Remembered push) {
        return push.fate()
                .filter(fate -> fate != Fate.PENDING && fate != kept.get(push.key()))
                .isPresent();
    }

    private static Optional<String> channelOf(DeviceState state, Remembered push, Fate fate) {
        return switch (fate) {
            case ACKNOWLEDGED, OPENED -> Optional.of(DeviceFate.SOCKET);
            case ACCEPTED_BY_VENDOR, CONFIRMED_BY_VENDOR ->
                state.stream()
                        .flatMap(
                                stream -> stream.vendorWork(push.firstItemSeq()).takenBy())
                        .map(ChannelId::channel)
                        .or(() -> Optional.of("vendor"));
            default -> Optional.empty();
        };
    }
}
