package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** I1: every accepted send was seen by its device, or ended in a recorded fate that says why it was not. */
final class NothingLost {

    /** Fates by which a device never sees an item. */
    private static final Set<String> ENDS_UNSEEN = Set.of(
            "acceptedByVendor",
            "confirmedByVendor",
            "expired",
            "superseded",
            "cancelled",
            "recalled",
            "rebound",
            "refused",
            "deviceGone");

    private static final Set<String> ENDS_SEEN = Set.of("acknowledged", "opened");

    private record Seen(Target at, String text) {}

    private NothingLost() {}

    static void check(History history, Sends sends, Sockets sockets, Violations violations) {
        Map<Seen, String> fates = new HashMap<>();
        history.all(HistoryEvent.FateRead.class)
                .forEach(read -> fates.put(new Seen(read.at(), read.notificationId()), read.fate()));
        Set<Seen> seen = new HashSet<>();
        history.all(HistoryEvent.Item.class).forEach(item -> seen.add(new Seen(item.at(), item.content())));
        for (Sends.Command command : sends.commands()) {
            for (String notificationId : command.notificationIds()) {
                boolean arrived = command.attempts().stream()
                        .anyMatch(attempt -> seen.contains(
                                new Seen(command.key().to(), attempt.invoked().content())));
                String fate = fates.getOrDefault(new Seen(command.key().to(), notificationId), "");
                judge(command, notificationId, arrived, fate, violations);
            }
        }
        checkDrained(history, sockets, violations);
    }

    private static void judge(
            Sends.Command command, String notificationId, boolean arrived, String fate, Violations violations) {
        boolean explained = ENDS_UNSEEN.contains(fate);
        boolean contradicted = !fate.isEmpty() && !explained && !ENDS_SEEN.contains(fate);
        if (!arrived && !explained) {
            violations.add(
                    Invariant.I1,
                    "%s was accepted as %s, never arrived, fate '%s'".formatted(command.key(), notificationId, fate));
        } else if (arrived && (contradicted || fate.equals("cancelled"))) {
            violations.add(
                    Invariant.I1,
                    "%s arrived as %s, but its fate is '%s'".formatted(command.key(), notificationId, fate));
        }
    }

    /** A drained device has by then seen, or been told the end of, every number of its stream. */
    private static void checkDrained(History history, Sockets sockets, Violations violations) {
        for (int place = 0; place < history.events().size(); place++) {
            if (history.events().get(place) instanceof HistoryEvent.Drained drained) {
                long reached = reached(drained, place, sockets);
                if (reached != drained.lastSeq()) {
                    violations.add(
                            Invariant.I1,
                            "%s was drained to %d of %d items of stream %s"
                                    .formatted(drained.at(), reached, drained.lastSeq(), drained.streamId()));
                }
            }
        }
    }

    private static long reached(HistoryEvent.Drained drained, int before, Sockets sockets) {
        return sockets.all().stream()
                .filter(socket -> socket.key().at().equals(drained.at()))
                .filter(socket -> socket.streamId().equals(drained.streamId()))
                .flatMap(socket -> socket.steps().stream())
                .filter(step -> step.place() < before)
                .mapToLong(step -> lastNumber(step.event()))
                .max()
                .orElse(0);
    }

    private static long lastNumber(HistoryEvent event) {
        if (event instanceof HistoryEvent.Item item) {
            return item.itemSeq();
        }
        return event instanceof HistoryEvent.Gone gone ? gone.toSeq() : 0;
    }
}
