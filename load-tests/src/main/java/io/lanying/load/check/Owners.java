package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who could have had a device while a command was sent. */
final class Owners {

    /** An owner, from the place his binding was asked for to the place the next one's was answered. */
    private record Ownership(String owner, int from, int to) {}

    private final Map<Target, List<Ownership>> byDevice = new HashMap<>();

    private Owners() {}

    static Owners of(History history) {
        Owners owners = new Owners();
        List<HistoryEvent> events = history.events();
        for (int place = 0; place < events.size(); place++) {
            if (events.get(place) instanceof HistoryEvent.BindInvoked bind) {
                owners.byDevice
                        .computeIfAbsent(bind.at(), at -> new ArrayList<>())
                        .add(new Ownership(bind.owner(), place, Integer.MAX_VALUE));
            } else if (events.get(place) instanceof HistoryEvent.Bound bound) {
                endOthers(owners.byDevice.getOrDefault(bound.at(), List.of()), bound.owner(), place);
            }
        }
        return owners;
    }

    private static void endOthers(List<Ownership> ofDevice, String owner, int place) {
        for (int index = 0; index < ofDevice.size(); index++) {
            Ownership ownership = ofDevice.get(index);
            if (!ownership.owner().equals(owner) && ownership.to() == Integer.MAX_VALUE) {
                ofDevice.set(index, new Ownership(ownership.owner(), ownership.from(), place));
            }
        }
    }

    /** Whom the command could have been meant for; empty if nothing is known of the device's owners. */
    Set<String> possible(Sends.Command command) {
        Set<String> result = new HashSet<>();
        for (Sends.Attempt attempt : command.attempts()) {
            for (Ownership ownership : byDevice.getOrDefault(command.key().to(), List.of())) {
                if (ownership.from() < attempt.to() && attempt.from() < ownership.to()) {
                    result.add(ownership.owner());
                }
            }
        }
        return result;
    }
}
