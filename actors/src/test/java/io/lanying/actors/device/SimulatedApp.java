package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The app behind one session: takes what it is handed and holds it against what the journal says. */
final class SimulatedApp {

    private final Oracle oracle;
    private final int stream;
    private final TestInbox<SessionMessage> inbox = TestInbox.create();
    private final TestInbox<DeviceCommand> device = TestInbox.create();
    private final Set<Long> cancelled;
    private final Set<Long> recalled = new HashSet<>();
    private long received;
    final String sessionId;
    final HandOut handOut;

    /** @param cancelled the events that accepted notifications of which the API has said that they were cancelled before anybody saw them */
    SimulatedApp(String sessionId, Oracle oracle, long ackedSeq, Set<Long> cancelled, DeviceLimits limits) {
        this.cancelled = cancelled;
        this.sessionId = sessionId;
        this.oracle = oracle;
        this.stream = oracle.stream();
        this.received = ackedSeq;
        this.handOut = new HandOut(device.getRef(), sessionId, inbox.getRef(), ackedSeq, limits, new HashMap<>());
    }

    long received() {
        return received;
    }

    /** Takes all that was handed out since; {@code limits} hold at every moment. */
    void take(long acked, DeviceLimits limits) {
        for (SessionMessage message : inbox.getAllReceived()) {
            assertThat(oracle.stream())
                    .as("nothing goes to a session of an earlier binding")
                    .isEqualTo(stream);
            if (message instanceof Deliver deliver) {
                assertThat(deliver.items()).isNotEmpty();
                deliver.items().forEach(this::take);
            } else if (message instanceof Gone gone) {
                take(gone);
            }
        }
        long unacknowledged = oracle.present().stream()
                .filter(item -> item.itemSeq > acked && item.itemSeq <= received)
                .count();
        long gone = oracle.present().stream()
                .filter(item -> item.itemSeq > acked && item.itemSeq <= received && !item.isOpen())
                .count();
        assertThat(unacknowledged - gone).isLessThanOrEqualTo(limits.window());
    }

    private void take(Item item) {
        assertThat(item.itemSeq()).as("items come in order, none left out").isEqualTo(received + 1);
        var known = oracle.present().get((int) item.itemSeq() - 1);
        assertThat(item.id()).isEqualTo(known.id);
        assertThat(item.kind()).isEqualTo(known.kind);
        assertThat(item.body()).isEqualTo(known.body);
        assertThat(item.message().isPresent())
                .as("what shows a message has it")
                .isEqualTo(item.kind() == ItemKind.MESSAGE || item.kind() == ItemKind.EDIT);
        assertThat(item.redeliveryOf().isEmpty()).isEqualTo(known.original);
        assertThat(known.fate).as("what has ended is not handed out").isEqualTo(Fate.PENDING);
        assertThat(known.body.isPresent() && cancelled.contains(known.acceptedBy))
                .as("%s was cancelled", item.id())
                .isFalse();
        assertThat(recalled.contains(known.acceptedBy))
                .as("%s was recalled", item.id())
                .isFalse();
        if (item.kind() == ItemKind.RECALL) {
            oracle.present().stream()
                    .filter(earlier -> earlier.itemSeq < item.itemSeq()
                            && earlier.id.equals(item.id())
                            && earlier.kind != ItemKind.RECALL
                            && earlier.kind != ItemKind.READ)
                    .reduce((first, second) -> second.original ? second : first)
                    .ifPresent(target -> recalled.add(target.acceptedBy));
        }
        received = item.itemSeq();
    }

    private void take(Gone gone) {
        assertThat(gone.fromSeq()).as("gone comes in order, none left out").isEqualTo(received + 1);
        for (long itemSeq = gone.fromSeq(); itemSeq <= gone.toSeq(); itemSeq++) {
            var known = oracle.present().get((int) itemSeq - 1);
            assertThat(known.fate).isEqualTo(gone.fate()).isNotEqualTo(Fate.PENDING);
        }
        received = gone.toSeq();
    }

    Optional<String> lastId() {
        return received == 0 ? Optional.empty() : Optional.of(oracle.present().get((int) received - 1).id);
    }
}
