package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.actors.token.TokenClaims;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.registry.RegistryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the device's registry row behind its journal, and its vendor tokens claimed. This incarnation knows that to be done
 * only once it has done it itself.
 */
final class DeviceRegistration {

    private final ActorContext<DeviceCommand> context;
    private final EntityId id;
    private final RegistryWriter registry;
    private final TokenClaims claims;
    private boolean written;
    private long latest;

    DeviceRegistration(ActorContext<DeviceCommand> context, EntityId id, DeviceEntity.Ports ports) {
        this.context = context;
        this.id = id;
        this.registry = ports.registry();
        this.claims = ports.claims();
    }

    /** Whether the row says what the journal says, as far as this incarnation knows. */
    boolean isWritten() {
        return written;
    }

    /** The journal is about to change what the row should say. */
    void changed() {
        written = false;
    }

    /** Writes the row, then claims the tokens; the outcome comes as {@link DeviceMessage.RegistryWritten}, and with it the answer to a caller. */
    void write(DeviceState state, Optional<ActorRef<DeviceReply>> replyTo, Optional<DeviceReply> reply) {
        long version = state.eventSeq();
        latest = version;
        context.pipeToSelf(
                registry.write(DeviceRows.of(id, state.registration(), state.at(), version))
                        .thenCompose(done -> lostOf(state)),
                (lost, failure) -> new DeviceMessage.RegistryWritten(
                        version, failure == null, lost == null ? List.of() : lost, replyTo, reply));
    }

    /** The tokens that other devices have claimed since. */
    private CompletionStage<List<VendorToken>> lostOf(DeviceState state) {
        CompletionStage<List<VendorToken>> result = CompletableFuture.completedFuture(List.of());
        var tokens = state.registration().map(known -> known.profile().tokens()).orElse(List.of());
        for (VendorToken token : tokens) {
            result = result.thenCombine(claims.claim(id, token), (lost, ours) -> ours ? lost : with(lost, token));
        }
        return result;
    }

    private static List<VendorToken> with(List<VendorToken> lost, VendorToken token) {
        var more = new ArrayList<>(lost);
        more.add(token);
        return more;
    }

    void onWritten(DeviceMessage.RegistryWritten result) {
        if (result.version() == latest) {
            written = result.written();
        }
    }
}
