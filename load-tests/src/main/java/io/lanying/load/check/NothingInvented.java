package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import java.util.Optional;
import java.util.Set;

/** I4: each item was sent to this device by this tenant, under this id, and while this owner could have had the device. */
final class NothingInvented {

    private final Violations violations;
    private final Sends sends;
    private final Owners owners;

    private NothingInvented(Violations violations, Sends sends, Owners owners) {
        this.violations = violations;
        this.sends = sends;
        this.owners = owners;
    }

    static void check(History history, Sends sends, Sockets sockets, Violations violations) {
        NothingInvented check = new NothingInvented(violations, sends, Owners.of(history));
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
        Set<String> possible = owners.possible(command);
        if (!possible.isEmpty() && !possible.contains(socket.hello().owner())) {
            violations.add(
                    Invariant.I4,
                    "%s of owner '%s' got %s sent to %s"
                            .formatted(socket, socket.hello().owner(), item.id(), possible));
        }
    }
}
