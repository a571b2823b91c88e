package io.lanying.http.device;

import akka.actor.typed.ActorRef;
import io.lanying.http.entity.DeviceEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks a device something that is sealed or fingerprinted under its recipient's key: with a guess first, again with the
 * subject that the device names, at most {@link #MAX_TRIES} times in all. Thread-safe.
 */
public final class SealedAsk {

    static final int MAX_TRIES = 3;

    private final DeviceEntities devices;
    private final Recipients recipients;
    private final Sealing sealing;

    public SealedAsk(DeviceEntities devices, Recipients recipients, Sealing sealing) {
        this.devices = devices;
        this.recipients = recipients;
        this.sealing = sealing;
    }

    /** Makes the command under a subject's key; called once for each try. */
    @FunctionalInterface
    public interface Command {
        DeviceCommand sealedBy(Sealer sealer, ActorRef<DeviceReply> replyTo);
    }

    /**
     * The device's answer, never {@link SealedForOther}; {@code Refused(NOT_FOUND)} if there is no such device. One that was
     * deleted is asked as well: it still knows the answers it gave.
     */
    public CompletionStage<DeviceReply> ask(EntityId device, Command command) {
        return recipients
                .subject(device)
                .thenCompose(subject -> subject.isPresent()
                        ? ask(device, command, subject.get(), 1)
                        : CompletableFuture.completedFuture(new Refused(ErrorCode.NOT_FOUND, "no such device")));
    }

    private CompletionStage<DeviceReply> ask(EntityId device, Command command, String subject, int tryNumber) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(device.tenant(), subject))
                .thenCompose(sealer -> devices.ask(device, replyTo -> command.sealedBy(sealer, replyTo)))
                .thenCompose(reply -> {
                    if (reply instanceof SealedForOther other) {
                        return again(device, command, other.subject(), tryNumber);
                    }
                    if (reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND) {
                        recipients.forget(device);
                    }
                    return CompletableFuture.completedFuture(reply);
                });
    }

    private CompletionStage<DeviceReply> again(EntityId device, Command command, String subject, int tryNumber) {
        recipients.learn(device, subject);
        return tryNumber < MAX_TRIES
                ? ask(device, command, subject, tryNumber + 1)
                : CompletableFuture.failedFuture(new Unavailable("the device keeps changing hands"));
    }
}
