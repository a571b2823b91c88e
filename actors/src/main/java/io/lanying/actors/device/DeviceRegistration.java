package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.RegistryWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the device's registry row behind its journal. This incarnation knows its row to be written only once it has written
 * it itself.
 */
final class DeviceRegistration {

    private final ActorContext<DeviceCommand> context;
    private final EntityId id;
    private final RegistryWriter registry;
    private boolean written;
    private long latest;

    DeviceRegistration(ActorContext<DeviceCommand> context, EntityId id, RegistryWriter registry) {
        this.context = context;
        this.id = id;
        this.registry = registry;
    }

    /** Whether the row says what the journal says, as far as this incarnation knows. */
    boolean isWritten() {
        return written;
    }

    /** The journal is about to change what the row should say. */
    void changed() {
        written = false;
    }

    /** Writes the row; the outcome comes as {@link DeviceMessage.RegistryWritten}, and with it the answer to a caller. */
    void write(DeviceState state, Optional<ActorRef<DeviceReply>> replyTo, Optional<DeviceReply> reply) {
        long version = state.eventSeq();
        latest = version;
        context.pipeToSelf(
                registry.write(row(state)),
                (done, failure) -> new DeviceMessage.RegistryWritten(version, failure == null, replyTo, reply));
    }

    void onWritten(DeviceMessage.RegistryWritten result) {
        if (result.version() == latest) {
            written = result.written();
        }
    }

    private DeviceRow row(DeviceState state) {
        return state.registration()
                .map(known -> new DeviceRow(
                        id.tenant(),
                        id.id(),
                        known.userId(),
                        known.profile().platform(),
                        known.profile().alias(),
                        known.profile().tags(),
                        known.profile().locale(),
                        known.profile().timezone(),
                        known.profile().appVersion(),
                        known.registeredAt(),
                        state.eventSeq(),
                        false))
                .orElseGet(() -> deletedRow(state.at(), state.eventSeq()));
    }

    private DeviceRow deletedRow(Instant at, long version) {
        return new DeviceRow(
                id.tenant(),
                id.id(),
                Optional.empty(),
                "none",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                at,
                version,
                true);
    }
}
