package io.lanying.actors.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AckItems;
import io.lanying.protocol.device.DeviceCommand.AppCall;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.NoteOpened;
import io.lanying.protocol.device.DeviceCommand.ReadInbox;
import io.lanying.protocol.device.DeviceCommand.SetAside;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceReply.Inbox;
import io.lanying.protocol.device.DeviceReply.Noted;
import io.lanying.protocol.device.DeviceReply.Position;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import java.util.ArrayList;
import java.util.List;

/** What a device answers to calls of the app on short connections, and which events it journals first. Pure. */
final class AppCalls {

    /** Who attached, in the journal, when the app read its inbox while no session was there. */
    static final String INBOX_SESSION = "inbox";

    private AppCalls() {}

    static Decision decide(DeviceDecisions device, AppCall call) {
        var state = device.state();
        if (state.registration().isEmpty() || call.binding() != state.binding()) {
            return Decision.answer(new Refused(ErrorCode.UNAUTHORIZED, "the token is of an earlier binding"));
        }
        if (call instanceof ReadInbox read) {
            return read(device, read);
        }
        if (call instanceof AckItems ack) {
            return acknowledge(device, ack);
        }
        if (call instanceof SetAside aside) {
            return setAside(device, aside);
        }
        return call instanceof BindTokens bind ? device.bindTokens(bind) : opened(device, (NoteOpened) call);
    }

    /**
     * What is read counts as seen: it is recalled, not cancelled, and may be acknowledged. An attached session has all exposed
     * already; otherwise the reader is a session for just this moment.
     */
    private static Decision read(DeviceDecisions device, ReadInbox read) {
        var events = new ArrayList<>(device.expire());
        events.addAll(ContentDecisions.bringBack(device, item -> true));
        var state = device.state();
        var at = state.timeOf(device.now());
        long acked = Math.max(device.acked(), state.present().ackedSeq());
        for (DeviceEvent event : events) {
            state = state.apply(event);
        }
        if (state.present().lastSeq() > state.present().exposedSeq()) {
            var seen = List.of(
                    new SessionAttached(at, INBOX_SESSION, acked),
                    new SessionDetached(at, INBOX_SESSION, "read", acked));
            for (DeviceEvent event : seen) {
                state = state.apply(event);
            }
            events.addAll(seen);
        }
        return new Decision(
                events,
                inboxOf(state.present().acknowledge(acked), read.afterSeq().orElse(acked), read, state.eventSeq()));
    }

    private static Inbox inboxOf(ItemStream stream, long afterSeq, ReadInbox read, long eventSeq) {
        var items = new ArrayList<OpenItem>();
        var gone = new ArrayList<GoneRange>();
        long bytes = 0;
        long next = Math.max(afterSeq, stream.ackedSeq()) + 1;
        while (next <= stream.lastSeq() && items.size() + gone.size() < read.limit()) {
            OpenItem item = stream.open().get(next);
            if (item == null) {
                GoneRange range = stream.gone().floorEntry(next).getValue();
                gone.add(new GoneRange(next, range.toSeq(), range.fate()));
                next = range.toSeq() + 1;
                continue;
            }
            bytes += item.bytes();
            if (bytes > read.maxBytes() && !items.isEmpty()) {
                break;
            }
            items.add(item);
            next++;
        }
        return new Inbox(stream.streamId(), stream.ackedSeq(), stream.lastSeq(), eventSeq, items, gone);
    }

    /** Journaled before it is answered: an app on a short connection does not state its position again. */
    private static Decision acknowledge(DeviceDecisions device, AckItems ack) {
        var stream = device.state().present();
        if (!stream.streamId().equals(ack.streamId())) {
            return Decision.answer(new Refused(ErrorCode.STREAM_CHANGED, "the device has another stream now"));
        }
        if (ack.itemSeq() > stream.exposedSeq()) {
            return Decision.answer(new Refused(ErrorCode.ACK_ABOVE_SENT, "no such item was handed out yet"));
        }
        long acked = Math.max(device.acked(), ack.itemSeq());
        return new Decision(
                acked > stream.ackedSeq()
                        ? List.of(new Acknowledged(device.state().timeOf(device.now()), acked))
                        : List.of(),
                new Position(stream.streamId(), Math.max(acked, stream.ackedSeq()), stream.lastSeq()));
    }

    /** What is acknowledged meanwhile, or has ended, stays as it is. */
    private static Decision setAside(DeviceDecisions device, SetAside aside) {
        var stream = device.state().present().acknowledge(device.acked());
        var itemSeqs = aside.itemSeqs().stream()
                .filter(itemSeq -> stream.open().containsKey(itemSeq)
                        && stream.open().get(itemSeq).content().isPresent())
                .toList();
        boolean nothing = itemSeqs.isEmpty() || device.state().attachment().isPresent();
        var at = device.state().timeOf(device.now());
        return new Decision(
                nothing ? List.of() : device.afterAck(List.of(new ItemsSetAside(at, itemSeqs))), new Noted());
    }

    private static Decision opened(DeviceDecisions device, NoteOpened opened) {
        var state = device.state();
        boolean known = state.answered()
                .find(opened.notificationId(), device.now())
                .filter(device::isOfThisBinding)
                .isPresent();
        if (!known) {
            return Decision.answer(new Refused(ErrorCode.NOT_FOUND, "no such notification"));
        }
        var events = device.isNewlyOpened(opened.notificationId())
                ? device.afterAck(List.of(new ItemOpened(state.timeOf(device.now()), opened.notificationId())))
                : List.<DeviceEvent>of();
        return new Decision(events, new Noted());
    }
}
