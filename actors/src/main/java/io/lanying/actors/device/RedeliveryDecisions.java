package io.lanying.actors.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.Redelivered;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a device decides about putting items of its stream into it again. Pure. */
record RedeliveryDecisions(DeviceDecisions device) {

    /** Decides about a redelivery before the journal is searched: an answer, or empty if the search is worth it. */
    Optional<DeviceReply> check(Redeliver command) {
        var before = device.state().answered().find(command.key(), device.now());
        if (before.isPresent()) {
            return Optional.of(device.repeated(before.get(), command.subject(), command.fingerprint()));
        }
        if (device.state().registration().isEmpty()) {
            return Optional.of(DeviceDecisions.notFound());
        }
        var recipient = device.recipient();
        if (!command.subject().equals(recipient)) {
            return Optional.of(new SealedForOther(recipient));
        }
        return device.state().answered().isFull(device.limits().maxRemembered(), device.now())
                ? Optional.of(new Refused(ErrorCode.TOO_MANY_REQUESTS, "too many commands to this device in 7 days"))
                : Optional.empty();
    }

    /**
     * Puts items into the stream again.
     *
     * @param items the items of this stream in the range asked for, oldest first, with their bodies' events
     */
    Decision redeliver(Redeliver command, List<OpenItem> items) {
        var answer = check(command);
        if (answer.isPresent()) {
            return Decision.answer(answer.get());
        }
        // the journal was searched before; what was called off meanwhile stays called off
        var found = items.stream().filter(item -> !isCalledOff(item)).toList();
        var at = device.state().timeOf(device.now());
        if (found.isEmpty()) {
            var code = ErrorCode.NOTHING_TO_REDELIVER;
            return new Decision(
                    List.of(new RequestRefused(at, command.key(), command.subject(), command.fingerprint(), code)),
                    DeviceDecisions.refusal(code, false));
        }
        var stream = device.state().present().acknowledge(device.acked());
        long bytes = found.stream().mapToLong(OpenItem::bytes).sum();
        if (stream.size() + found.size() > device.limits().maxOpenItems()
                || stream.openBytes() + bytes > device.limits().maxOpenBytes()) {
            return Decision.answer(new Refused(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "the device must acknowledge more of its backlog before that many fit"));
        }
        var again = new ArrayList<Redelivered>(found.size());
        for (OpenItem item : found) {
            long itemSeq = stream.lastSeq() + 1 + again.size();
            again.add(new Redelivered(
                    itemSeq,
                    item.itemSeq(),
                    item.id(),
                    item.kind(),
                    item.bodyAt(),
                    item.bytes(),
                    item.ref(),
                    item.receipt()));
        }
        var event = new ItemsRedelivered(
                at,
                command.key(),
                command.subject(),
                command.fingerprint(),
                again,
                at.plus(DeviceDecisions.DEFAULT_TTL),
                stream.ackedSeq());
        long first = again.get(0).itemSeq();
        return new Decision(List.of(event), new DeviceReply.Redelivered(first, first + again.size() - 1, false));
    }

    private boolean isCalledOff(OpenItem item) {
        return device.state()
                .present()
                .endOf(item.itemSeq())
                .or(() ->
                        device.state().answered().find(item.id(), device.now()).flatMap(Remembered::fate))
                .filter(fate -> fate == Fate.CANCELLED || fate == Fate.RECALLED || fate == Fate.SUPERSEDED)
                .isPresent();
    }
}
