package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.registry.RegistryWriter;
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
                registry.write(DeviceRows.of(id, state.registration(), state.at(), version)),
                (done, failure) -> new DeviceMessage.RegistryWritten(version, failure == null, replyTo, reply));
    }

    void onWritten(DeviceMessage.RegistryWritten result) {
        if (result.version() == latest) {
            written = result.written();
        }
    }
}
