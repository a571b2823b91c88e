package io.lanying.actors.position;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.position.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a member's devices are to be told: up to where the person has read, or how far its messages have come.
 *
 * @param kind {@code READ} or {@code RECEIPT}
 * @param position what is known of the member when it is told
 */
record Errand(ItemKind kind, Position position) {

    /** Whose devices, and of what: one at a time. */
    record Key(int place, ItemKind kind) {}

    /** All that are open, by place. */
    static List<Errand> open(PositionsState state) {
        var all = new ArrayList<Errand>();
        for (Position each : state.owed()) {
            if (each.owes()) {
                all.add(new Errand(ItemKind.READ, each));
            }
            if (each.owesReceipt()) {
                all.add(new Errand(ItemKind.RECEIPT, each));
            }
        }
        return all;
    }

    Key key() {
        return new Key(position.place(), kind);
    }

    boolean isReceipt() {
        return kind == ItemKind.RECEIPT;
    }

    /** The device that need not be told; nobody but the person's devices knows a position before it is told. */
    Optional<String> exceptDevice() {
        return isReceipt() ? Optional.empty() : position.deviceId();
    }

    ConversationNews news(String conversationId) {
        return isReceipt()
                ? new ConversationNews(
                        conversationId, 0, List.of(Notice.of(position.receipt().orElseThrow())))
                : new ConversationNews(
                        conversationId,
                        0,
                        List.of(new Notice(
                                0, ItemKind.READ, position.readSeq(), position.readSeq(), 0, Alert.NONE, List.of())),
                        Optional.of(position.counts()));
    }
}
