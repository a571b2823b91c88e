package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import io.lanying.actors.position.PositionReporter;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.device.DeviceCommand.ReadUpTo;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.ItemKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells the node's collector up to where the owner has messages on this device, and has read them there. Journals nothing. */
final class Positions {

    private final EntityId device;
    private final ActorRef<PositionReporter.Message> reporter;

    Positions(EntityId device, ActorRef<PositionReporter.Message> reporter) {
        this.device = device;
        this.reporter = reporter;
    }

    /** @param state in which the items are still open that the app has acknowledged */
    void acknowledged(DeviceState state, long after, long upTo) {
        var owner = ownerOf(state);
        if (owner.isEmpty() || upTo <= after) {
            return;
        }
        Map<String, Long> delivered = new HashMap<>();
        for (OpenItem item :
                state.present().open().subMap(after, false, upTo, true).values()) {
            if (item.kind() == ItemKind.MESSAGE && item.redeliveryOf().isEmpty()) {
                MessageRef ref = item.ref().orElseThrow();
                delivered.merge(ref.conversationId(), ref.messageSeq(), Math::max);
            }
        }
        delivered.forEach((conversationId, messageSeq) ->
                say(conversationId, new PositionReport(owner.get(), 0, messageSeq, Optional.empty())));
    }

    /** What can be no position is left out. */
    void read(DeviceState state, ReadUpTo read) {
        var owner = ownerOf(state);
        if (owner.isPresent() && read.messageSeq() > 0 && EntityId.isValid(read.conversationId())) {
            say(read.conversationId(), new PositionReport(owner.get(), read.messageSeq(), 0, Optional.of(device.id())));
        }
    }

    private void say(String conversationId, PositionReport report) {
        reporter.tell(new PositionReporter.Say(new EntityId(device.tenant(), conversationId), report));
    }

    private static Optional<String> ownerOf(DeviceState state) {
        return state.registration().flatMap(known -> known.userId());
    }
}
