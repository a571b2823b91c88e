package io.lanying.actors.device;

import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceReply;
import java.util.Optional;

/** Searches the device's journal for items to deliver again, one search at a time. */
final class Redeliveries {

    private final ActorContext<DeviceCommand> context;
    private final DeviceJournal journal;
    private boolean searching;

    Redeliveries(ActorContext<DeviceCommand> context, DeviceJournal journal) {
        this.context = context;
        this.journal = journal;
    }

    /** The answer to a redelivery while another one is being made. */
    Optional<DeviceReply> refusal() {
        return searching
                ? Optional.of(new DeviceReply.Refused(ErrorCode.TOO_MANY_REQUESTS, "another redelivery is being made"))
                : Optional.empty();
    }

    /** Searches; what was found comes as {@link DeviceMessage.RedeliveryFound}. */
    void search(DeviceState state, Redeliver command) {
        searching = true;
        var streamId = state.present().streamId();
        context.pipeToSelf(
                journal.items(command.fromItemSeq(), command.toItemSeq(), state.eventSeq()),
                (items, failure) -> new DeviceMessage.RedeliveryFound(command, streamId, Optional.ofNullable(items)));
    }

    /** The search has ended, or belonged to an earlier incarnation. */
    void ended() {
        searching = false;
    }
}
