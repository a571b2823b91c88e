package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** I4: each item was sent to this device by this tenant, under this id, and while this owner could have had the device. */
final class NothingInvented {

    /** An owner, from the place his binding was asked for to the place the next one's was answered. */
    private record Ownership(String owner, int from, int to) {}

    private final Violations violations;
    private final Sends sends;
    private final Map<Target, List<Ownership>> owners;

    private NothingInvented(Violations violations, Sends sends, Map<Target, List<Ownership>> owners) {
        this.violations = violations;
        this.sends = sends;
        this.owners = owners;
    }

    static void check(History history, Sends sends, Sockets sockets, Violations violations) {
        NothingInvented check = new NothingInvented(violations, sends, ownerships(history));
        for (Sockets.Socket socket : sockets.all()) {
            for (Sockets.Step step : socket.steps()) {
                if (step.event() instanceof HistoryEvent.Item item
                        && item.kind().equals("push")) {
                    check.judge(socket, step.place(), item);
                }
            }
        }
    }

    private void judge(Sockets.Socket socket, int place, HistoryEvent.Item item) {
        Optional<Sends.Command> sender = sends.sender(item.at(), item.content());
        if (sender.isEmpty()) {
            violations.add(Invariant.I4, "%s got '%s', which nobody sent there".formatted(socket, item.content()));
            return;
        }
        Sends.Command command = sender.get();
        if (command.attempts().stream().allMatch(attempt -> attempt.from() > place)) {
            violations.add(Invariant.I4, "%s got %s before it was sent".formatted(socket, item.id()));
        }
        if (!command.possible()) {
            violations.add(Invariant.I4, "%s got %s, which was refused".formatted(socket, command.key()));
        }
        Set<String> ids = command.notificationIds();
        if (!ids.isEmpty() && !ids.contains(item.notificationId().orElse(item.id()))) {
            violations.add(
                    Invariant.I4, "%s got %s as %s, answered as %s".formatted(socket, command.key(), item.id(), ids));
        }
        Set<String> possible = new HashSet<>();
        command.attempts().forEach(attempt -> possible.addAll(ownersDuring(item.at(), attempt)));
        if (!possible.isEmpty() && !possible.contains(socket.hello().owner())) {
            violations.add(
                    Invariant.I4,
                    "%s of owner '%s' got %s sent to %s"
                            .formatted(socket, socket.hello().owner(), item.id(), possible));
        }
    }

    private Set<String> ownersDuring(Target at, Sends.Attempt attempt) {
        Set<String> result = new HashSet<>();
        for (Ownership ownership : owners.getOrDefault(at, List.of())) {
            if (ownership.from() < attempt.to() && attempt.from() < ownership.to()) {
                result.add(ownership.owner());
            }
        }
        return result;
    }

    private static Map<Target, List<Ownership>> ownerships(History history) {
        Map<Target, List<Ownership>> result = new HashMap<>();
        List<HistoryEvent> events = history.events();
        for (int place = 0; place < events.size(); place++) {
            if (events.get(place) instanceof HistoryEvent.BindInvoked bind) {
                result.computeIfAbsent(bind.at(), at -> new ArrayList<>())
                        .add(new Ownership(bind.owner(), place, Integer.MAX_VALUE));
            } else if (events.get(place) instanceof HistoryEvent.Bound bound) {
                endOthers(result.getOrDefault(bound.at(), List.of()), bound.owner(), place);
            }
        }
        return result;
    }

    private static void endOthers(List<Ownership> ofDevice, String owner, int place) {
        for (int index = 0; index < ofDevice.size(); index++) {
            Ownership ownership = ofDevice.get(index);
            if (!ownership.owner().equals(owner) && ownership.to() == Integer.MAX_VALUE) {
                ofDevice.set(index, new Ownership(ownership.owner(), ownership.from(), place));
            }
        }
    }
}
