package io.lanying.channels.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.VendorOutcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All outcomes that came, by request. */
public final class Outcomes {

    private final Map<Long, List<VendorOutcome>> byRef = new ConcurrentHashMap<>();

    public Behavior<Outcome> collector() {
        return Behaviors.receiveMessage(outcome -> {
            byRef.computeIfAbsent(outcome.ref(), ref -> new CopyOnWriteArrayList<>())
                    .add(outcome.outcome());
            return Behaviors.same();
        });
    }

    public List<VendorOutcome> of(long ref) {
        return byRef.getOrDefault(ref, List.of());
    }
}
