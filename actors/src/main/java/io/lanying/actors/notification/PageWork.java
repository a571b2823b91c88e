package io.lanying.actors.notification;

import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.SendCounts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks the devices of one page, so many at a time, and counts their answers. Those that do not answer are kept for another
 * round. Mutable and confined to its entity's actor.
 */
final class PageWork {

    private final long number;
    private final int atOnce;
    private final Consumer<Addressee> ask;
    private final ArrayDeque<Addressee> waiting = new ArrayDeque<>();
    private final Map<String, Addressee> outstanding = new HashMap<>();
    private final List<Addressee> unanswered = new ArrayList<>();
    private final List<Addressee> settled = new ArrayList<>();
    private SendCounts counts = SendCounts.NONE;
    private int rounds;

    /**
     * @param number tells its answers from those of earlier work
     * @param ask asks a device, whose answer comes back to {@link #answered}
     */
    PageWork(long number, List<Addressee> devices, int atOnce, Consumer<Addressee> ask) {
        this.number = number;
        this.atOnce = atOnce;
        this.ask = ask;
        this.unanswered.addAll(devices);
    }

    long number() {
        return number;
    }

    /** Asks all that have not answered yet. */
    void begin() {
        rounds++;
        waiting.addAll(unanswered);
        unanswered.clear();
        askMore();
    }

    /** Asks nobody else; what is outstanding may still be answered. */
    void stop() {
        unanswered.addAll(waiting);
        waiting.clear();
    }

    void answered(String deviceId, Optional<DeviceReply> reply) {
        Addressee device = outstanding.remove(deviceId);
        if (device == null) {
            return;
        }
        var counted = reply.flatMap(PageWork::countOf);
        if (counted.isPresent()) {
            counts = counts.plus(counted.get());
            settled.add(device);
        } else {
            unanswered.add(device);
        }
        askMore();
    }

    /** Whether a round is over. */
    boolean isIdle() {
        return outstanding.isEmpty() && waiting.isEmpty();
    }

    int rounds() {
        return rounds;
    }

    SendCounts counts() {
        return counts;
    }

    List<Addressee> unanswered() {
        return List.copyOf(unanswered);
    }

    List<Addressee> settled() {
        return List.copyOf(settled);
    }

    private void askMore() {
        while (outstanding.size() < atOnce && !waiting.isEmpty()) {
            Addressee next = waiting.remove();
            outstanding.put(next.deviceId(), next);
            ask.accept(next);
        }
    }

    /** Empty: ask again. */
    private static Optional<SendCounts> countOf(DeviceReply reply) {
        if (reply instanceof PushAccepted || reply instanceof PushView) {
            return Optional.of(new SendCounts(1, 0, 0, 0));
        }
        if (reply instanceof DeviceReply.NotTargeted) {
            return Optional.of(new SendCounts(0, 1, 0, 0));
        }
        if (reply instanceof Refused refused) {
            return switch (refused.code()) {
                case UNAVAILABLE -> Optional.empty();
                case NOT_FOUND -> Optional.of(new SendCounts(0, 1, 0, 0));
                default -> Optional.of(new SendCounts(0, 0, 1, 0));
            };
        }
        return Optional.of(new SendCounts(0, 0, 1, 0)); // whatever it says, it has not taken it and never will
    }
}
