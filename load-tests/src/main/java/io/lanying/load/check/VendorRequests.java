package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.Shown;
import io.lanying.load.history.HistoryEvent.VendorAsked;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What vendors were asked, each request with the device that it was for. */
final class VendorRequests {

    /**
     * One request.
     *
     * @param command that sent the content to a device which the token was registered for; empty if there is none
     */
    record Request(VendorAsked asked, Optional<Sends.Command> command) {

        Optional<Target> holder() {
            return command.map(found -> found.key().to());
        }
    }

    private record Seen(Target at, String content) {}

    private final List<Request> all = new ArrayList<>();
    private final Map<Seen, List<VendorAsked>> byContent = new HashMap<>();

    private VendorRequests() {}

    static VendorRequests of(History history, Sends sends) {
        Map<String, List<HistoryEvent.TokenGiven>> given = new HashMap<>();
        history.all(HistoryEvent.TokenGiven.class)
                .forEach(each -> given.computeIfAbsent(each.token(), token -> new ArrayList<>())
                        .add(each));
        VendorRequests requests = new VendorRequests();
        history.all(VendorAsked.class).forEach(asked -> {
            Optional<Sends.Command> command = commandOf(asked, given.getOrDefault(asked.token(), List.of()), sends);
            requests.all.add(new Request(asked, command));
            command.ifPresent(found -> requests.byContent
                    .computeIfAbsent(new Seen(found.key().to(), asked.content()), seen -> new ArrayList<>())
                    .add(asked));
        });
        return requests;
    }

    /** The latest registration whose device was sent this; what went to a whole audience may be several devices'. */
    private static Optional<Sends.Command> commandOf(
            VendorAsked asked, List<HistoryEvent.TokenGiven> given, Sends sends) {
        return given.stream()
                .filter(each -> each.atMillis() <= asked.atMillis())
                .flatMap(each -> sends.sender(each.at(), asked.content()).stream())
                .reduce((earlier, later) -> later);
    }

    List<Request> all() {
        return all;
    }

    /** Whether the vendor took it and said so. */
    boolean isTaken(Target at, String content) {
        return asked(at, content).anyMatch(asked -> asked.shown() == Shown.TAKEN);
    }

    /** Whether the vendor may have shown it, whatever it said. */
    boolean mayBeSeen(Target at, String content) {
        return asked(at, content).anyMatch(VendorAsked::mayBeSeen);
    }

    private Stream<VendorAsked> asked(Target at, String content) {
        return byContent.getOrDefault(new Seen(at, content), List.of()).stream();
    }
}
