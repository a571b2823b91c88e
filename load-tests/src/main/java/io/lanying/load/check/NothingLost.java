package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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

    private final Map<Seen, String> fates = new HashMap<>();
    private final Set<Seen> seen = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final VendorRequests vendors;
    private final Violations violations;

    private NothingLost(History history, VendorRequests vendors, Violations violations) {
        this.vendors = vendors;
        this.violations = violations;
        history.all(HistoryEvent.FateRead.class)
                .forEach(read -> fates.put(new Seen(read.at(), read.notificationId()), read.fate()));
        history.all(HistoryEvent.Item.class).forEach(item -> seen.add(new Seen(item.at(), item.content())));
        history.all(HistoryEvent.CancelInvoked.class).forEach(cancel -> cancelled.add(cancel.notificationId()));
    }

    static void check(History history, Sends sends, Sockets sockets, VendorRequests vendors, Violations violations) {
        NothingLost check = new NothingLost(history, vendors, violations);
        for (Sends.Command command : sends.commands()) {
            command.notificationIds().forEach(id -> check.judge(command, id));
        }
        checkDrained(history, sockets, violations);
    }

    private void judge(Sends.Command command, String notificationId) {
        Target to = command.key().to();
        List<String> contents = command.attempts().stream()
                .map(attempt -> attempt.invoked().content())
                .toList();
        boolean bySocket = contents.stream().anyMatch(content -> seen.contains(new Seen(to, content)));
        boolean taken = contents.stream().anyMatch(content -> vendors.isTaken(to, content));
        boolean mayBeSeen = contents.stream().anyMatch(content -> vendors.mayBeSeen(to, content));
        String fate = fates.getOrDefault(new Seen(to, notificationId), "");
        boolean neverAsked = fate.equals("notTargeted") && command.many() && cancelled.contains(notificationId);
        boolean explained = ENDS_UNSEEN.contains(fate) || neverAsked;
        boolean seenByApp = ENDS_SEEN.contains(fate);
        // The vendor's answer was lost for good: its sender may not call it taken, nor send it again and again.
        boolean unclear = mayBeSeen && !taken && fate.equals("pending");
        if (!bySocket && !taken && !explained && !unclear) {
            lost("%s was accepted as %s, never arrived, fate '%s'", command, notificationId, fate);
        } else if ((bySocket || taken) && fate.equals("cancelled")) {
            lost("%s arrived as %s, but its fate is '%s'", command, notificationId, fate);
        } else if ((bySocket || taken) && !fate.isEmpty() && !explained && !seenByApp) {
            lost("%s arrived as %s, but its fate is '%s'", command, notificationId, fate);
        } else if (seenByApp && !bySocket) {
            lost("%s is known by no app as %s, but its fate is '%s'", command, notificationId, fate);
        } else if (fate.equals("acceptedByVendor") && !mayBeSeen) {
            lost("%s reached no vendor as %s, but its fate is '%s'", command, notificationId, fate);
        }
    }

    private void lost(String detail, Sends.Command command, String notificationId, String fate) {
        violations.add(Invariant.I1, detail.formatted(command.key(), notificationId, fate));
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
