package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.actors.device.DeviceMessage.OwnerTold;
import io.lanying.actors.token.TokenClaims;
import io.lanying.actors.user.UserSettingsSource;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.registry.RegistryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the device's registry row behind its journal, its vendor tokens claimed, and its owner's settings known. This
 * incarnation knows that to be done only once it has done it itself.
 */
final class DeviceRegistration {

    private final ActorContext<DeviceCommand> context;
    private final EntityId id;
    private final RegistryWriter registry;
    private final TokenClaims claims;
    private final UserSettingsSource users;
    private boolean written;
    private long latest;

    DeviceRegistration(ActorContext<DeviceCommand> context, EntityId id, DeviceEntity.Ports ports) {
        this.context = context;
        this.id = id;
        this.registry = ports.registry();
        this.claims = ports.claims();
        this.users = ports.users();
    }

    /** Whether the row says what the journal says and the rest is done, as far as this incarnation knows. */
    boolean isWritten() {
        return written;
    }

    /** The journal is about to change what the row should say. */
    void changed() {
        written = false;
    }

    /** The device is about to be another user's, or nobody's: the one it has now need not tell it any more. */
    void leave(DeviceState state) {
        state.registration()
                .flatMap(Registration::userId)
                .ifPresent(userId -> users.leave(id, userId, state.binding()));
    }

    /**
     * Writes the row, then claims the tokens and asks for the owner's settings; the outcome comes as
     * {@link DeviceMessage.RegistryWritten}, and with it the answer to a caller, whom an owner out of reach does not keep
     * waiting for longer than that takes to show.
     */
    void write(DeviceState state, Optional<ActorRef<DeviceReply>> replyTo, Optional<DeviceReply> reply) {
        long version = state.eventSeq();
        latest = version;
        var owner = state.registration().flatMap(Registration::userId);
        CompletionStage<Optional<OwnerTold>> settings = owner.map(userId -> settingsOf(state, userId))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        context.pipeToSelf(
                registry.write(DeviceRows.of(id, state.registration(), state.at(), version))
                        .thenCompose(done -> lostOf(state))
                        .thenCombine(settings, Written::new),
                (done, failure) -> new DeviceMessage.RegistryWritten(
                        version,
                        done != null,
                        done != null && (owner.isEmpty() || done.settings().isPresent()),
                        done == null ? List.of() : done.lost(),
                        done == null ? Optional.empty() : done.settings(),
                        replyTo,
                        reply));
    }

    private record Written(List<VendorToken> lost, Optional<OwnerTold> settings) {}

    private CompletionStage<Optional<OwnerTold>> settingsOf(DeviceState state, String userId) {
        return users.join(id, userId, state.binding()).handle((settings, failure) -> Optional.ofNullable(settings)
                .map(known -> new OwnerTold(userId, state.binding(), known)));
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
            written = result.settled();
        }
    }
}
