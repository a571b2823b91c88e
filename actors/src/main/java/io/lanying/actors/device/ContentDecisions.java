package io.lanying.actors.device;

import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What a device decides about items whose messages were read, or could not be: an item that nobody can show must hold up no
 * other. Pure, but for what the session has, which comes in.
 *
 * @param handedOut up to where the session has everything
 * @param lacks whether the session has no message for an item
 */
record ContentDecisions(DeviceDecisions device, LongSupplier handedOut, Predicate<OpenItem> lacks) {

    /** The conversation said nothing: others pass its items. It spoke: its items come again, or end with their messages. */
    List<DeviceEvent> afterRead(DeviceMessage.ContentsRead read) {
        var reply = read.reply().orElse(null);
        var conversationId = read.asked().get(0).conversationId();
        if (reply instanceof ConversationReply.Messages messages) {
            int answered = Math.min(messages.messages().size(), read.asked().size());
            var empty = new HashSet<MessageRef>();
            var shown = new HashSet<MessageRef>();
            for (int i = 0; i < answered; i++) {
                (messages.messages().get(i).content().isEmpty() ? empty : shown)
                        .add(read.asked().get(i));
            }
            var events = new ArrayList<>(withoutMessage(Fate.RECALLED, Optional.empty(), showing(empty)));
            events.addAll(bringBack(device, showing(shown)));
            return events;
        }
        return reply instanceof ConversationReply.Refused
                ? withoutMessage(Fate.REFUSED, Optional.of("conversationGone"), of(conversationId))
                : setAside(conversationId);
    }

    /** The messages of the first conversation that has items set aside. */
    static List<MessageRef> firstSetAside(ItemStream stream, int limit) {
        var refs = stream.setAside().values().stream()
                .flatMap(item -> item.content().stream())
                .toList();
        return refs.stream()
                .filter(ref -> ref.conversationId().equals(refs.get(0).conversationId()))
                .limit(limit)
                .toList();
    }

    /** The event that puts items that were set aside into the stream again; none whose time is over. */
    static List<DeviceEvent> bringBack(DeviceDecisions device, Predicate<OpenItem> which) {
        var stream = device.state().present();
        var back = new ArrayList<BroughtBack>();
        stream.setAside().values().stream()
                .filter(item -> item.expiresAt().isAfter(device.now()) && which.test(item))
                .forEach(item ->
                        back.add(new BroughtBack(item.itemSeq(), item.withNumber(stream.lastSeq() + 1 + back.size()))));
        return back.isEmpty()
                ? List.of()
                : List.of(new ItemsBroughtBack(device.state().timeOf(device.now()), back));
    }

    /** From the first on that lacks its message: what is at hand of the same conversation does not pass it. */
    private List<DeviceEvent> setAside(String conversationId) {
        var itemSeqs = device.state().present().open().tailMap(handedOut.getAsLong(), false).values().stream()
                .filter(of(conversationId))
                .dropWhile(lacks.negate())
                .map(OpenItem::itemSeq)
                .toList();
        return itemSeqs.isEmpty()
                ? List.of()
                : List.of(new ItemsSetAside(device.state().timeOf(device.now()), itemSeqs));
    }

    private List<DeviceEvent> withoutMessage(Fate fate, Optional<String> reason, Predicate<OpenItem> which) {
        var stream = device.state().present();
        var itemSeqs = stream.unended()
                .filter(item -> item.itemSeq() > handedOut.getAsLong() || stream.isOutside(item.itemSeq()))
                .filter(which)
                .map(OpenItem::itemSeq)
                .sorted()
                .toList();
        return itemSeqs.isEmpty()
                ? List.of()
                : List.of(new ItemsEnded(device.state().timeOf(device.now()), fate, reason, itemSeqs));
    }

    /** The items that show a message of this conversation. */
    static Predicate<OpenItem> of(String conversationId) {
        return item -> item.content()
                .filter(ref -> ref.conversationId().equals(conversationId))
                .isPresent();
    }

    private static Predicate<OpenItem> showing(Set<MessageRef> refs) {
        return item -> item.content().filter(refs::contains).isPresent();
    }
}
