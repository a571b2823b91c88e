package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The sends of a history, the attempts with one target and key taken together. */
final class Sends {

    /** An attempt, by the places of its start and its end in the history; no end: {@code Integer.MAX_VALUE}. */
    record Attempt(HistoryEvent.Invoked invoked, int from, int to, HistoryEvent outcome, boolean many) {}

    record CommandKey(Target to, String key) {}

    /** One command. */
    static final class Command {
        private final CommandKey key;
        private final List<Attempt> attempts = new ArrayList<>();

        Command(CommandKey key) {
            this.key = key;
        }

        CommandKey key() {
            return key;
        }

        List<Attempt> attempts() {
            return attempts;
        }

        List<HistoryEvent.Ok> oks() {
            return attempts.stream()
                    .map(Attempt::outcome)
                    .filter(HistoryEvent.Ok.class::isInstance)
                    .map(HistoryEvent.Ok.class::cast)
                    .toList();
        }

        boolean accepted() {
            return attempts.stream().anyMatch(attempt -> attempt.outcome() instanceof HistoryEvent.Ok);
        }

        /** Whether it went to an audience, this device being one of it. */
        boolean many() {
            return attempts.stream().anyMatch(Attempt::many);
        }

        /** Whether some attempt may have been carried out. */
        boolean possible() {
            return attempts.stream().anyMatch(attempt -> !(attempt.outcome() instanceof HistoryEvent.Refused));
        }

        /** The ids it was answered with; more than one is a fault. */
        Set<String> notificationIds() {
            Set<String> ids = new TreeSet<>();
            oks().forEach(ok -> ids.add(ok.notificationId()));
            return ids;
        }
    }

    private final Map<CommandKey, Command> commands = new LinkedHashMap<>();
    private final Map<Target, Map<String, Command>> byContent = new HashMap<>();

    private Sends() {}

    static Sends of(History history) {
        Sends sends = new Sends();
        Map<Long, HistoryEvent> outcomes = new HashMap<>();
        Map<Long, Integer> ends = new HashMap<>();
        List<HistoryEvent> events = history.events();
        for (int place = 0; place < events.size(); place++) {
            long op = opOfOutcome(events.get(place));
            if (op >= 0) {
                outcomes.put(op, events.get(place));
                ends.put(op, place);
            }
        }
        for (int place = 0; place < events.size(); place++) {
            List<HistoryEvent.Invoked> each = invoked(events.get(place));
            for (HistoryEvent.Invoked invoked : each) {
                HistoryEvent outcome =
                        outcomes.getOrDefault(invoked.op(), new HistoryEvent.Unknown(invoked.op(), "none"));
                int end = outcome instanceof HistoryEvent.Unknown
                        ? Integer.MAX_VALUE
                        : ends.getOrDefault(invoked.op(), Integer.MAX_VALUE);
                boolean many = events.get(place) instanceof HistoryEvent.InvokedMany;
                sends.put(new Attempt(invoked, place, end, outcome, many));
            }
        }
        return sends;
    }

    /** A notification to an audience is judged as one to each of its devices. */
    private static List<HistoryEvent.Invoked> invoked(HistoryEvent event) {
        if (event instanceof HistoryEvent.InvokedMany many) {
            return many.to().stream()
                    .map(device -> new HistoryEvent.Invoked(
                            many.op(), new Target(many.tenant(), device), many.key(), many.content()))
                    .toList();
        }
        return event instanceof HistoryEvent.Invoked one ? List.of(one) : List.of();
    }

    private static long opOfOutcome(HistoryEvent event) {
        if (event instanceof HistoryEvent.Ok ok) {
            return ok.op();
        }
        if (event instanceof HistoryEvent.Refused refused) {
            return refused.op();
        }
        return event instanceof HistoryEvent.Unknown unknown ? unknown.op() : -1;
    }

    private void put(Attempt attempt) {
        HistoryEvent.Invoked invoked = attempt.invoked();
        CommandKey key = new CommandKey(invoked.to(), invoked.key());
        Command command = commands.computeIfAbsent(key, Command::new);
        command.attempts.add(attempt);
        byContent.computeIfAbsent(invoked.to(), target -> new HashMap<>()).putIfAbsent(invoked.content(), command);
    }

    Collection<Command> commands() {
        return commands.values();
    }

    /** The command that sent this content to this device, if any did. */
    Optional<Command> sender(Target to, String content) {
        return Optional.ofNullable(byContent.getOrDefault(to, Map.of()).get(content));
    }
}
