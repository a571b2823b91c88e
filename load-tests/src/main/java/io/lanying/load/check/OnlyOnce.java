package io.lanying.load.check;

import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** I3: one key, one notification, one number; no number again after the app acknowledged it. */
final class OnlyOnce {

    private record InStream(Target at, String streamId, String text) {}

    private OnlyOnce() {}

    static void check(Sends sends, Sockets sockets, Violations violations) {
        for (Sends.Command command : sends.commands()) {
            if (command.notificationIds().size() > 1) {
                violations.add(
                        Invariant.I3, "%s was answered with %s".formatted(command.key(), command.notificationIds()));
            }
            long first = command.oks().stream().filter(ok -> !ok.replayed()).count();
            if (first > 1) {
                violations.add(Invariant.I3, "%s was accepted as new %d times".formatted(command.key(), first));
            }
        }
        checkIdsAreOfOneCommand(sends, violations);
        checkNumbers(sockets, violations);
        checkNothingAfterAck(sockets, violations);
    }

    private static void checkIdsAreOfOneCommand(Sends sends, Violations violations) {
        Map<String, Sends.Command> owners = new HashMap<>();
        for (Sends.Command command : sends.commands()) {
            for (String id : command.notificationIds()) {
                Sends.Command other = owners.putIfAbsent(id, command);
                if (other != null && !isSameAudience(other, command)) {
                    violations.add(Invariant.I3, "%s and %s both are %s".formatted(other.key(), command.key(), id));
                }
            }
        }
    }

    private static boolean isSameAudience(Sends.Command one, Sends.Command other) {
        return one.many()
                && other.many()
                && one.key().key().equals(other.key().key())
                && one.key().to().tenant().equals(other.key().to().tenant());
    }

    /** One content, whatever its attempts, has one number in one stream of one device. */
    private static void checkNumbers(Sockets sockets, Violations violations) {
        Map<InStream, Set<Long>> numbers = new HashMap<>();
        Map<Target, Map<String, String>> streamOfContent = new HashMap<>();
        for (Sockets.Socket socket : sockets.all()) {
            String streamId = socket.streamId();
            for (Sockets.Step step : socket.steps()) {
                if (step.event() instanceof HistoryEvent.Item item
                        && item.kind().equals("push")
                        && item.redeliveryOf().isEmpty()) {
                    Target at = socket.key().at();
                    numbers.computeIfAbsent(new InStream(at, streamId, item.content()), key -> new TreeSet<>())
                            .add(item.itemSeq());
                    String other = streamOfContent
                            .computeIfAbsent(at, key -> new HashMap<>())
                            .putIfAbsent(item.content(), streamId);
                    if (other != null && !other.equals(streamId)) {
                        violations.add(Invariant.I3, "%s: '%s' came in two streams".formatted(socket, item.content()));
                    }
                }
            }
        }
        numbers.forEach((key, found) -> {
            if (found.size() > 1) {
                violations.add(Invariant.I3, "%s: '%s' came as %s".formatted(key.at(), key.text(), found));
            }
        });
    }

    private static void checkNothingAfterAck(Sockets sockets, Violations violations) {
        Map<InStream, Long> acked = new HashMap<>();
        for (Sockets.Socket socket : sockets.all()) {
            InStream stream = new InStream(socket.key().at(), socket.streamId(), "");
            if (socket.hello().streamId().equals(stream.streamId())) {
                acked.merge(stream, socket.hello().ackedSeq(), Math::max);
            }
            Set<Long> here = new HashSet<>();
            for (Sockets.Step step : socket.steps()) {
                if (step.event() instanceof HistoryEvent.Acked ack) {
                    acked.merge(stream, ack.itemSeq(), Math::max);
                } else if (step.event() instanceof HistoryEvent.Item item) {
                    boolean repeated = !here.add(item.itemSeq());
                    if (item.itemSeq() <= acked.getOrDefault(stream, 0L)) {
                        violations.add(Invariant.I3, "%s: %d came after its ack".formatted(socket, item.itemSeq()));
                    } else if (repeated) {
                        violations.add(
                                Invariant.I3, "%s: %d came twice on one socket".formatted(socket, item.itemSeq()));
                    }
                }
            }
        }
    }
}
